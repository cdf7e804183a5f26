"""The register of OCOP products on a day: its list with counts, by commune, and what is offered to filter by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from communes.models import UnitVersion
from communes.scope import Scope
from communes.selectors.village_choices import units_on
from mongcai_portal.common.text import search_key
from programmes.models import OcopAssessment, OcopGroup, OcopProduct, OcopRecognition
from programmes.rules.ocop import EXPIRING, HOLDING, LIVE, NEVER, STATES, event_of, newest, state_on
from programmes.selectors.ocop_counts import Places, potential_on

PAGE = 50
# Beside the states a product may be in: five stars given by the province, which the centre has to decide.
POTENTIAL = "potential"
ASKED = (*STATES, POTENTIAL)


@dataclass(frozen=True, slots=True)
class OcopFilter:
    """What to show; an empty field shows all. `live` shows those about to expire, too."""

    unit: str = ""
    group: str = ""
    stars: int | None = None
    state: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product on a day: where it lies, the recognition that speaks, what that was, and how the product stands.

    `places`: several where its unit was split and nobody knows in which part it lies.
    """

    product: OcopProduct
    places: tuple[UnitVersion, ...]
    last: OcopRecognition | None
    event: str
    state: str
    potential: OcopAssessment | None

    @property
    def holds(self) -> bool:
        return self.state in HOLDING


@dataclass(frozen=True, slots=True)
class OcopCounts:
    """Products that live on a recognition on the day, by stars; those that end soon; all that were ever recognised."""

    live: int
    by_stars: dict[int, int]
    expiring: int
    expired: int
    ever: int
    potential: int


@dataclass(frozen=True, slots=True)
class OcopRegister:
    """The register of a day as its reader may see it: the rows asked for, and counts of all of them."""

    day: date
    rows: tuple[ProductRow, ...]
    counts: OcopCounts
    by_unit: dict[int, int]
    units: tuple[UnitVersion, ...]
    groups: tuple[OcopGroup, ...]


def register_on(scope: Scope, day: date, wanted: OcopFilter = OcopFilter()) -> OcopRegister:  # noqa: B008 (frozen)
    """Return the register of a day, by name: four queries, one for who does not see every unit, one for the past."""
    known = known_rows(product_rows(OcopProduct.objects.visible_to(scope), day), day)
    units = tuple(one for one in units_on(day) if scope.all_units or scope.sees_unit(one.unit_id))
    by_unit = Counter(row.places[0].unit_id for row in known if row.holds and len(row.places) == 1)
    return OcopRegister(
        day=day,
        rows=tuple(row for row in known if _asked_for(row, wanted)),
        counts=counts_of(known),
        by_unit=dict(by_unit),
        units=units,
        groups=tuple({row.product.group_id: row.product.group for row in known}.values()),
    )


def product_rows(products: Iterable[OcopProduct], day: date) -> tuple[ProductRow, ...]:
    """Describe products on a day, by name: three queries for any number, besides the products themselves."""
    if hasattr(products, "select_related"):
        products = products.select_related("producer", "group", "unit").order_by("sort_key", "pk")
    found = list(products)
    if not found:
        return ()
    own: dict[int, list[OcopRecognition]] = defaultdict(list)
    for row in OcopRecognition.objects.filter(product__in=[one.pk for one in found]):
        own[row.product_id].append(row)
    versions = {one.unit_id: one for one in units_on(day)}
    places, waiting = Places(day, versions.keys()), potential_on(day)
    return tuple(
        _row(
            one,
            own[one.pk],
            tuple(versions[pk] for pk in sorted(places.of(one.unit_id)) if pk in versions),
            waiting.get(one.pk),
            day,
        )
        for one in found
    )


def known_rows(rows: Iterable[ProductRow], day: date) -> tuple[ProductRow, ...]:
    """Leave out, on a day that is past, the products of which nothing had come by then: they belong to the present."""
    now = day >= timezone.localdate()
    return tuple(row for row in rows if now or row.state != NEVER or row.potential is not None)


def _row(
    product: OcopProduct,
    own: list[OcopRecognition],
    places: tuple[UnitVersion, ...],
    waiting: OcopAssessment | None,
    day: date,
) -> ProductRow:
    certificates = [one.certificate for one in own]
    last = newest(certificates, day)
    # Whoever was recognised since has been decided on.
    if waiting is not None and last is not None and waiting.assessed_on and last.decided_on >= waiting.assessed_on:
        waiting = None
    return ProductRow(
        product=product,
        places=places,
        last=next((one for one in own if last is not None and one.pk == last.id), None),
        event=event_of(last, certificates) if last is not None else "",
        state=state_on(certificates, day),
        potential=waiting,
    )


def counts_of(rows: Iterable[ProductRow]) -> OcopCounts:
    """Count products on the day they were described for."""
    rows = list(rows)
    stars = Counter(row.last.stars for row in rows if row.holds and row.last is not None)
    return OcopCounts(
        live=sum(stars.values()),
        by_stars=dict(sorted(stars.items(), reverse=True)),
        expiring=sum(row.state == EXPIRING for row in rows),
        expired=sum(row.state not in (*HOLDING, NEVER) for row in rows),
        ever=sum(row.state != NEVER for row in rows),
        potential=sum(row.potential is not None for row in rows),
    )


def _asked_for(row: ProductRow, wanted: OcopFilter) -> bool:
    if wanted.unit and wanted.unit not in {place.unit.uid for place in row.places}:
        return False
    if wanted.group and row.product.group.code != wanted.group:
        return False
    if wanted.stars is not None and (row.last is None or not row.holds or row.last.stars != wanted.stars):
        return False
    if wanted.state and not _in_state(row, wanted.state):
        return False
    return all(word in row.product.search_key for word in search_key(wanted.q).split())


def _in_state(row: ProductRow, state: str) -> bool:
    if state == POTENTIAL:
        return row.potential is not None
    return row.holds if state == LIVE else row.state == state
