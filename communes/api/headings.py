"""Headings of the columns of units, groups and offices."""

from django.utils.translation import gettext_lazy as _

HEADINGS = {
    "uid": _("Định danh (uid)"),
    "kind": _("Loại"),
    "official_code": _("Mã hành chính"),
    "official_codes": _("Các mã hành chính qua thời gian"),
    "parent": _("Cấp trên (uid)"),
    "region": _("Vùng"),
    "zones": _("Khu vực"),
    "groups": _("Nhóm"),
    "in_force": _("Đang tồn tại"),
    "predecessors": _("Hình thành từ"),
    "successors": _("Chuyển thành"),
    "members_total": _("Số thành viên"),
    "members": _("Thành viên"),
}
