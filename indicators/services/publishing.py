"""Publishing a criteria set (ban hành): from then on reports of its years ask for its elements and are judged by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from indicators.models import CriteriaSet, Criterion, Indicator, IndicatorVersion, Norm
from indicators.services.guard import require
from indicators.services.taking_effect import take_effect
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale

PUBLISHED = CriteriaSet.Status.PUBLISHED


def publish_set(*, by: Any, code: str) -> CriteriaSet:
    """Publish a draft; approved reports of its years are evaluated anew, others are asked for what it adds.

    Raises:
        Forbidden; CriteriaSet.DoesNotExist; Stale: it is published already; Invalid: it is not whole (every fault is
        named by `/<set>/<place>`), and it stays a draft.
    """
    require(scope_of(by), Permission.CRITERIA_PUBLISH)
    one = CriteriaSet.objects.get(code=code)
    with transaction.atomic():
        moved = CriteriaSet.objects.filter(pk=one.pk, status=CriteriaSet.Status.DRAFT).update(
            status=PUBLISHED, changed_at=timezone.now()
        )
        if not moved:
            raise Stale(_("Bộ tiêu chí “%(code)s” đã được ban hành.") % {"code": code})
        faults = publication_faults([code])
        if faults:
            raise Invalid(faults)
        approved = take_effect(by=by, sets=[one])
        record_published(one, by=by, reports=approved.get(one.pk, 0))
    one.refresh_from_db()
    return one


def record_published(one: CriteriaSet, *, by: Any, reports: int) -> None:
    """Write that a set was published and how many approved reports are evaluated anew, in the caller's transaction."""
    record(
        kind=Kind.CRITERIA_PUBLISHED,
        by=by,
        obj_type="criteria_set",
        obj_id=one.pk,
        label=one.code,
        decision=one.decision,
        criteria=one.criteria_declared,
        indicators=one.indicators_declared,
        reports=reports,
    )


def publication_faults(codes: Iterable[str]) -> list[Fault]:
    """Return why published sets among these are not whole: a fixed number of queries."""
    sets = list(
        CriteriaSet.objects.filter(code__in=list(codes), status=PUBLISHED).select_related("level", "prerequisite")
    )
    if not sets:
        return []
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(criteria_set__in=sets).order_by("number"):
        criteria[criterion.criteria_set_id].append(criterion)
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in (
        Indicator.objects.filter(criterion__criteria_set__in=sets)
        .select_related("derived_from_attainment")
        .order_by("position", "pk")
    ):
        indicators[indicator.criterion_id].append(indicator)
    asking = set(
        IndicatorVersion.objects.filter(indicator__criterion__criteria_set__in=sets).values_list(
            "indicator_id", flat=True
        )
    )
    published = {one.code: one for one in CriteriaSet.objects.filter(status=PUBLISHED).select_related("level")}
    faults: list[Fault] = []
    for one in sets:
        own = criteria[one.pk]
        faults += _counts(one, own, sum(len(indicators[c.pk]) for c in own))
        faults += _twice(one, published.values())
        if one.prerequisite is not None and one.prerequisite.code not in published:
            faults.append(_draft(f"/{one.code}/prerequisite", one.prerequisite.code))
        for criterion in own:
            place = f"/{one.code}/criteria/{criterion.number}"
            if not indicators[criterion.pk]:
                message = _("Tiêu chí %(number)s chưa có chỉ tiêu nào.") % {"number": criterion.number}
                faults.append(Fault(f"{place}/indicators", "empty", message))
            for indicator in indicators[criterion.pk]:
                faults += _indicator(indicator, f"{place}/indicators/{indicator.code}", asking, published)
    return faults + _derived(sets, published)


def _counts(one: CriteriaSet, criteria: list[Criterion], indicators: int) -> list[Fault]:
    return [
        Fault(f"/{one.code}/{name}", "wrong_count", message % {"declared": declared, "found": found})
        for name, declared, found, message in (
            (
                "criteria",
                one.criteria_declared,
                len(criteria),
                _("Quyết định có %(declared)s tiêu chí, đã nhập %(found)s."),
            ),
            (
                "indicators",
                one.indicators_declared,
                indicators,
                _("Quyết định có %(declared)s chỉ tiêu, đã nhập %(found)s."),
            ),
        )
        if declared != found
    ]


def _twice(one: CriteriaSet, published: Iterable[CriteriaSet]) -> list[Fault]:
    """One level of one year is described by one set: two would judge the same report in two ways."""
    return [
        Fault(
            f"/{one.code}/first_year",
            "years_overlap",
            _("Bộ “%(code)s” đã áp dụng cho cùng mức trong các năm %(first)s–%(last)s.")
            % {"code": other.code, "first": other.first_year, "last": other.last_year},
        )
        for other in published
        if other.pk != one.pk
        and other.level_id == one.level_id
        and other.first_year <= one.last_year
        and one.first_year <= other.last_year
    ]


def _draft(pointer: str, code: str) -> Fault:
    return Fault(pointer, "not_published", _("Bộ “%(code)s” chưa được ban hành.") % {"code": code})


def _indicator(indicator: Indicator, place: str, asking: set[int], published: dict[str, CriteriaSet]) -> list[Fault]:
    faults = []
    if indicator.pk not in asking:
        message = _("Chỉ tiêu %(code)s chưa có nội dung.") % {"code": indicator.code}
        faults.append(Fault(f"{place}/versions", "empty", message))
    below = indicator.derived_from_attainment
    if below is not None and below.code not in published:
        faults.append(_draft(f"{place}/derived_from_attainment", below.code))
    return faults


def _derived(sets: list[CriteriaSet], published: dict[str, CriteriaSet]) -> list[Fault]:
    rows = Norm.objects.filter(version__indicator__criterion__criteria_set__in=sets).exclude(derived_set="")
    return [
        _draft(f"/{owner}/criteria/{number}/indicators/{code}/norms", target)
        for owner, number, code, target in rows.order_by("pk").values_list(
            "version__indicator__criterion__criteria_set__code",
            "version__indicator__criterion__number",
            "version__indicator__code",
            "derived_set",
        )
        if target not in published
    ]
