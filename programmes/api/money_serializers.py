"""How programmes and money are written: amounts are whole đồng as integers, rates per cent as decimal strings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, LocalName, PlainDecimal, StrictSerializer
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import plain, round_half_up
from programmes.models import BudgetEntry, ConversionRule, Programme, ProgrammeStatement
from programmes.rules.budget import share

DONG = _("Đồng nguyên.")
OPENING_KINDS = [("planned", _("kế hoạch giao")), ("carried_over", _("vốn kéo dài"))]
RATE = _("Phần trăm đã giải ngân của kế hoạch và vốn kéo dài, làm tròn một chữ số; null khi không có kế hoạch.")


def rate_text(disbursed: int, available: int) -> str | None:
    found = share(disbursed, available)
    return None if found is None else plain(round_half_up(found))


class MarkedSerializer(serializers.Serializer[Any]):
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class ProgrammeComponentSerializer(MarkedSerializer):
    number = serializers.IntegerField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()


class ProgrammePhaseSerializer(MarkedSerializer):
    name = LocalName()
    first_year = serializers.IntegerField()
    last_year = serializers.IntegerField()


class LegalBasisSerializer(MarkedSerializer):
    text = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)


class ThematicProgrammeSerializer(MarkedSerializer):
    name = LocalName()
    decision = serializers.CharField()


class ProgrammeStatementSerializer(MarkedSerializer):
    kind = serializers.ChoiceField(ProgrammeStatement.Kind.choices)
    key = serializers.CharField()
    text = LocalName("text")


class ProgrammeStepSerializer(MarkedSerializer):
    programme = serializers.CharField(help_text=_("Mã của chương trình kia."))
    effective_on = serializers.DateField()
    legal_basis = serializers.CharField()


class ProgrammeSerializer(serializers.Serializer[Programme]):
    """A programme, or a resolution that spends through several."""

    code = serializers.CharField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    short = LocalName("short", help_text=_("Tên gọi ngắn trong ngôn ngữ được yêu cầu."))
    kind = serializers.ChoiceField(Programme.Kind.choices)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    components_total = serializers.SerializerMethodField(help_text=_("Số nội dung thành phần, dự án."))
    components_provenance = serializers.ChoiceField(Provenance.choices)
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()

    def get_components_total(self, programme: Programme) -> int:
        return len(programme.components.all())


class ProgrammeDetailSerializer(ProgrammeSerializer):
    """A programme with what it rests on."""

    agency = LocalName("agency", help_text=_("Cơ quan thường trực."))
    note = LocalName("note", help_text=_("Ghi chú."))
    components = ProgrammeComponentSerializer(many=True, source="components.all")
    phases = ProgrammePhaseSerializer(many=True, source="phases.all")
    legal = LegalBasisSerializer(many=True, source="legal.all")
    common_legal = LegalBasisSerializer(many=True, help_text=_("Căn cứ chung của các chương trình."))
    thematic = ThematicProgrammeSerializer(many=True, source="thematic.all")
    statements = ProgrammeStatementSerializer(many=True, source="statements.all")
    predecessors = ProgrammeStepSerializer(many=True, source="steps_before")
    successors = ProgrammeStepSerializer(many=True, source="steps_after")


class BudgetLineSerializer(serializers.Serializer[Any]):
    """A line of money with its amounts of the day asked for."""

    id = serializers.IntegerField(source="line.pk")
    programme = serializers.CharField(source="line.programme.code")
    component = serializers.IntegerField(source="line.component.number", default=None, allow_null=True)
    unit = serializers.CharField(source="line.unit.uid", help_text=_("uid của đơn vị."))
    unit_name = LocalName(source="unit", help_text=_("Tên đơn vị."))
    year = serializers.IntegerField(source="line.year")
    source = serializers.CharField(source="line.source.code", help_text=_("Mã nguồn vốn."))
    shared_with = serializers.SerializerMethodField(
        help_text=_("Các chương trình khác mà khoản này phục vụ; cộng các dòng không tính trùng.")
    )
    mobilised = serializers.BooleanField(
        source="line.mobilised", help_text=_("Vốn huy động: không phân bổ, giải ngân là số đã huy động.")
    )
    planned = serializers.IntegerField(help_text=DONG)
    carried_over = serializers.IntegerField(help_text=_("Kế hoạch năm trước kéo dài, đồng nguyên."))
    allocated = serializers.IntegerField(help_text=DONG)
    disbursed = serializers.IntegerField(help_text=DONG)
    rate = Computed(number=True, help_text=RATE)
    provenance = serializers.ChoiceField(Provenance.choices)

    def get_shared_with(self, card: Any) -> list[str]:
        return [one.code for one in card.serves]

    def get_rate(self, card: Any) -> str | None:
        return rate_text(card.disbursed, card.planned + card.carried_over)


class ConversionRuleSerializer(serializers.Serializer[ConversionRule]):
    """What a working day or a square metre counted as."""

    dong = serializers.IntegerField(help_text=_("Đồng của một ngày công hoặc một m²."))
    valid_from = serializers.DateField()
    basis = serializers.CharField(help_text=_("Căn cứ của mức quy đổi; trống khi chưa nêu."))
    provenance = serializers.ChoiceField(Provenance.choices)


class BudgetEntrySerializer(serializers.Serializer[BudgetEntry]):
    """One movement of a line."""

    kind = serializers.ChoiceField(BudgetEntry.Kind.choices)
    amount = serializers.IntegerField(help_text=DONG)
    quantity = PlainDecimal(help_text=_("Số ngày công hoặc m², với nguồn góp bằng công, bằng đất."))
    rule = ConversionRuleSerializer(allow_null=True, help_text=_("Mức đã quy đổi; null khi tính thẳng bằng đồng."))
    on = serializers.DateField()
    document = serializers.CharField()
    reason = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    at = serializers.DateTimeField()


class BudgetLineDetailSerializer(BudgetLineSerializer):
    """A line with everything that moved it."""

    entries = BudgetEntrySerializer(many=True)


class BudgetTotalSerializer(serializers.Serializer[Any]):
    """What lines add up to; an amount that serves several programmes counts once."""

    key = serializers.CharField(help_text=_("Khóa của nhóm; “total” là tổng, mỗi khoản một lần."))
    planned = serializers.IntegerField(help_text=DONG)
    carried_over = serializers.IntegerField(help_text=DONG)
    allocated = serializers.IntegerField(help_text=DONG)
    disbursed = serializers.IntegerField(help_text=DONG)
    rate = Computed(number=True, help_text=RATE)
    mobilised_planned = serializers.IntegerField(help_text=DONG)
    mobilised = serializers.IntegerField(help_text=DONG)
    shared = serializers.IntegerField(help_text=_("Trong đó dùng chung cho nhiều chương trình, đồng nguyên."))
    lines = serializers.IntegerField(help_text=_("Số dòng vốn."))
    provenance = serializers.SerializerMethodField()

    def get_rate(self, row: Any) -> str | None:
        return rate_text(row.disbursed, row.planned + row.carried_over)

    def get_provenance(self, row: Any) -> str:
        return str(row.provenance)


class BudgetMoveSerializer(StrictSerializer):
    """One movement to be entered."""

    amount = serializers.CharField(
        help_text=_("Đồng nguyên, dạng chữ số; số âm là ghi giảm. Với ngày công, đất: số ngày công hoặc m².")
    )
    on = serializers.DateField()
    document = serializers.CharField(required=False, allow_blank=True, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class NewBudgetLineSerializer(BudgetMoveSerializer):
    """A line to be entered with what is planned of it, or what was carried over into its year."""

    programme = serializers.CharField()
    component = serializers.IntegerField(required=False, allow_null=True, default=None)
    unit = serializers.CharField(help_text=_("uid của đơn vị."))
    year = serializers.IntegerField()
    source = serializers.CharField(help_text=_("Mã nguồn vốn."))
    shared_with = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    kind = serializers.ChoiceField(OPENING_KINDS, required=False, default="planned")
