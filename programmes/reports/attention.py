"""Section "attention": what needs attention on the last day of the period, as the overview tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from mongcai_portal.common.exports import Table
from programmes.presenters.attention import AttentionList
from programmes.presenters.attention_lines import Attention
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import late_data, late_words, own
from programmes.selectors.overview import figures as overview_of

TOLD = 200

SHAPE: Group = {
    "rows": Rows(
        gettext_lazy("Từng việc cần chú ý"),
        {"title": Text(gettext_lazy("Việc gì")), "detail": Text(gettext_lazy("Chi tiết"))},
    ),
    "more": Text(gettext_lazy("Còn bao nhiêu việc nữa; trống khi nêu hết")),
}


def build(ground: Ground) -> Data:
    """Return what needs attention, most pressing first; how the portal itself runs is no matter of the period."""
    found = overview_of(ground.until, ground.area, known=ground.known, told=(0, TOLD))
    every = AttentionList(replace(found, failed_evaluations=0), today=ground.today)
    told = {}
    for language in ("vi", "en"):
        with override(language):
            told[language] = [(one.kind, one.title, _detail(one)) for one in every.told(0, TOLD)]
    rows = [
        {"kind": vi[0], "title": {"vi": vi[1], "en": en[1]}, "detail": {"vi": vi[2], "en": en[2]}}
        for vi, en in zip(told["vi"], told["en"], strict=True)
    ]
    return {"rows": rows, "more": max(0, len(every) - TOLD)}


def _detail(one: Attention) -> str:
    return " · ".join(filter(None, (one.detail, late_words(late_data(one.late)))))


def _more(data: Data) -> str:
    return _("Còn %(n)s việc khác, xem trên cổng.") % {"n": data["more"]} if data["more"] else ""


def view(data: Data) -> dict[str, Any]:
    """Return the texts."""
    rows = [{"title": own(row["title"]), "detail": own(row["detail"])} for row in data["rows"]]
    return {"rows": rows, "more": _more(data)}


def tables(data: Data) -> Iterable[Table]:
    """Return one line a matter."""
    kinds = {"unmet": _("gấp"), "part": _("theo dõi"), "none": ""}
    yield Table(
        _("Việc cần chú ý"),
        (_("Mức độ"), _("Việc"), _("Chi tiết")),
        [(kinds.get(row["kind"], ""), own(row["title"]), own(row["detail"])) for row in data["rows"]],
        notes=(_more(data),) if data["more"] else (),
    )


def page(data: Data) -> Iterable[PageTable]:
    """Return one line a matter."""
    shown = view(data)
    yield PageTable(
        _("Việc cần chú ý"),
        (_("Việc"), _("Chi tiết")),
        tuple((one["title"], one["detail"]) for one in shown["rows"]),
        notes=(shown["more"],) if shown["more"] else (),
    )


def figures(data: Data) -> Iterable[Figure]:
    """Nothing of its own: what moved here moved in another section."""
    return ()


SECTION = Section(
    code="attention",
    title=gettext_lazy("Việc cần chú ý"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
