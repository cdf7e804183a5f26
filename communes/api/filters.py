"""Filters of units; all look at the day asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from communes.models import Unit, UnitGroup, UnitGroupMember, UnitKind, UnitVersion
from mongcai_portal.common.api.queries import day_asked
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.text import bare_unit_name, search_key


class KeyFilter(django_filters.ModelChoiceFilter):
    """A filter by an object's public key; a key that names nothing is a fault, not an empty list."""

    def __init__(self, queryset: Any, key: str = "code", **options: Any) -> None:
        message = _("Không có mã này trong phạm vi của tài khoản.")
        super().__init__(queryset=queryset, to_field_name=key, error_messages={"invalid_choice": message}, **options)


class UnitFilter(django_filters.FilterSet):
    """`kind`, `parent`, `group`, `code` (official) and `q` (name, with or without marks and `Xã`), of the day."""

    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label=_("Loại đơn vị."))
    parent = KeyFilter(
        Unit.objects.all(), "uid", field_name="parent", label=_("uid của đơn vị cấp trên trong ngày xem.")
    )
    group = KeyFilter(UnitGroup.objects.all(), method="in_group", label=_("Mã nhóm đơn vị; thành viên trong ngày xem."))
    code = django_filters.CharFilter(
        field_name="official_code", label=_("Mã hành chính trong ngày xem (mã có thể được dùng lại cho đơn vị khác).")
    )
    q = django_filters.CharFilter(method="named", label=_("Tìm theo tên, có dấu hay không dấu."))

    @extend_schema_field(OpenApiTypes.STR)
    def in_group(self, queryset: QuerySet[UnitVersion], name: str, group: UnitGroup) -> QuerySet[UnitVersion]:
        day = day_asked(self.request)
        rows = UnitGroupMember.objects.in_force(day).filter(in_force_q(day, "group__"), group=group)
        return queryset.filter(unit__in=rows.values("unit"))

    def named(self, queryset: QuerySet[UnitVersion], name: str, text: str) -> QuerySet[UnitVersion]:
        return queryset.filter(search_key__contains=search_key(bare_unit_name(text)))
