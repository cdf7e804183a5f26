"""Section "ocop": products that hold a recognition at the end of the period, by stars and level, and which end soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Table
from programmes.measures.register_facts import ProductFact
from programmes.models import OcopLevel
from programmes.presenters.ocop_words import event_word, stars_word, state_chip
from programmes.presenters.text import names
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, mark_word, own
from programmes.rules.ocop import EXPIRING, HOLDING, event_of, last_day, newest, state_on
from programmes.selectors.ocop_counts import levels_of

_PRODUCT: Group = {
    "name": Text(gettext_lazy("Tên sản phẩm")),
    "producer": Text(gettext_lazy("Chủ thể")),
    "place": Text(gettext_lazy("Xã, phường")),
    "stars": Text(gettext_lazy("Hạng sao")),
    "level": Text(gettext_lazy("Cấp công nhận")),
    "decision": Text(gettext_lazy("Số quyết định và ngày")),
    "event": Text(gettext_lazy("Công nhận lần đầu, công nhận lại, nâng hạng hay xuống hạng")),
    "until": Text(gettext_lazy("Ngày cuối còn hiệu lực")),
    "state": Text(gettext_lazy("Còn hiệu lực, sắp hết, hết hay đã thu hồi")),
    "mark": Text(gettext_lazy("Dấu tin cậy; trống khi có nguồn")),
}
SHAPE: Group = {
    "live": Text(gettext_lazy("Số sản phẩm còn hiệu lực vào ngày cuối kỳ")),
    "ever": Text(gettext_lazy("Lũy kế: số sản phẩm từng được công nhận đến ngày cuối kỳ")),
    "new": Text(gettext_lazy("Số sản phẩm được công nhận lần đầu trong kỳ")),
    "counts": Rows(
        gettext_lazy("Từng hạng sao và cấp công nhận"),
        {
            "stars": Text(gettext_lazy("Hạng sao")),
            "level": Text(gettext_lazy("Cấp công nhận")),
            "live": Text(gettext_lazy("Còn hiệu lực")),
            "ever": Text(gettext_lazy("Lũy kế, theo quyết định gần nhất")),
        },
    ),
    "expiring": Rows(gettext_lazy("Từng sản phẩm sắp hết hiệu lực sau ngày cuối kỳ"), _PRODUCT),
    "rows": Rows(gettext_lazy("Từng sản phẩm từng được công nhận"), _PRODUCT),
    "none": Text(gettext_lazy("Câu nói rằng sổ chưa có sản phẩm nào; trống khi có")),
}


def build(ground: Ground) -> Data:
    """Return the products recognised by the last day of the period; each counts by its newest decision."""
    world = ground.world
    if world.ocop is None:
        return {"since": ground.since.isoformat(), "rows": []}
    levels = levels_of(ground.until)
    products = world.ocop.within(world.in_area)
    return {"since": ground.since.isoformat(), "rows": [_row(ground, one, levels) for one in products]}


def _row(ground: Ground, one: ProductFact, levels: dict[int, str]) -> Data:
    found = newest(one.certificates, ground.until)
    assert found is not None, "a product of the register was recognised by the day"
    places = [ground.world.places[pk] for pk in sorted(one.units)]
    return {
        "id": one.id,
        "name": one.name,
        "producer": one.producer,
        "place": both(lambda: names(places)),
        "unit": places[0].uid if len(places) == 1 else "",
        "stars": found.stars,
        "level": levels[found.id],
        "number": one.numbers[found.id],
        "decided_on": found.decided_on.isoformat(),
        "first_on": min(had.decided_on for had in one.certificates).isoformat(),
        "event": event_of(found, one.certificates),
        "last_day": last_day(found.ended_on()).isoformat(),
        "state": state_on(one.certificates, ground.until),
        "provenance": one.provenances[found.id],
    }


# --- Words --------------------------------------------------------------------------------------------------------


def _holds(row: Data) -> bool:
    return row["state"] in HOLDING


def _level(code: str) -> str:
    return str(OcopLevel(code).label)


def _new(data: Data) -> int:
    """Count the products whose first recognition came within the period."""
    return sum(row["first_on"] >= data["since"] for row in data["rows"])


def _counts(data: Data) -> list[tuple[int, str, int, int]]:
    """Return (stars, level, live, ever) of each that there is, the most stars first."""
    ever = Counter((row["stars"], row["level"]) for row in data["rows"])
    live = Counter((row["stars"], row["level"]) for row in data["rows"] if _holds(row))
    return [(stars, level, live[stars, level], ever[stars, level]) for stars, level in sorted(ever, reverse=True)]


def _product(row: Data) -> dict[str, str]:
    return {
        "name": row["name"],
        "producer": row["producer"],
        "place": own(row["place"]),
        "stars": stars_word(row["stars"]),
        "level": _level(row["level"]),
        "decision": ", ".join(filter(None, (row["number"], day(row["decided_on"])))),
        "event": event_word(row["event"]),
        "until": day(row["last_day"]),
        "state": state_chip(row["state"]).label,
        "mark": mark_word(row["provenance"]),
    }


def _expiring(data: Data) -> list[Data]:
    return sorted((row for row in data["rows"] if row["state"] == EXPIRING), key=lambda row: row["last_day"])


def _none(data: Data) -> str:
    return "" if data["rows"] else _("Đến ngày cuối kỳ chưa có sản phẩm OCOP nào của địa bàn trong sổ của cổng.")


def view(data: Data) -> dict[str, Any]:
    """Return the texts."""
    return {
        "live": str(sum(map(_holds, data["rows"]))),
        "ever": str(len(data["rows"])),
        "new": str(_new(data)),
        "counts": [
            {"stars": stars_word(stars), "level": _level(level), "live": str(live), "ever": str(ever)}
            for stars, level, live, ever in _counts(data)
        ],
        "expiring": [_product(row) for row in _expiring(data)],
        "rows": [_product(row) for row in data["rows"]],
        "none": _none(data),
    }


def _headings() -> tuple[str, ...]:
    return (
        _("Sản phẩm"), _("Chủ thể"), _("Địa bàn"), _("Hạng sao"), _("Cấp công nhận"), _("Quyết định"),
        _("Ngày quyết định"), _("Sự kiện"), _("Hiệu lực đến hết"), _("Trạng thái"), _("Dấu tin cậy"),
    )  # fmt: skip


def tables(data: Data) -> Iterable[Table]:
    """Return the counts by stars and level, and every product."""
    yield Table(
        _("Sản phẩm OCOP theo hạng sao"),
        (_("Hạng sao"), _("Cấp công nhận"), _("Còn hiệu lực"), _("Lũy kế")),
        [(stars, _level(level), live, ever) for stars, level, live, ever in _counts(data)],
        lines=_notes(data),
    )
    yield Table(
        _("Sản phẩm OCOP"),
        _headings(),
        [
            (
                row["name"], row["producer"], own(row["place"]), row["stars"], _level(row["level"]), row["number"],
                date.fromisoformat(row["decided_on"]), event_word(row["event"]), date.fromisoformat(row["last_day"]),
                state_chip(row["state"]).label, mark_word(row["provenance"]),
            )
            for row in data["rows"]
        ],
    )  # fmt: skip


def _notes(data: Data) -> tuple[str, ...]:
    if not data["rows"]:
        return (_none(data),)
    words = {"live": sum(map(_holds, data["rows"])), "ever": len(data["rows"]), "new": _new(data)}
    marks = dict.fromkeys(filter(None, (mark_word(row["provenance"]) for row in data["rows"])))
    told = _("Còn hiệu lực %(live)s; lũy kế từng được công nhận %(ever)s; công nhận lần đầu trong kỳ %(new)s.") % words
    return (told, *(f"{mark[:1].upper()}{mark[1:]}." for mark in marks))


def page(data: Data) -> Iterable[PageTable]:
    """Return the counts by stars and level, and which products end soon."""
    shown = view(data)
    yield PageTable(
        _("Sản phẩm OCOP theo hạng sao"),
        (_("Hạng sao"), _("Cấp công nhận"), _("Còn hiệu lực"), _("Lũy kế")),
        tuple((one["stars"], one["level"], one["live"], one["ever"]) for one in shown["counts"]),
        numbers=frozenset({2, 3}),
        notes=_notes(data),
    )
    if shown["expiring"]:
        yield PageTable(
            _("Sản phẩm OCOP sắp hết hiệu lực"),
            (_("Sản phẩm"), _("Chủ thể"), _("Địa bàn"), _("Hạng sao"), _("Hiệu lực đến hết")),
            tuple(
                (one["name"], one["producer"], one["place"], one["stars"], one["until"]) for one in shown["expiring"]
            ),
        )


def figures(data: Data) -> Iterable[Figure]:
    """Return the counts, and how each product stands."""
    rests = ("ocop",)
    yield Figure("ocop/live", _("Sản phẩm OCOP còn hiệu lực"), str(sum(map(_holds, data["rows"]))), rests)
    yield Figure("ocop/ever", _("Sản phẩm OCOP từng được công nhận (lũy kế)"), str(len(data["rows"])), rests)
    for row in data["rows"]:
        shown = _product(row)
        text = f"{shown['stars']}, {shown['level']}; {shown['state']}; {shown['decision']}"
        yield Figure(f"ocop/{row['id']}", f"OCOP: {row['name']}", text, rests, row["unit"])


SECTION = Section(
    code="ocop",
    title=gettext_lazy("Sản phẩm OCOP"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
