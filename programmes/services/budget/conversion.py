"""What a working day and a square metre count as, from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.number_words import number_message
from mongcai_portal.common.numbers import NumberFault, parse_decimal
from programmes.models import ConversionRule, FundingSource
from programmes.rules.budget import converted
from programmes.rules.money import HIGHEST
from programmes.services.budget.guard import amount_of, may, text_of

MEASURES = (FundingSource.Measure.WORKDAY, FundingSource.Measure.SQUARE_METRE)


def set_conversion(
    *,
    by: Any,
    measure: str,
    dong: str | int | None,
    valid_from: date | None,
    basis: str = "",
    provenance: str | None = None,
) -> ConversionRule:
    """Enter what a working day or a square metre counts as from a day on; the rule before it ends on the day before.

    What was converted already stays as it was: each entry keeps its rule. With a text it rests on it is sourced.

    Raises:
        Forbidden; Invalid: `/measure` unknown; `/dong` as an amount, too_small; `/valid_from` required, not_after the
        last rule; `/basis` too_long. Stale: another window was first.
    """
    may(by)
    amount, faults = amount_of(dong, "/dong")
    if amount is not None and amount <= 0:
        faults.append(Fault("/dong", "too_small", _("Mức quy đổi phải lớn hơn 0.")))
    if measure not in MEASURES:
        faults.append(Fault("/measure", "unknown", _("Chọn ngày công hoặc m² đất.")))
    text, wrong = text_of(basis, "/basis", 300)
    faults += wrong
    last = ConversionRule.objects.filter(measure=measure).order_by("valid_from").last()
    if valid_from is None:
        faults.append(Fault("/valid_from", "required", _("Ghi ngày bắt đầu áp dụng.")))
    elif last is not None and last.valid_from is not None and valid_from <= last.valid_from:
        faults.append(Fault("/valid_from", "not_after", _("Đã có mức áp dụng từ ngày này hoặc sau đó.")))
    if faults or valid_from is None or amount is None:
        raise Invalid(faults)
    mark = provenance or (Provenance.SOURCED if text else Provenance.UNVERIFIED)
    try:
        with transaction.atomic():
            if last is not None:
                ConversionRule.objects.filter(pk=last.pk, valid_to=None).update(valid_to=valid_from - timedelta(days=1))
            rule: ConversionRule = ConversionRule.objects.create(
                measure=measure, dong=amount, valid_from=valid_from, basis=text, provenance=mark,
                entered_by=str(by) if by is not None else "", entered_at=timezone.now(),
            )  # fmt: skip
            record(
                kind=Kind.BUDGET_RULE_ENTERED, by=by, obj_type="conversion_rule", obj_id=rule.pk,
                label=f"{rule.get_measure_display()} · {valid_from.isoformat()}",
                value=amount, valid_from=valid_from, basis=text,
            )  # fmt: skip
    except IntegrityError:
        raise Stale(_("Mức quy đổi vừa được ghi ở cửa sổ khác.")) from None
    return rule


def rule_on(measure: str, day: date) -> ConversionRule | None:
    """Return the rule of a day; None when nobody entered one."""
    return ConversionRule.objects.in_force(day).filter(measure=measure).order_by("-valid_from").first()


def worth(
    value: str | Decimal | None, source: FundingSource, on: date | None, pointer: str = "/amount"
) -> tuple[int | None, Decimal | None, ConversionRule | None, list[Fault]]:
    """Return what so many working days or square metres count as on a day: đồng, quantity, rule, and what is wrong."""
    if value is None or (isinstance(value, str) and not value.strip()):
        message = _("Ghi số ngày công.") if source.measure == MEASURES[0] else _("Ghi diện tích (m²).")
        return None, None, None, [Fault(pointer, "required", message)]
    try:
        quantity = value if isinstance(value, Decimal) else parse_decimal(value, get_language() or "vi")
    except NumberFault as fault:
        return None, None, None, [Fault(pointer, fault.code, number_message(fault))]
    if quantity != round(quantity, 2):
        return None, None, None, [Fault(pointer, "too_exact", _("Nhiều nhất hai chữ số thập phân."))]
    rule = rule_on(source.measure, on) if on is not None else None
    if rule is None:
        if on is None:
            return None, None, None, []
        message = _("Chưa có mức quy đổi áp dụng vào ngày này: hãy ghi mức quy đổi trước.")
        return None, None, None, [Fault(pointer, "no_rule", message)]
    amount = converted(quantity, rule.dong)
    if abs(amount) > HIGHEST:
        return None, None, None, [Fault(pointer, "too_long", _("Số tiền quá lớn."))]
    return amount, quantity, rule, []
