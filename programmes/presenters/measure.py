"""The explanation of a measure as its template reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, padded
from programmes.measures.explained import Explanation
from programmes.measures.facts import HOME_AREA, GroupFact, World
from programmes.measures.figures import ObservedFact
from programmes.measures.observed import figure
from programmes.measures.registry import AREA, BREAKTHROUGHS, COMMUNES
from programmes.measures.values import Measure, MeasureValue, TargetValue
from programmes.measures.words import amount
from programmes.presenters.cards import own_provenance
from programmes.presenters.entries import FigureLine, figure_line
from programmes.presenters.gathered import GatheredView, gathered_view
from programmes.presenters.households import Counted, counted
from programmes.presenters.members import MemberRow, member_row, news, news_lines
from programmes.presenters.money_measure import MoneyView, money_view
from programmes.presenters.ocop_counted import CountedProducts, counted_products
from programmes.presenters.spark import Spark, spark_of
from programmes.presenters.targets import programme_name
from programmes.presenters.text import change_text, figure_text, poverty_standard_text, reason_text, target_text
from programmes.presenters.trend import TrendView, trend_view
from programmes.rules.progress import NEUTRAL
from programmes.services.typed import may_for


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
    money: MoneyView | None
    printed: tuple[FigureLine, ...]
    computed: bool
    breakthrough: str
    provenance: str
    programme: str
    conflict: tuple[FigureLine, ...]
    overdue: tuple[str, ...]
    gathered: GatheredView | None
    trend: TrendView | None
    plan_url: str
    plans_url: str
    enter_url: str


def page(found: Explanation, measure: Measure, world: World, scope: Scope) -> MeasurePage:
    """Arrange the explanation."""
    value = found.value
    change, change_kind = change_text(value.change, value.unit, value.direction)
    target, target_kind = target_text(value)
    big, of, unit = figure_text(value)
    computed = value.code.startswith("ntm.") or value.counted_on is not None or value.is_gathered
    return MeasurePage(
        code=value.code,
        label=str(value.label),
        value=value,
        big=big,
        of=of,
        unit=unit,
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
        money=money_view(found),
        printed=tuple(_printed(value, fact) for fact in (found.observations or _published(value))),
        computed=computed,
        breakthrough=str(BREAKTHROUGHS.get(found.breakthrough, "")),
        provenance=own_provenance(value),
        programme=programme_name(measure.programme) if measure.programme else "",
        conflict=tuple(figure_line(fact, value.unit, differs=True) for fact in value.conflict),
        overdue=tuple(_overdue(value, one) for one in value.overdue if one.year != _judged(value)),
        gathered=gathered_view(value),
        trend=trend_view(found, world),
        **_links(measure, world, scope),
    )


def _hidden(found: Explanation) -> str:
    """How many members the reader may not see."""
    n = found.hidden
    if not n:
        return ""
    if found.money is not None:
        text = ngettext(
            "%(n)s dòng vốn khác ngoài phạm vi của bạn không được liệt kê.",
            "%(n)s dòng vốn khác ngoài phạm vi của bạn không được liệt kê.",
            n,
        )
    elif found.value.ocop is not None:
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


def _judged(value: MeasureValue) -> int | None:
    """The year of the target that the chip tells of."""
    return value.target.year if value.target else None


def _overdue(value: MeasureValue, target: TargetValue) -> str:
    words = {"year": target.year, "value": amount(value.unit, target.value)}
    return _("Quá hạn chỉ tiêu %(year)s: %(value)s") % words


def _links(measure: Measure, world: World, scope: Scope) -> dict[str, str]:
    """Where to plan and to type, for whoever may; where the plans of the area stand."""
    unit = world.area.uid
    own = None if unit == HOME_AREA else world.area.id
    kind = AREA if unit == HOME_AREA else COMMUNES
    plans = may_for(scope, Permission.TARGETS_PLAN, None) and measure.direction != NEUTRAL
    types = may_for(scope, Permission.STATISTICS_ENTER, own) and kind in measure.typed_for
    asked = {"as_of": world.as_of, "measure": measure.code, "unit": unit, "group": world.group_asked or ""}
    return {
        "plan_url": link("target_new", **asked) if plans else "",
        "plans_url": link("targets", as_of=world.as_of, unit=unit if own else "", programme=measure.programme),
        "enter_url": link("statistic_new", as_of=world.as_of, measure=measure.code, unit=unit) if types else "",
    }


def _published(value: MeasureValue) -> tuple[ObservedFact, ...]:
    return (value.observed,) if value.observed else ()


def _dates(start: date | None, end: date | None) -> str:
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": date_vi(start), "end": date_vi(end)}
    if start:
        return _("từ %(start)s") % {"start": date_vi(start)}
    return _("đến %(end)s") % {"end": date_vi(end)} if end else ""


def _printed(value: MeasureValue, fact: ObservedFact) -> FigureLine:
    line = figure_line(fact, value.unit, differs=fact in value.conflict)
    if fact.numerator is not None and value.code.startswith("poverty."):
        line = replace(line, value=f"{padded(fact.numerator)}/{padded(fact.denominator)} · {_shown(value, fact)}")
    return replace(line, standard=poverty_standard_text(fact.poverty_standard), source_url=fact.source_url)


def _shown(value: MeasureValue, fact: ObservedFact) -> str:
    number = figure(fact)
    return amount(value.unit, number) if number is not None else ""
