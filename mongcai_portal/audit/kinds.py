"""The vocabulary of events; a new kind is added here with its label."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened."""

    LOGIN = "login", _("đăng nhập")
    LOGIN_FAILED = "login.failed", _("đăng nhập không thành công")
    LOGIN_LOCKED = "login.locked", _("bị tạm khóa đăng nhập")
    LOGIN_UNLOCKED = "login.unlocked", _("mở khóa đăng nhập")
    LOGOUT = "logout", _("đăng xuất")
    SESSION_EXPIRED = "session.expired", _("hết phiên làm việc")
    SESSION_ENDED = "session.ended", _("kết thúc phiên làm việc từ xa")
    PASSWORD_CONFIRMED = "password.confirmed", _("xác nhận lại mật khẩu")

    USER_CREATED = "user.created", _("tạo người dùng")
    USER_CHANGED = "user.changed", _("sửa người dùng")
    USER_ACTIVATED = "user.activated", _("mở lại tài khoản")
    USER_DEACTIVATED = "user.deactivated", _("ngừng tài khoản")
    USER_LANGUAGE = "user.language", _("đổi ngôn ngữ")
    PASSWORD_SET = "password.set", _("đặt mật khẩu")
    PASSWORD_CHANGED = "password.changed", _("đổi mật khẩu")
    PASSWORD_RESET = "password.reset", _("đặt lại mật khẩu qua thư")
    PASSWORD_LINK_ASKED = "password.link_asked", _("xin đường dẫn đặt lại mật khẩu")
    PASSWORD_LINK_SENT = "password.link_sent", _("gửi đường dẫn đặt mật khẩu")
    ROLE_ASSIGNED = "role.assigned", _("giao vai trò")
    ROLE_DATED = "role.dated", _("đổi thời hạn vai trò")
    ROLE_REVOKED = "role.revoked", _("thôi giao vai trò")
    API_CLIENT_CREATED = "api_client.created", _("tạo kết nối phần mềm")
    API_CLIENT_ROTATED = "api_client.rotated", _("đổi mã bí mật của kết nối phần mềm")
    API_CLIENT_REVOKED = "api_client.revoked", _("thu hồi kết nối phần mềm")

    UNIT_CREATED = "unit.created", _("tạo đơn vị")
    UNIT_CHANGED = "unit.changed", _("sửa đơn vị")
    VILLAGE_ADDED = "village.added", _("thêm thôn, bản, khu")
    VILLAGE_CHANGED = "village.changed", _("sửa thôn, bản, khu")
    REFERENCE_LOADED = "reference.loaded", _("nạp dữ liệu danh mục")

    HOUSEHOLD_REGISTERED = "household.registered", _("ghi hộ vào sổ")
    HOUSEHOLD_CHANGED = "household.changed", _("sửa thông tin hộ")
    HOUSEHOLD_MOVED = "household.moved", _("chuyển chỗ ở của hộ")
    HOUSEHOLD_SPLIT = "household.split", _("tách hộ")
    HOUSEHOLD_MERGED = "household.merged", _("nhập hộ")
    HOUSEHOLD_ENDED = "household.ended", _("đưa hộ ra khỏi sổ")
    HOUSEHOLD_HEAD_CHANGED = "household.head_changed", _("đổi chủ hộ")
    HOUSEHOLD_CLASSIFIED = "household.classified", _("ghi kết quả phân loại hộ")
    MEMBER_ADDED = "member.added", _("thêm nhân khẩu")
    MEMBER_REMOVED = "member.removed", _("đưa nhân khẩu ra khỏi hộ")
    MEMBER_TRANSFERRED = "member.transferred", _("chuyển nhân khẩu sang hộ khác")
    PERSON_CORRECTED = "person.corrected", _("sửa thông tin nhân khẩu")
    HOUSEHOLD_VIEWED = "household.viewed", _("xem thông tin hộ")
    HOUSEHOLD_UNMASKED = "household.unmasked", _("xem số định danh của nhân khẩu")
    DATA_KEYS_ROTATED = "data_keys.rotated", _("đổi khóa mã hóa số định danh")

    CRITERIA_PUBLISHED = "criteria.published", _("ban hành bộ tiêu chí")

    PERIOD_OPENED = "period.opened", _("mở kỳ báo cáo")
    PERIOD_DEADLINE_MOVED = "period.deadline_moved", _("chuyển hạn nộp của kỳ")
    PERIOD_REMINDED = "period.reminded", _("nhắc nộp báo cáo của kỳ")
    REMINDER_DISMISSED = "reminder.dismissed", _("đã biết lời nhắc")
    REPORT_OPENED = "report.opened", _("mở báo cáo")
    REPORT_VALUES_SAVED = "report.values_saved", _("lưu số liệu")
    EVIDENCE_ATTACHED = "evidence.attached", _("đính kèm minh chứng")
    EVIDENCE_REMOVED = "evidence.removed", _("bỏ minh chứng")
    REPORT_SUBMITTED = "report.submitted", _("trình báo cáo")
    REPORT_VERIFIED = "report.verified", _("thẩm định số liệu")
    REPORT_JUDGED = "report.judged", _("đánh giá của phòng ban")
    REPORT_SENT_BACK = "report.sent_back", _("trả lại số liệu")
    REPORT_APPROVED = "report.approved", _("phê duyệt báo cáo")
    REPORT_REOPENED = "report.reopened", _("mở lại báo cáo")
    REPORT_COMMENTED = "report.commented", _("trao đổi về số liệu")
    REPORT_COMMENTS_SEEN = "report.comments_seen", _("đã đọc trao đổi về số liệu")
    REPORT_IMPORTED = "report.imported", _("nhập báo cáo từ hồ sơ")

    HISTORY_CHECKED = "history.checked", _("kiểm tra tệp số liệu các năm trước")
    HISTORY_IMPORTED = "history.imported", _("nhập số liệu các năm trước")
    HISTORY_DISCARDED = "history.discarded", _("bỏ tệp số liệu các năm trước")

    BACKUP_MADE = "backup.made", _("sao lưu dữ liệu")
    BACKUP_RESTORED = "backup.restored", _("phục hồi dữ liệu từ bản sao lưu")

    AUDIT_EXPORTED = "audit.exported", _("xuất nhật ký")

    JOB_ASKED = "job.asked", _("yêu cầu chạy công việc nền")
    JOB_CANCELLED = "job.cancelled", _("hủy công việc nền")
    JOB_RETRIED = "job.retried", _("cho chạy lại công việc nền")

    EVALUATION_DONE = "evaluation.done", _("tính kết quả đạt chuẩn")
    EVALUATION_FAILED = "evaluation.failed", _("tính kết quả không thành công")
    RECHECK_DONE = "recheck.done", _("đối chiếu lại kết quả")
    NORM_ENTERED = "norm.entered", _("nhập mức đạt chuẩn")
    RECOGNITION_ISSUED = "recognition.issued", _("ghi quyết định công nhận")
    RECOGNITION_WITHDRAWN = "recognition.withdrawn", _("ghi quyết định thu hồi")
    RECOGNITION_ANNULLED = "recognition.annulled", _("hủy bản ghi công nhận ghi sai")
