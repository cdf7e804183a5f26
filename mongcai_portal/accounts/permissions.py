"""The one vocabulary of permissions. Code asks for a permission, never for a role."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """What may be done; the value is what `user.has_perm` and `accounts.decorators.require` take."""

    OVERVIEW_VIEW = "overview.view", _("xem trang tổng quan")
    REPORTS_VIEW = "reports.view", _("xem báo cáo số liệu")
    REPORTS_OPEN = "reports.open", _("mở báo cáo cho một kỳ")
    REPORTS_REMIND = "reports.remind", _("nhắc nộp báo cáo")
    REPORTS_EDIT = "reports.edit", _("nhập số liệu vào báo cáo")
    REPORTS_SUBMIT = "reports.submit", _("trình báo cáo")
    REPORTS_VERIFY = "reports.verify", _("thẩm định số liệu")
    REPORTS_SEND_BACK = "reports.send_back", _("trả lại số liệu")
    REPORTS_APPROVE = "reports.approve", _("phê duyệt báo cáo")
    REPORTS_REOPEN = "reports.reopen", _("mở lại báo cáo đã duyệt")
    REPORTS_COMMENT = "reports.comment", _("trao đổi về số liệu của báo cáo")
    REPORTS_IMPORT = "reports.import", _("nhập số liệu các năm trước")
    ATTAINMENT_VIEW = "attainment.view", _("xem kết quả đạt chuẩn")
    RECOGNITIONS_VIEW = "recognitions.view", _("xem quyết định công nhận")
    RECOGNITIONS_ISSUE = "recognitions.issue", _("ghi quyết định công nhận")
    CRITERIA_VIEW = "criteria.view", _("xem bộ tiêu chí")
    NORMS_ENTER = "norms.enter", _("nhập mức đạt chuẩn")
    CRITERIA_PUBLISH = "criteria.publish", _("ban hành bộ tiêu chí")
    UNITS_VIEW = "units.view", _("xem danh mục đơn vị")
    MEASURES_VIEW = "measures.view", _("xem các con số chủ yếu")
    DOCUMENTS_VIEW = "documents.view", _("đọc báo cáo giai đoạn")
    DOCUMENTS_EDIT = "documents.edit", _("soạn, phát hành báo cáo giai đoạn và mẫu văn bản")
    HOUSEHOLDS_VIEW = "households.view", _("xem sổ hộ")
    HOUSEHOLDS_EDIT = "households.edit", _("ghi sổ hộ")
    HOUSEHOLDS_REVIEW = "households.review", _("tổ chức rà soát hộ nghèo, cận nghèo")
    HOUSEHOLDS_DECIDE = "households.decide", _("ghi quyết định công nhận hộ nghèo, cận nghèo")
    WORKDAYS_EDIT = "workdays.edit", _("ghi ngày nghỉ, ngày làm bù")
    HOUSEHOLDS_IMPORT = "households.import", _("nhập sổ hộ từ tệp")
    HOUSEHOLDS_EXPORT = "households.export", _("xuất sổ hộ ra tệp")
    HOUSEHOLDS_UNMASK = "households.unmask", _("xem số định danh của nhân khẩu")
    USERS_MANAGE = "users.manage", _("quản lý người dùng")
    AUDIT_VIEW = "audit.view", _("xem nhật ký")
    JOBS_VIEW = "jobs.view", _("xem công việc chạy nền")
    JOBS_MANAGE = "jobs.manage", _("chạy, hủy, chạy lại công việc nền")
