"""What a decision is held against: where its households live on the day, and which standards are for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from communes.models import Classification, HouseholdStay, PovertyStandard
from communes.rules.poverty.standards import applied_by, counting_in
from communes.rules.poverty.survey import Survey
from communes.selectors.households import Place, places_on
from communes.selectors.poverty import areas_on, poverty_standards, survey_forms
from communes.services.classification.decisions import ReviewDecision
from communes.services.classification.rows import TOLD, Applied, Classifier, Common, Result
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.models import in_force_q

_TELLS = ("household_id", "standard_id", *(name for name in TOLD if name != "standard_id"))


@dataclass(slots=True)
class Ground:
    """Loaded once for a decision, however many households it is about."""

    decision: ReviewDecision
    classifier: Classifier
    places: dict[int, Place]
    applied: dict[int, Applied]  # by unit
    villages: set[int] = field(default_factory=set)  # those of the households so far

    def results(self, surveys: Sequence[tuple[int, Survey]]) -> tuple[list[tuple[int, Result]], list[Fault]]:
        """Return the results of some households, and what is wrong with them: one query."""
        stays = _stays(self.decision, [household for household, _survey in surveys])
        rows: list[tuple[int, Result]] = []
        faults = []
        seen: set[int] = set()
        for household, survey in surveys:
            stay = stays.get(household)
            place = self.places.get(stay[0]) if stay else None
            if household in seen:
                faults.append(Fault(f"/households/{household}", "twice", _("Hộ này được ghi hai lần.")))
                continue
            seen.add(household)
            if stay is None or place is None:
                message = _("Hộ này không có trong sổ vào ngày đó.")
                faults.append(Fault(f"/households/{household}", "not_there", message))
                continue
            applied = self.applied.get(place.unit_id)
            if applied is None or not applied.pairs:
                message = _("Không có chuẩn nghèo nào áp dụng cho hộ này ở đợt rà soát đó.")
                faults.append(Fault(f"/households/{household}", "no_standard", message))
                continue
            self.villages.add(stay[0])
            for result in self.classifier.results(survey, place.area_type or "", stay[1], applied):
                rows.append((household, result))
        return rows, faults


def ground_for(decision: ReviewDecision) -> Ground:
    """Load it: eleven queries."""
    standards = poverty_standards()

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
    ids = dict(PovertyStandard.objects.values_list("code", "pk"))
    return Ground(decision, Classifier(ids, survey_forms()), places_on(decision.on), applied)


def _stays(decision: ReviewDecision, households: Sequence[int]) -> Mapping[int, tuple[int, bool | None]]:
    rows = HouseholdStay.objects.filter(in_force_q(decision.on), household__in=households)
    return {
        pk: (village, farms) for pk, village, farms in rows.values_list("household", "village", "household__farming")
    }


def stored_faults(rows: Iterable[tuple[int, Result]], shared: Common) -> tuple[list[tuple[int, Result]], list[Fault]]:
    """Return the rows that are not stored yet, and where the same day says otherwise: one query."""
    wanted = list(rows)
    households = {household for household, _result in wanted}
    found = Classification.objects.filter(valid_from=shared.valid_from, household__in=households)
    known = {(row[0], row[1]): row[1:] for row in found.values_list(*_TELLS)}
    if not known:
        return wanted, []
    new, faults = [], []
    every = shared._asdict()
    for household, result in wanted:
        row = known.get((household, result.standard_id))
        if row is None:
            new.append((household, result))
        elif row != tuple({**result._asdict(), **every}[name] for name in _TELLS[1:]):
            message = _("Hộ này đã có kết quả phân loại khác từ ngày đó; quyết định mới phải từ ngày sau.")
            faults.append(Fault(f"/households/{household}", "day_taken", message))
    return new, faults


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
