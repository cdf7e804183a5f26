"""What the register of OCOP says of a day, as calculators read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from communes.models import UnitSuccession
from communes.rules.lineage import Step
from programmes.measures.register_facts import OcopFact, ProductFact
from programmes.models import OcopAssessment, OcopRecognition
from programmes.rules.ocop import POTENTIAL, Certificate
from programmes.rules.places import units_on

_COLUMNS = (
    "product_id", "product__name", "product__sort_key", "product__producer__name", "product__unit_id", "stars",
    "decided_on", "expires_on", "withdrawn_on", "pk", "decision_number", "provenance", "recorded_at",
)  # fmt: skip


def ocop_fact(day: date, place: Places) -> OcopFact | None:
    """Return the products recognised by a day with their recognitions; None while there is none: one query."""
    rows = list(OcopRecognition.objects.filter(decided_on__lte=day).order_by("decided_on", "pk").values_list(*_COLUMNS))
    if not rows:
        return None
    by_product: dict[int, list[tuple]] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        by_product[row[0]].append(row)
    products = [
        ProductFact(
            id=pk,
            name=own[0][1],
            sort_key=own[0][2],
            producer=own[0][3],
            units=place.of(own[0][4]),
            certificates=tuple(Certificate(pk, row[5], row[6], row[7], row[8], row[9]) for row in own),
            numbers={row[9]: row[10] for row in own},
            provenances={row[9]: row[11] for row in own},
        )
        for pk, own in by_product.items()
    ]
    products.sort(key=lambda one: (one.sort_key, one.id))
    return OcopFact(tuple(products), max(row[12] for row in rows))


class Places:
    """Where what was registered under any unit lies on a day; successions are read once, when they are needed."""

    def __init__(self, day: date, there: Collection[int]) -> None:
        self.day, self.there = day, there
        self._steps: tuple[Step[int], ...] | None = None
        self._known: dict[int, frozenset[int]] = {}

    def of(self, unit_id: int) -> frozenset[int]:
        """Return the units of the day; see `units_on`."""
        if unit_id in self.there:
            return frozenset({unit_id})
        if unit_id not in self._known:
            self._known[unit_id] = units_on(unit_id, self.day, self.there, self._read())
        return self._known[unit_id]

    def _read(self) -> tuple[Step[int], ...]:
        if self._steps is None:
            rows = UnitSuccession.objects.values_list("predecessor_id", "successor_id", "effective_on", "kind")
            self._steps = tuple(Step(*row) for row in rows)
        return self._steps


def potential_on(day: date) -> dict[int, OcopAssessment]:
    """Return the products that wait for the centre's decision on five stars on a day, by their assessment: one query.

    What was assessed later, or recognised since by whatever level, ends the waiting.
    """
    found: dict[int, OcopAssessment] = {}
    rows = (
        OcopAssessment.objects.filter(status=OcopAssessment.Status.APPROVED, assessed_on__lte=day)
        .order_by("assessed_on", "pk")
        .defer("dossier_note")
    )
    for row in rows:
        if row.result == POTENTIAL:
            found[row.product_id] = row
        else:
            found.pop(row.product_id, None)
    return found


def levels_of(day: date) -> dict[int, str]:
    """Return which level of government made each recognition decided by a day, by the record's number: one query."""
    return dict(OcopRecognition.objects.filter(decided_on__lte=day).values_list("pk", "level"))
