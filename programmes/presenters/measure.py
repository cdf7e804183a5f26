"""The explanation of a measure as its template reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mongcai_portal.common.templatetags.portal import date_vi, padded, percent1
from programmes.measures.facts import GroupFact, ObservedFact
from programmes.measures.observed import figure
from programmes.measures.values import Explanation, MeasureValue
from programmes.presenters.cards import own_provenance
from programmes.presenters.households import Counted, counted
from programmes.presenters.members import MemberRow, member_row, news, news_lines
from programmes.presenters.ocop_counted import CountedProducts, counted_products
from programmes.presenters.spark import Spark, spark_of
from programmes.presenters.text import (
    amount,
    change_text,
    poverty_standard_text,
    reason_text,
    target_text,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that a source printed."""

    day: str
    value: str
    text: str
    standard: str
    source: str
    url: str
    provenance: str


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure and everything behind it."""

    code: str
    label: str
    value: MeasureValue
    big: str
    of: str
    unit: str
    reason: str
    rule: str
    group: GroupFact | None
    group_dates: str
    change: str
    change_kind: str
    baseline: str
    target: str
    target_kind: str
    spark: Spark | None
    members: tuple[MemberRow, ...]
    counted: int
    hidden: str
    news: str
    news_lines: tuple[str, ...]
    counted_parts: Counted | None
    products: CountedProducts | None
    printed: tuple[Printed, ...]
    computed: bool
    breakthrough: bool
    provenance: str


def page(found: Explanation) -> MeasurePage:
    """Arrange the explanation."""
    value = found.value
    change, change_kind = change_text(value.change, value.unit, value.direction)
    target, target_kind = target_text(value)
    known = value.value is not None
    computed = value.code.startswith("ntm.") or value.counted_on is not None
    big = ""
    if known:
        big = padded(value.numerator) if value.is_ratio else amount(value.unit, value.value)  # type: ignore[arg-type]
    return MeasurePage(
        code=value.code,
        label=str(value.label),
        value=value,
        big=big,
        of=padded(value.denominator) if known and value.is_ratio else "",
        unit=percent1(value.value) if value.is_ratio else "" if value.unit == "percent" else str(value.unit_label),
        reason=reason_text(value),
        rule=str(found.rule),
        group=found.group,
        group_dates=_dates(found.group.valid_from, found.group.valid_to) if found.group else "",
        change=change,
        change_kind=change_kind,
        baseline=f"{amount(value.unit, value.baseline.value)} ({date_vi(value.baseline.as_of)})"
        if value.baseline
        else "",
        target=target,
        target_kind=target_kind,
        spark=spark_of(value),
        members=tuple(member_row(found, one) for one in found.members),
        counted=sum(1 for one in found.members if one.counts),
        hidden=_hidden(found),
        news=news(found),
        news_lines=news_lines(found),
        counted_parts=counted(found),
        products=counted_products(found),
        printed=tuple(_printed(value, fact) for fact in (found.observations or _published(value))),
        computed=computed,
        breakthrough=found.breakthrough,
        provenance=own_provenance(value),
    )


def _hidden(found: Explanation) -> str:
    """How many members the reader may not see."""
    n = found.hidden
    if not n:
        return ""
    if found.value.ocop is not None:
        text = ngettext(
            "%(n)s sản phẩm khác ngoài phạm vi của bạn không được liệt kê.",
            "%(n)s sản phẩm khác ngoài phạm vi của bạn không được liệt kê.",
            n,
        )
    else:
        text = ngettext(
            "%(n)s xã khác ngoài phạm vi của bạn không được liệt kê.",
            "%(n)s xã khác ngoài phạm vi của bạn không được liệt kê.",
            n,
        )
    return text % {"n": n}


def _published(value: MeasureValue) -> tuple[ObservedFact, ...]:
    return (value.observed,) if value.observed else ()


def _dates(start: date | None, end: date | None) -> str:
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": date_vi(start), "end": date_vi(end)}
    if start:
        return _("từ %(start)s") % {"start": date_vi(start)}
    return _("đến %(end)s") % {"end": date_vi(end)} if end else ""


def _printed(value: MeasureValue, fact: ObservedFact) -> Printed:
    number = figure(fact)
    shown = amount(value.unit, number) if number is not None else ""
    if fact.numerator is not None:
        shown = f"{padded(fact.numerator)}/{padded(fact.denominator)} · {shown}"
    return Printed(
        day=date_vi(fact.as_of),
        value=shown,
        text=fact.printed_vi,
        standard=poverty_standard_text(fact.poverty_standard),
        source=fact.source_title,
        url=fact.source_url,
        provenance=fact.provenance,
    )
