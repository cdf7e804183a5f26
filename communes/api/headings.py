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

HOUSEHOLD_HEADINGS = {
    "id": _("Số của hộ"),
    "code": _("Mã hộ"),
    "unit": _("Xã, phường (uid)"),
    "village": _("Mã thôn, bản, khu"),
    "village_name": _("Thôn, bản, khu"),
    "area_type": _("Khu vực nông thôn, thành thị"),
    "address": _("Địa chỉ"),
    "head": _("Chủ hộ"),
    "size": _("Số nhân khẩu"),
    "began_as": _("Vào sổ do"),
    "ended_as": _("Ra khỏi sổ do"),
    "no_labour": _("Không có khả năng lao động"),
    "farming": _("Nông, lâm, ngư, diêm nghiệp"),
    "classes": _("Phân loại theo các chuẩn nghèo"),
    "illustrative": _("Dữ liệu minh họa"),
}

STATISTICS_HEADINGS = {
    "year": _("Năm"),
    "as_of": _("Ngày của số đếm"),
    "standard": _("Chuẩn nghèo"),
    "unit": _("Đơn vị (uid)"),
    "unit_name": _("Đơn vị"),
    "status": _("Loại hộ"),
    "households": _("Số hộ"),
    "suppressed": _("Không công bố"),
    "outdated_since": _("Chưa gồm thay đổi trong sổ hộ từ"),
}

FLOW_HEADINGS = {
    "standard": _("Chuẩn nghèo"),
    "opening": _("Đầu kỳ"),
    "closing": _("Cuối kỳ"),
    "unit": _("Đơn vị (uid)"),
    "unit_name": _("Đơn vị"),
    "before": _("Loại hộ đầu kỳ"),
    "after": _("Loại hộ cuối kỳ"),
    "households": _("Số hộ"),
    "suppressed": _("Không công bố"),
    "outdated_since": _("Chưa gồm thay đổi trong sổ hộ từ"),
}
