"""What a decision classifies, written in its own transaction: one household, or those of a commune, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Classification, Household, HouseholdStay, PovertyStandard
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.poverty.survey import Survey
from communes.services.classification.decisions import OpeningList, ReviewDecision, document_faults
from communes.services.classification.ground import among, ground_for, household_fault, portions, stored_faults
from communes.services.classification.rows import Result, common, store
from communes.services.counts import count_households
from communes.services.households.guard import once, tell_many
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import in_force_q

PORTION = 5000


def record_classification(
    *, by: Any, household_id: int, survey: Survey, decision: ReviewDecision
) -> tuple[Classification, ...]:
    """Classify a household by its sheet under every standard that the decision's round applies; the same again is left.

    Called by the decision, which has asked whether the person may take it. What the data do not allow is stored as
    undetermined with its reason.

    Raises:
        As `record_classifications`.
    """
    record_classifications(by=by, surveys=[(household_id, survey)], decision=decision)
    return tuple(Classification.objects.filter(household=household_id, valid_from=decision.on).order_by("standard_id"))


def record_classifications(*, by: Any, surveys: Iterable[tuple[int, Survey]], decision: ReviewDecision) -> int:
    """Classify the households of a decision, all or none, and return how many rows are new: one per standard.

    Called by the decision, which has asked whether the person may take it for these households.

    Args:
        surveys: the number of each household and its sheet (`services.survey.read_sheet`).

    Raises:
        Invalid: `/decision/number` required, too_long; `/decision/decided_by` too_long; `/decision/on` in_future;
        `/households/<number>` not_there (on the day), twice, no_standard (none is applied by the round), differs (from
        what the round posted of it), day_taken (it was classified otherwise from that very day). Every fault is named.
        Stale: another window classified the same at the same moment.
    """
    faults = document_faults(decision)
    ground = ground_for(decision)
    rows: list[tuple[int, Result]] = []
    for portion in portions(surveys, PORTION):
        found, wrong = ground.judge(portion, ground.stays(portion))
        rows += found
        faults += [household_fault(*one) for one in wrong]
    return _write(by=by, rows=rows, document=decision, faults=faults)


def record_opening_list(*, by: Any, statuses: Mapping[int, str], opening: OpeningList) -> int:
    """Write what households are by a list that the register begins with, all or none; return how many rows are new.

    Args:
        statuses: `poor`, `near_poor` or `not_poor`, by household; who is not on the list has no row.

    Raises:
        Invalid: as `record_classifications`, and `/decision/standard` unknown, `/decision/effective_year` not_counting
        (the standard does not count for that year), `/decision/round_held` other_year, `/households/<number>` status.
        Stale.
    """
    faults = document_faults(opening)
    standard = PovertyStandard.objects.filter(code=opening.standard).first()
    year, held = opening.effective_year, opening.round_held
    if standard is None:
        message = _("Không có chuẩn nghèo “%(code)s”.") % {"code": opening.standard}
        raise Invalid([*faults, Fault("/decision/standard", "unknown", message)])
    if not standard.years.filter(effective_year=year).exists():
        message = _("Chuẩn nghèo này không tính cho năm %(year)s.") % {"year": year}
        faults.append(Fault("/decision/effective_year", "not_counting", message))
    if held is not None and not year - 1 <= held <= year:
        message = _("Đợt rà soát phải ở chính năm đó hoặc năm liền trước.")
        faults.append(Fault("/decision/round_held", "other_year", message))
    rows = []
    there: set[int] = set()
    numbers = sorted(statuses)
    for start in range(0, len(numbers), PORTION):
        stays = HouseholdStay.objects.filter(in_force_q(opening.on), among(numbers[start : start + PORTION]))
        there.update(stays.values_list("household", flat=True))
    for household in numbers:
        status = statuses[household]
        if household not in there:
            faults.append(household_fault(household, "not_there"))
        elif status not in (POOR, NEAR_POOR, NOT_POOR):
            faults.append(household_fault(household, "status"))
        else:
            rows.append((household, Result(standard.pk, year, status)))
    return _write(by=by, rows=rows, document=opening, faults=faults)


def _write(
    *, by: Any, rows: list[tuple[int, Result]], document: ReviewDecision | OpeningList, faults: list[Fault]
) -> int:
    shared = common(document, timezone.now())
    new: list[tuple[int, Result]] = []
    for start in range(0, len(rows), PORTION):
        unknown, wrong = stored_faults(rows[start : start + PORTION], shared)
        new += unknown
        faults += wrong
    if faults:
        raise Invalid(faults)
    with once(), transaction.atomic():
        store(new, shared)
        count_households({household for household, _result in new})
        tell(by, new, document)
    return len(new)


def tell(by: Any, rows: Iterable[tuple[int, Result]], document: ReviewDecision | OpeningList) -> None:
    """Write into the log of each household what it was classified as."""
    codes = dict(PovertyStandard.objects.values_list("pk", "code"))
    said: dict[int, dict[str, str]] = {}
    for household, result in rows:
        said.setdefault(household, {})[codes[result.standard_id]] = result.status
    details = {"on": document.on, "number": document.number.strip()}
    numbers = sorted(said)
    for start in range(0, len(numbers), PORTION):
        some = Household.objects.filter(pk__in=numbers[start : start + PORTION]).only("pk", "code", "village_id")
        tell_many(
            kind=Kind.HOUSEHOLD_CLASSIFIED,
            by=by,
            about=[(household, {**details, "after": said[household.pk]}) for household in some],
        )


def counted(rows: Iterable[tuple[int, Result]]) -> dict[str, int]:
    """Return how many rows have each status."""
    return dict(Counter(result.status for _household, result in rows))
