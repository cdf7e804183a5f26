"""What a decision is held against: where its households live on the day, and which standards are for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from communes.models import Classification, HouseholdStay, PovertyStandard
from communes.rules.poverty.standards import applied_by, counting_in
from communes.rules.poverty.survey import Survey
from communes.selectors.households import Place, places_on
from communes.selectors.poverty import areas_on, poverty_standards, survey_forms
from communes.services.classification.decisions import ReviewDecision, Reviewed
from communes.services.classification.rows import TOLD, Applied, Classifier, Common, Result
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.models import in_force_q

# What is compared with what is stored: household and standard first.
_TELLS = ("household_id", "standard_id", *(name for name in TOLD if name != "standard_id"))


@dataclass(slots=True)
class Ground:
    """Loaded once for a decision, however many households it is about."""

    decision: ReviewDecision
    classifier: Classifier
    places: dict[int, Place]
    applied: dict[int, Applied]  # by unit
    of_round: Applied | None = None  # of every unit: what the round reviewed by

    def stays(self, surveys: Sequence[tuple[int, Survey]]) -> Mapping[int, tuple[int, bool | None]]:
        """Return the village of the day and the livelihood of the households that were in the register: one query."""
        found = HouseholdStay.objects.filter(
            among([household for household, _survey in surveys]), in_force_q(self.decision.on)
        )
        rows = found.values_list("household", "village", "household__farming")
        return {household: (village, farming) for household, village, farming in rows}

    def judge(
        self, surveys: Sequence[tuple[int, Survey]], stays: Mapping[int, tuple[int, bool | None]]
    ) -> tuple[list[tuple[int, Result]], list[tuple[int, str]]]:
        """Return the results, and (household, code) of what cannot be classified; asks the database nothing."""
        rows: list[tuple[int, Result]] = []
        wrong = []
        seen: set[int] = set()
        reviewed = self.decision.reviewed
        for household, survey in surveys:
            stay = stays.get(household)
            place = self.places.get(stay[0]) if stay else None
            applied = self.of_round or (self.applied.get(place.unit_id) if place else None)
            if household in seen:
                wrong.append((household, "twice"))
            elif stay is None or place is None:
                wrong.append((household, "not_there"))
            elif applied is None or not applied.pairs:
                wrong.append((household, "no_standard"))
            else:
                area_type = reviewed.area_type if reviewed else place.area_type or ""
                results = self.classifier.results(survey, area_type, stay[1], applied)
                if reviewed and not _as_posted(reviewed, household, results):
                    wrong.append((household, "differs"))
                else:
                    rows += [(household, result) for result in results]
            seen.add(household)
        return rows, wrong


def _as_posted(reviewed: Reviewed, household: int, results: Sequence[Result]) -> bool:
    """Whether results are those that were posted: the statuses and, where it was asked for, average living standard."""
    average = reviewed.average.get(household)
    return {one.standard_id: one.status for one in results} == reviewed.posted.get(household) and (
        average is None or {one.standard_id: one.average_living for one in results} == average
    )


def ground_for(decision: ReviewDecision) -> Ground:
    """Load it: eleven queries, one less of what a round reviewed."""
    standards = poverty_standards()
    ids = dict(PovertyStandard.objects.values_list("code", "pk"))
    classifier, places = Classifier(ids, survey_forms()), places_on(decision.on)
    if decision.reviewed is not None:
        specs = {one.code: one for one in standards}
        of_round = Applied(tuple((specs[code], year) for code, year in decision.reviewed.standards))
        return Ground(decision, classifier, places, {}, of_round)

    def of(areas: frozenset[str]) -> Applied:
        if decision.yearly:
            return Applied(applied_by(standards, decision.round_held, areas))
        year = decision.on.year
        return Applied(tuple((one, year) for one in counting_in(standards, year, areas)))

    of_areas: dict[frozenset[str], Applied] = {}
    own = {one.area for one in standards}
    applied = {}
    for unit, areas in areas_on(decision.on).items():
        key = areas & own
        applied[unit] = of_areas.setdefault(key, of_areas.get(key) or of(key))
    return Ground(decision, classifier, places, applied)


def household_fault(household: int, code: str) -> Fault:
    """Say why a household cannot be classified so."""
    message = {
        "twice": _("Hộ này được ghi hai lần."),
        "not_there": _("Hộ này không có trong sổ vào ngày đó."),
        "no_standard": _("Không có chuẩn nghèo nào áp dụng cho hộ này ở đợt rà soát đó."),
        "day_taken": _("Hộ này đã có kết quả phân loại khác từ ngày đó; quyết định mới phải từ ngày sau."),
        "differs": _("Kết quả phân loại khác kết quả đã rà soát, niêm yết."),
        "status": _("Không có lựa chọn này."),
    }[code]
    return Fault(f"/households/{household}", code, message)


def stored_faults(rows: Iterable[tuple[int, Result]], shared: Common) -> tuple[list[tuple[int, Result]], list[Fault]]:
    """Return the rows that are not stored yet, and where the same day says otherwise: one query."""
    wanted = list(rows)
    households = {household for household, _result in wanted}
    found = Classification.objects.filter(among(households), valid_from=shared.valid_from)
    known = {(row[0], row[1]): row[1:] for row in found.values_list(*_TELLS)}
    if not known:
        return wanted, []
    new, faults = [], []
    every = shared._asdict()
    for household, result in wanted:
        row = known.get((household, result.standard_id))
        if row is None:
            new.append((household, result))
        elif _plain(row) != tuple({**result._asdict(), **every}[name] for name in _TELLS[1:]):
            faults.append(household_fault(household, "day_taken"))
    return new, faults


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A stored row as a result has it: lists of codes are tuples."""
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def among(households: Collection[int]) -> Q:
    """The condition that a household is one of these, and perhaps of some others near by.

    Numbers that lie close together are asked for as a range: thousands of them one by one take longer to say than to
    answer.
    """
    if not households:
        return Q(household__in=())
    first, last = min(households), max(households)
    if last - first < 2 * len(households):
        return Q(household__gte=first, household__lte=last)
    return Q(household__in=households)


def portions(surveys: Iterable[tuple[int, Survey]], size: int) -> Iterator[list[tuple[int, Survey]]]:
    """Pass the sheets on, so many at a time."""
    portion: list[tuple[int, Survey]] = []
    for one in surveys:
        portion.append(one)
        if len(portion) >= size:
            yield portion
            portion = []
    if portion:
        yield portion
