"""How units, groups and offices are written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from communes.models import UnitKind, UnitSuccession
from communes.scope import Scope
from communes.selectors.directory import UnitCard
from mongcai_portal.common.api.fields import LocalName
from mongcai_portal.common.models import Provenance


class OfficialCodeSerializer(serializers.Serializer[Any]):
    """An official code and when it was this unit's."""

    official_code = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class UnitVersionSerializer(OfficialCodeSerializer):
    """What a unit was called and was, while that held."""

    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.ChoiceField(UnitKind.choices)
    parent = serializers.CharField(source="parent.uid", default=None, allow_null=True)
    region = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class SuccessionSerializer(serializers.Serializer[Any]):
    """How one unit's territory passed to another."""

    effective_on = serializers.DateField()
    kind = serializers.ChoiceField(UnitSuccession.Kind.choices)
    legal_basis = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)


class PredecessorSerializer(SuccessionSerializer):
    unit = serializers.CharField()


class SuccessorSerializer(SuccessionSerializer):
    unit = serializers.CharField()


class ZoneSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField(help_text=_("Khu vực, ví dụ dac_biet_kho_khan, bien_gioi, hai_dao."))
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    provenance = serializers.ChoiceField(Provenance.choices)


class UnitSerializer(serializers.Serializer[UnitCard]):
    """A unit on the day asked for."""

    uid = serializers.CharField(
        source="unit.uid", help_text=_("Định danh của cổng, không bao giờ dùng lại cho đơn vị khác.")
    )
    name = LocalName(source="version")
    name_vi = serializers.CharField(source="version.name_vi")
    name_en = serializers.CharField(source="version.name_en")
    kind = serializers.ChoiceField(UnitKind.choices, source="version.kind")
    official_code = serializers.CharField(
        source="version.official_code",
        help_text=_("Mã hành chính trong ngày xem; các mã qua thời gian ở official_codes."),
    )
    official_codes = OfficialCodeSerializer(many=True, source="coded")
    parent = serializers.CharField(source="version.parent.uid", default=None, allow_null=True)
    region = serializers.CharField(source="version.region")
    zones = ZoneSerializer(many=True)
    groups = serializers.ListField(child=serializers.CharField(), help_text=_("Mã các nhóm có đơn vị trong ngày xem."))
    in_force = serializers.BooleanField(help_text=_("Đơn vị có tồn tại trong ngày xem hay không."))
    valid_from = serializers.DateField(source="exists_from", allow_null=True)
    valid_to = serializers.DateField(source="exists_to", allow_null=True)
    predecessors = PredecessorSerializer(many=True)
    successors = SuccessorSerializer(many=True)
    provenance = serializers.ChoiceField(Provenance.choices, source="version.provenance")


class UnitDetailSerializer(UnitSerializer):
    """A unit with all its versions."""

    versions = UnitVersionSerializer(many=True)


class GroupMemberSerializer(serializers.Serializer[Any]):
    unit = serializers.CharField(source="unit.uid")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class UnitGroupSerializer(serializers.Serializer[Any]):
    """A group on the day asked for; `members` are those that the caller sees."""

    code = serializers.CharField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()
    note = serializers.CharField()
    members_total = serializers.SerializerMethodField(help_text=_("Số thành viên trong ngày xem."))
    members = serializers.SerializerMethodField(help_text=_("Các thành viên trong phạm vi của tài khoản."))

    def get_members_total(self, group: Any) -> int:
        return len(group.members_on_day)

    @extend_schema_field(GroupMemberSerializer(many=True))
    def get_members(self, group: Any) -> Any:
        scope: Scope = self.context["view"].scope
        return GroupMemberSerializer([m for m in group.members_on_day if scope.sees_unit(m.unit_id)], many=True).data


class OfficeSerializer(serializers.Serializer[Any]):
    """A sector office."""

    code = serializers.CharField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
