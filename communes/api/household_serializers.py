"""How households and their people are written; identity numbers never, but for the one answer of `unmask/`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from communes.models import HouseholdSuccession, ReviewCause, ReviewRound, ReviewSupport
from communes.models.households import Began, Ended, Relation
from communes.models.persons import Allowance, BirthPrecision, Education, Nutrition, Schooling, Sex, Work
from communes.models.poverty import PovertyStatus, UndeterminedReason
from communes.models.survey_forms import AreaType
from communes.selectors.descriptions import StoredDescription, descriptions_of
from communes.selectors.households_of_day import HouseholdOfDay
from communes.services.households.reading import PURPOSE_AT_LEAST, PURPOSE_AT_MOST
from mongcai_portal.common.templatetags.portal import localname


def words(choices: Any, **more: Any) -> Any:
    """One word of a list, or empty when nothing is recorded."""
    return serializers.ChoiceField(choices, allow_blank=True, **more)


class HouseholdClassSerializer(serializers.Serializer[Any]):
    """What the household is under a standard, since when."""

    standard = serializers.CharField(source="standard.code")
    status = serializers.ChoiceField(PovertyStatus.choices)
    reason = words(UndeterminedReason.choices, help_text=_("Vì sao chưa xác định; rỗng khi đã xác định."))
    average_living = serializers.BooleanField(
        allow_null=True,
        help_text=_(
            "Hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình; null khi chuẩn không có mức này hoặc chưa ghi thu "
            "nhập, việc làm."
        ),
    )
    valid_from = serializers.DateField()
    effective_year = serializers.IntegerField()


class HouseholdSerializer(serializers.Serializer[HouseholdOfDay]):
    """A household on the day asked for."""

    id = serializers.IntegerField(source="household.pk")
    code = serializers.CharField(source="household.code")
    unit = serializers.CharField(
        source="place.unit_uid", default=None, allow_null=True, help_text=_("uid của xã, phường trong ngày xem.")
    )
    village = serializers.CharField(help_text=_("Mã thôn, bản, khu trong ngày xem."))
    village_name = serializers.CharField(source="place.name", default=None, allow_null=True)
    area_type = serializers.ChoiceField(
        AreaType.choices,
        source="place.area_type",
        default=None,
        allow_null=True,
        help_text=_("Theo loại đơn vị trong ngày xem; null khi không văn bản nào quy định."),
    )
    address = serializers.CharField()
    head = serializers.CharField(source="head.person.name", help_text=_("Họ và tên chủ hộ trong ngày xem."))
    size = serializers.SerializerMethodField(help_text=_("Số nhân khẩu trong ngày xem."))
    valid_from = serializers.DateField(source="household.valid_from")
    valid_to = serializers.DateField(source="household.valid_to", allow_null=True)
    began_as = serializers.ChoiceField(Began.choices, source="household.began_as")
    ended_as = words(Ended.choices, source="household.ended_as")
    no_labour = serializers.BooleanField(source="household.no_labour", allow_null=True)
    farming = serializers.BooleanField(source="household.farming", allow_null=True)
    classes = HouseholdClassSerializer(many=True)
    illustrative = serializers.BooleanField(source="household.illustrative")

    def get_size(self, one: HouseholdOfDay) -> int:
        return len(one.members)


class HouseholdMemberSerializer(serializers.Serializer[Any]):
    """A member on the day; what is known last of school, work and insurance."""

    person = serializers.IntegerField(source="person_id", help_text=_("Số của người này, giữ nguyên qua các hộ."))
    name = serializers.CharField(source="person.name")
    relation = serializers.ChoiceField(Relation.choices)
    valid_from = serializers.DateField()
    birth_date = serializers.DateField(source="person.birth_date", allow_null=True)
    birth_precision = serializers.ChoiceField(BirthPrecision.choices, source="person.birth_precision")
    sex = words(Sex.choices, source="person.sex")
    ethnicity = serializers.CharField(
        source="person.ethnicity", help_text=_("Mã dân tộc theo danh mục của Tổng cục Thống kê; rỗng khi chưa ghi.")
    )
    identity_number = serializers.CharField(
        source="person.identity_masked", help_text=_("Luôn che; rỗng khi chưa ghi. Số thật: POST unmask/.")
    )
    schooling = words(Schooling.choices, source="person.schooling")
    education = words(Education.choices, source="person.education")
    work = words(Work.choices, source="person.work")
    health_insurance = serializers.BooleanField(source="person.health_insurance", allow_null=True)
    allowance = words(Allowance.choices, source="person.allowance")
    meritorious = serializers.BooleanField(source="person.meritorious", allow_null=True)
    nutrition = words(Nutrition.choices, source="person.nutrition")


class LineageSerializer(serializers.Serializer[Any]):
    """That members of one household went on in another on a day."""

    code = serializers.SerializerMethodField(help_text=_("Mã hộ kia."))
    effective_on = serializers.DateField()
    kind = serializers.ChoiceField(HouseholdSuccession.Kind.choices)

    side = "predecessor"

    def get_code(self, row: HouseholdSuccession) -> str:
        return str(getattr(row, self.side).code)


class HouseholdAfterSerializer(LineageSerializer):
    side = "successor"


class HouseholdBeforeSerializer(LineageSerializer):
    side = "predecessor"


class CauseAnswerSerializer(serializers.Serializer[ReviewCause]):
    """What sheet C says of one cause of poverty; a cause that was not answered is not in the list."""

    code = serializers.CharField(source="cause.code", help_text=_("Mã nguyên nhân nghèo theo mẫu phiếu."))
    name = serializers.SerializerMethodField()
    applies = serializers.BooleanField()

    def get_name(self, row: ReviewCause) -> str:
        return localname(row.cause)


class SupportAnswerSerializer(serializers.Serializer[ReviewSupport]):
    """What sheet C says of one kind of support; null is not answered."""

    code = serializers.CharField(source="kind.code", help_text=_("Mã loại hỗ trợ theo mẫu phiếu."))
    name = serializers.SerializerMethodField()
    needed = serializers.BooleanField(allow_null=True)
    received = serializers.BooleanField(allow_null=True)

    def get_name(self, row: ReviewSupport) -> str:
        return localname(row.kind)


class HouseholdDescriptionSerializer(serializers.Serializer[StoredDescription]):
    """Sheet C of a household in a decided round."""

    kind = serializers.ChoiceField(ReviewRound.Kind.choices, source="review.round.kind")
    held_in = serializers.IntegerField(source="review.round.held_in", help_text=_("Năm tổ chức đợt rà soát."))
    month = serializers.IntegerField(source="review.round.month", allow_null=True)
    decision_number = serializers.CharField(source="review.round.decision.number")
    decided_on = serializers.DateField(source="review.round.decision.decided_on")
    surveyed_on = serializers.DateField(source="review.surveyed_on", allow_null=True)
    causes = CauseAnswerSerializer(many=True)
    supports = SupportAnswerSerializer(many=True)
    illustrative = serializers.BooleanField(source="review.round.illustrative")


class HouseholdDetailSerializer(HouseholdSerializer):
    """A household on the day, with its people."""

    members = HouseholdMemberSerializer(many=True)
    descriptions = serializers.SerializerMethodField(
        help_text=_("Phiếu C của các đợt rà soát đã có quyết định đến ngày xem, đợt mới nhất trước.")
    )
    predecessors = serializers.SerializerMethodField()
    successors = serializers.SerializerMethodField()

    @extend_schema_field(HouseholdDescriptionSerializer(many=True))
    def get_descriptions(self, one: HouseholdOfDay) -> Any:
        found = descriptions_of(one.household.pk, self.context["day"])
        return HouseholdDescriptionSerializer(found, many=True).data

    @extend_schema_field(HouseholdBeforeSerializer(many=True))
    def get_predecessors(self, one: HouseholdOfDay) -> Any:
        rows = one.household.precessions.select_related("predecessor").order_by("effective_on", "pk")
        return HouseholdBeforeSerializer(rows, many=True).data

    @extend_schema_field(HouseholdAfterSerializer(many=True))
    def get_successors(self, one: HouseholdOfDay) -> Any:
        rows = one.household.successions.select_related("successor").order_by("effective_on", "pk")
        return HouseholdAfterSerializer(rows, many=True).data


class UnmaskSerializer(serializers.Serializer[Any]):
    """What the numbers are read for, and whose when not everybody's."""

    purpose = serializers.CharField(
        max_length=PURPOSE_AT_MOST,
        help_text=_("Xem để làm gì, ít nhất %(n)s ký tự; ghi vào nhật ký.") % {"n": PURPOSE_AT_LEAST},
    )
    person = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class NumberSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField()
    identity_number = serializers.CharField()


class UnmaskedSerializer(serializers.Serializer[Any]):
    """The numbers, in this one answer; people without one are left out."""

    numbers = NumberSerializer(many=True)
