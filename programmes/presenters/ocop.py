"""The register of OCOP as its pages and its file show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, localname
from programmes.models import OcopPart
from programmes.presenters.ocop_words import (
    Chip,
    event_word,
    left_text,
    place_words,
    points_text,
    result_chip,
    stars_word,
    state_chip,
)
from programmes.rules.ocop import PARTS, last_day
from programmes.selectors.ocop import ASKED, POTENTIAL, OcopRegister, ProductRow
from programmes.selectors.ocop_pages import ANNULLED, ProductPage, RecognitionRow
from programmes.selectors.ocop_units import UnitProducts


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product of the list."""

    row: ProductRow
    url: str
    place: str
    group: str
    stars: int
    state: Chip
    until: str
    left: str
    event: str
    potential: Chip | None


def product_line(row: ProductRow, day: date) -> ProductLine:
    """A product as the list shows it."""
    last = row.last
    return ProductLine(
        row=row,
        url=link("ocop_product", row.product.pk, as_of=day),
        place=place_words(row.places),
        group=localname(row.product.group),
        stars=last.stars if last is not None and row.holds else 0,
        state=state_chip(row.state),
        until=date_vi(last_day(last.certificate.ended_on())) if last is not None else "",
        left=left_text(last.expires_on, day) if last is not None and row.state == "expiring" else "",
        event=event_word(row.event),
        potential=state_chip(POTENTIAL) if row.potential is not None else None,
    )


def state_choices() -> list[tuple[str, str]]:
    """The states that the list can be asked for."""
    return [(code, state_chip(code).label) for code in ASKED]


def stars_choices() -> list[tuple[str, str]]:
    return [(str(n), stars_word(n)) for n in (5, 4, 3)]


@dataclass(frozen=True, slots=True)
class RecognitionLine:
    """A recognition of a product's page."""

    row: RecognitionRow
    stars: str
    event: str
    state: Chip
    decided: str
    until: str
    annulled: bool


def recognition_line(row: RecognitionRow) -> RecognitionLine:
    """A recognition as read."""
    record = row.recognition
    return RecognitionLine(
        row=row,
        stars=stars_word(record.stars),
        event=event_word(row.event),
        state=state_chip(row.state),
        decided=date_vi(record.decided_on),
        until=date_vi(record.last_day),
        annulled=row.state == ANNULLED,
    )


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of an assessment beside what its scale allows; `part` has its name, None where none is known."""

    letter: str
    mean: str
    limit: str
    part: OcopPart | None


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """An assessment of a product's page, or the head of its own."""

    one: Any
    url: str
    stars: str
    result: Chip | None
    total: str
    parts: tuple[PartLine, ...]
    scale: str
    sheets: int


def assessment_line(one: Any) -> AssessmentLine:
    """An assessment as read: averages beside what the scale of its day allows."""
    settled = bool(one.result)
    parts: tuple[PartLine, ...] = ()
    if one.scale is not None:
        named = {part.code: part for part in one.scale.parts.all()}
        parts = tuple(
            PartLine(
                letter.upper(),
                points_text(getattr(one, f"points_{letter}")),
                points_text(getattr(one.scale, f"points_{letter}")),
                named.get(letter),
            )
            for letter in PARTS
        )
    return AssessmentLine(
        one=one,
        url=link("ocop_assessment", one.pk),
        stars=stars_word(one.stars) if one.stars else "",
        result=result_chip(one.result) if settled else None,
        total=points_text(one.total),
        parts=parts,
        scale=one.scale.decision if one.scale is not None else "",
        sheets=len(one.sheets.all()),
    )


UNIT_SHOWN = 20  # on the page of a unit; the list has all


def unit_view(found: UnitProducts, uid: str, day: date) -> dict[str, Any]:
    """The products of a unit as its page shows them."""
    shown = found.recognised[:UNIT_SHOWN]
    return {
        "lines": [product_line(row, day) for row in shown],
        "day": day,
        "live": found.live,
        "ever": len(found.recognised),
        "others": found.others,
        "more": len(found.recognised) - len(shown),
        "url": link("ocop_list", as_of=day, unit=uid),
    }


def product_context(page: ProductPage) -> dict[str, Any]:
    """Everything that `programmes/ocop_product.html` shows beside what one may do."""
    row = page.row
    return {
        "page": page,
        "product": row.product,
        "line": product_line(row, page.day),
        "place": place_words(row.places),
        "recognitions": [recognition_line(one) for one in page.recognitions],
        "assessments": [assessment_line(one) for one in page.assessments],
        "scales": dict.fromkeys(one.scale for one in page.assessments if one.scale is not None),
        "photos": page.photos,
        "events": page.events,
        "day": page.day,
    }


HEADINGS = (
    gettext_lazy("Sản phẩm"),
    gettext_lazy("Tên được bảo hộ"),
    gettext_lazy("Chủ thể"),
    gettext_lazy("Loại hình"),
    gettext_lazy("Xã, phường"),
    gettext_lazy("Nhóm sản phẩm"),
    gettext_lazy("Số sao"),
    gettext_lazy("Tình trạng"),
    gettext_lazy("Lần công nhận"),
    gettext_lazy("Số quyết định"),
    gettext_lazy("Ngày quyết định"),
    gettext_lazy("Hiệu lực đến hết ngày"),
    gettext_lazy("Mức tin cậy"),
)


def register_table(found: OcopRegister, *, filtered: bool) -> Table:
    """The list as a file; it says which count is live and which cumulative, and of which day."""
    counts = found.counts
    words = {"day": date_vi(found.day), "live": counts.live, "ever": counts.ever}
    lines = [
        _("Ngày xem: %(day)s") % words,
        _("Còn hiệu lực trong ngày xem: %(live)s sản phẩm; lũy kế từng được công nhận: %(ever)s sản phẩm") % words,
    ]
    if filtered:
        lines.append(_("Bảng chỉ gồm các sản phẩm khớp bộ lọc."))
    return Table(title=_("Sổ sản phẩm OCOP"), name="OCOP", lines=lines, headings=HEADINGS, rows=_rows(found.rows))


def _rows(rows: Iterable[ProductRow]) -> Iterable[list[Cell]]:
    for row in rows:
        product, last = row.product, row.last
        state = state_chip(row.state).label
        if row.potential is not None:
            state = f"{state}; {state_chip(POTENTIAL).label}"
        yield [
            product.name,
            product.protected_name,
            product.producer.name,
            product.producer.get_form_display(),
            place_words(row.places),
            localname(product.group),
            last.stars if last is not None and row.holds else None,
            state,
            event_word(row.event),
            last.decision_number if last is not None else "",
            last.decided_on if last is not None else None,
            last_day(last.certificate.ended_on()) if last is not None else None,
            (last or product).get_provenance_display(),
        ]
