"""Headings of columns that several resources have; each app adds those of its own."""

from django.utils.translation import gettext_lazy as _

HEADINGS = {
    "code": _("Mã"),
    "name": _("Tên"),
    "name_vi": _("Tên tiếng Việt"),
    "name_en": _("Tên tiếng Anh"),
    "valid_from": _("Hiệu lực từ"),
    "valid_to": _("Hiệu lực đến"),
    "provenance": _("Độ tin cậy của nguồn"),
    "source": _("Nguồn"),
    "note": _("Ghi chú"),
    "unit": _("Đơn vị (uid)"),
    "office": _("Phòng ban"),
    "period": _("Kỳ"),
    "level": _("Mức"),
    "level_name": _("Tên mức"),
    "phase": _("Giai đoạn"),
    "status": _("Trạng thái"),
    "value": _("Giá trị"),
    "illustrative": _("Số liệu minh họa"),
    "rests_on_unverified": _("Dựa trên mức chưa đối chiếu"),
    "rests_on_judgement": _("Dựa trên đánh giá của phòng ban"),
    "computed_at": _("Tính lúc"),
    "data_up_to": _("Số liệu đến"),
    "explanation_url": _("Địa chỉ giải thích"),
}
