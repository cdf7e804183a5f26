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

OCOP_HEADINGS = {
    "id": _("Số của sản phẩm"),
    "name": _("Sản phẩm"),
    "protected_name": _("Tên được bảo hộ"),
    "producer": _("Chủ thể"),
    "producer_form": _("Loại hình của chủ thể"),
    "units": _("Xã, phường (uid)"),
    "group": _("Mã nhóm sản phẩm"),
    "group_name": _("Nhóm sản phẩm"),
    "state": _("Tình trạng"),
    "stars": _("Số sao"),
    "event": _("Lần công nhận"),
    "potential_five_stars": _("Tiềm năng 5 sao"),
    "decision_number": _("Số quyết định"),
    "decided_on": _("Ngày quyết định"),
    "expires_on": _("Hết hiệu lực từ ngày"),
    "withdrawn_on": _("Ngày thu hồi"),
}

PROGRAMME_HEADINGS = {
    "short": _("Tên gọi ngắn"),
    "kind": _("Loại"),
    "components_total": _("Số thành phần"),
    "components_provenance": _("Mức tin cậy của danh mục thành phần"),
}

MONEY_HEADINGS = {
    "id": _("Số của dòng vốn"),
    "key": _("Nhóm"),
    "programme": _("Mã chương trình"),
    "component": _("Thành phần số"),
    "unit": _("Đơn vị (uid)"),
    "unit_name": _("Đơn vị"),
    "year": _("Năm"),
    "source": _("Mã nguồn vốn"),
    "shared_with": _("Dùng chung với"),
    "mobilised": _("Vốn huy động"),
    "mobilised_planned": _("Kế hoạch huy động (đồng)"),
    "planned": _("Kế hoạch giao (đồng)"),
    "carried_over": _("Kế hoạch năm trước kéo dài (đồng)"),
    "allocated": _("Đã phân bổ (đồng)"),
    "disbursed": _("Đã giải ngân (đồng)"),
    "rate": _("Tỷ lệ giải ngân (%)"),
    "shared": _("Trong đó dùng chung (đồng)"),
    "lines": _("Số dòng vốn"),
}
