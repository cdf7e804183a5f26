"""Headings of the columns of measures."""

from django.utils.translation import gettext_lazy as _

HEADINGS = {
    "label": _("Con số"),
    "unit": _("Mã đơn vị tính"),
    "unit_label": _("Đơn vị tính"),
    "direction": _("Chiều mong muốn"),
    "as_of": _("Ngày xem"),
    "area": _("Địa bàn (uid)"),
    "group": _("Nhóm là mẫu số"),
    "numerator": _("Tử số"),
    "denominator": _("Mẫu số"),
    "baseline": _("Mốc ban đầu"),
    "baseline.as_of": _("ngày"),
    "baseline.value": _("giá trị"),
    "target": _("Mục tiêu"),
    "target.year": _("năm"),
    "target.value": _("giá trị"),
    "reason": _("Vì sao chưa có giá trị"),
    "change": _("Thay đổi"),
    "change.since": _("từ ngày"),
    "change.amount": _("mức"),
    "change.counts_units": _("đếm đơn vị"),
    "poverty_standard": _("Chuẩn nghèo"),
    "printed": _("Nguyên văn của nguồn"),
    "outdated_since": _("Chưa gồm số liệu duyệt từ"),
    "source_as_of": _("Ngày của nguồn"),
}

DOCUMENT_HEADINGS = {
    "id": _("Số"),
    "title": _("Trích yếu"),
    "area": _("Địa bàn (uid)"),
    "since": _("Từ ngày"),
    "until": _("Đến hết ngày"),
    "number": _("Số, ký hiệu"),
    "issued_on": _("Ngày ban hành"),
    "figures_taken_at": _("Số liệu lấy lúc"),
    "published_at": _("Phát hành lúc"),
    "published_by": _("Người phát hành"),
    "withdrawn_at": _("Thu hồi lúc"),
    "sha256": _("SHA-256 của tệp Word"),
    "file_url": _("Địa chỉ tệp Word"),
}
