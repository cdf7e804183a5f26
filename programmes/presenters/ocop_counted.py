"""The products behind a count of OCOP as the measure's page shows them: one by one, and how the count moved."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.explained import CountedProduct, Explanation
from programmes.presenters.ocop_words import Chip, event_word, stars_word, state_chip
from programmes.presenters.text import name_of, printed_beside


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product: whether it counts, and by which decision, or why not."""

    name: str
    url: str
    producer: str
    place: str
    stars: str
    event: str
    decision: str
    decided: str
    until: str
    state: Chip
    provenance: str
    counts: bool
    before: str  # met, not_met, or "" where nothing is known


@dataclass(frozen=True, slots=True)
class CountedProducts:
    """The count by stars, how many were ever recognised, the steps from the baseline, and every product."""

    facts: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    before: str
    beside: str
    differs: bool
    lines: tuple[ProductLine, ...]
    counted: int
    register: str


def counted_products(found: Explanation) -> CountedProducts | None:
    """Arrange the products behind a count; None for other figures."""
    value = found.value
    if value.ocop is None:
        return None
    facts = [(stars_word(stars), str(n)) for stars, n in value.ocop.by_stars]
    facts.append((_("Lũy kế: từng được công nhận đến ngày này"), str(value.ocop.ever)))
    whole = not found.hidden and value.ocop.was is not None
    return CountedProducts(
        facts=tuple(facts),
        steps=_steps(found) if whole else (),
        before=date_vi(value.ocop.before) if value.ocop.was is not None else "",
        beside=printed_beside(value),
        differs=value.differs,
        lines=tuple(_line(one) for one in found.products),
        counted=sum(one.counts for one in found.products),
        register=link("ocop_list", as_of=value.as_of),
    )


def _steps(found: Explanation) -> tuple[tuple[str, str], ...]:
    """From the baseline to the count: who fell out, who came in."""
    products, was = found.products, found.value.ocop.was if found.value.ocop else None
    gone = sum(bool(one.counted_before) and not one.counts for one in products)
    came = sum(one.counts and not one.counted_before for one in products)
    day = date_vi(found.value.ocop.before) if found.value.ocop else ""
    return (
        (_("Ngày %(day)s") % {"day": day}, str(was)),
        (_("hết hiệu lực hoặc bị thu hồi mà chưa công nhận lại"), f"−{gone}"),
        (_("được công nhận thêm"), f"+{came}"),
        (_("Ngày %(day)s") % {"day": date_vi(found.value.as_of)}, str(int(found.value.value or 0))),
    )


def _line(one: CountedProduct) -> ProductLine:
    return ProductLine(
        name=one.name,
        url=link("ocop_product", one.id),
        producer=one.producer,
        place=_(" hoặc ").join(name_of(place) for place in one.places),
        stars=stars_word(one.certificate.stars),
        event=event_word(one.event),
        decision=one.decision_number,
        decided=date_vi(one.certificate.decided_on),
        until=date_vi(one.last_day),
        state=state_chip(one.state),
        provenance=one.provenance,
        counts=one.counts,
        before={None: "", True: "met", False: "not_met"}[one.counted_before],
    )
