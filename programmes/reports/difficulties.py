"""Section "difficulties": what hindered the programmes and why, and what is proposed to which level of government."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from indicators.presenters.words import period_label
from mongcai_portal.common.exports import Table
from programmes.models import Difficulty, DifficultyProposal
from programmes.presenters.tasks import unit_text
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, own, text_mark
from programmes.rules.difficulties import RESOLVED
from programmes.selectors.difficulties import difficulties_until

ADDRESSEES = DifficultyProposal.Addressee
LABEL = 120  # of a text where it names a row

_ENTRY: Group = {
    "text": Text(gettext_lazy("Nội dung")),
    "causes": Text(gettext_lazy("Nguyên nhân khách quan và chủ quan; trống khi chưa nêu")),
    "programme": Text(gettext_lazy("Chương trình")),
    "place": Text(gettext_lazy("Xã, phường, hoặc cả địa bàn")),
    "period": Text(gettext_lazy("Kỳ báo cáo của nội dung")),
    "office": Text(gettext_lazy("Phòng ban theo dõi")),
    "status": Text(gettext_lazy("Đã giải quyết hay chưa vào cuối kỳ, và thế nào")),
    "mark": Text(gettext_lazy("Dấu tin cậy; trống khi có nguồn")),
}
_PROPOSAL: Group = {
    "text": Text(gettext_lazy("Nội dung kiến nghị")),
    "programme": Text(gettext_lazy("Chương trình")),
    "place": Text(gettext_lazy("Xã, phường, hoặc cả địa bàn")),
    "about": Text(gettext_lazy("Tồn tại, khó khăn mà kiến nghị nhằm giải quyết")),
    "mark": Text(gettext_lazy("Dấu tin cậy; trống khi có nguồn")),
}
SHAPE: Group = {
    "limitations": Rows(gettext_lazy("Từng tồn tại, hạn chế"), _ENTRY),
    "difficulties": Rows(gettext_lazy("Từng khó khăn, vướng mắc"), _ENTRY),
    "none": Text(gettext_lazy("Câu nói rằng kỳ này không ghi tồn tại, khó khăn nào; trống khi có")),
    "proposals": {
        ADDRESSEES.CENTRAL.value: Rows(gettext_lazy("Từng kiến nghị với Trung ương"), _PROPOSAL),
        ADDRESSEES.PROVINCE.value: Rows(gettext_lazy("Từng kiến nghị với tỉnh"), _PROPOSAL),
        ADDRESSEES.TOWN.value: Rows(gettext_lazy("Từng kiến nghị với thành phố"), _PROPOSAL),
        ADDRESSEES.COMMUNE.value: Rows(gettext_lazy("Từng kiến nghị với xã, phường"), _PROPOSAL),
        "none": Text(gettext_lazy("Câu nói rằng kỳ này không có kiến nghị nào; trống khi có")),
    },
}


def build(ground: Ground) -> Data:
    """Return the entries that the period tells, as they stood on its last day; withdrawn ones are not told."""
    inside = None if ground.is_home else {ground.world.area.id}
    found = difficulties_until(inside, ground.since, ground.until)
    return {"rows": [_row(one, ground.since) for one in found]}


def _row(one: Difficulty, since: date) -> Data:
    then: Any = one  # with what `stood_on` adds
    programme = one.programme
    return {
        "id": one.pk,
        "kind": one.kind,
        "programme": {"vi": programme.short_vi, "en": programme.short_en},
        "unit": one.unit.uid if one.unit else "",
        "place": both(lambda: unit_text(one)),
        "period": one.period,
        "earlier": one.ends_on < since,
        "office": {"vi": one.office.name_vi, "en": one.office.name_en},
        "text": one.text,
        "cause_objective": one.cause_objective,
        "cause_subjective": one.cause_subjective,
        "status": then.status_then,
        "resolved_on": then.resolved_then.isoformat() if then.resolved_then else None,
        "resolution": then.resolution_then,
        "provenance": one.provenance,
        "proposals": [
            {"number": said.number, "addressee": said.addressee, "text": said.text} for said in one.proposals.all()
        ],
    }


# --- Words --------------------------------------------------------------------------------------------------------


def _causes(row: Data) -> str:
    """Return the causes as one text, each said to be from outside or of one's own."""
    told = (
        (_("nguyên nhân khách quan: %(text)s"), row["cause_objective"]),
        (_("nguyên nhân chủ quan: %(text)s"), row["cause_subjective"]),
    )
    return "; ".join(words % {"text": _bare(text)} for words, text in told if text)


def _status(row: Data) -> str:
    """Return how an entry stood at the end of the period."""
    if row["status"] == RESOLVED:
        words = {"day": day(row["resolved_on"]), "how": _bare(row["resolution"])}
        return _("đã giải quyết ngày %(day)s: %(how)s") % words
    return _("còn từ kỳ trước, chưa giải quyết") if row["earlier"] else _("chưa giải quyết")


def _kind(row: Data) -> str:
    return str(Difficulty.Kind(row["kind"]).label)


def _bare(text: str) -> str:
    """Return a text without the stop at its end: a sentence of the report goes on behind it."""
    return text.rstrip(" .;")


def _entry(row: Data) -> dict[str, str]:
    return {
        "text": _bare(row["text"]),
        "causes": _causes(row),
        "programme": own(row["programme"]),
        "place": own(row["place"]),
        "period": period_label(row["period"]),
        "office": own(row["office"]),
        "status": _status(row),
        "mark": text_mark(row["provenance"]),
    }


def _proposals(data: Data) -> Iterable[tuple[Data, Data]]:
    """Return every proposal with its entry, from the centre down to the communes."""
    order = {code: at for at, code in enumerate(ADDRESSEES.values)}
    every = [(said, row) for row in data["rows"] for said in row["proposals"]]
    return sorted(every, key=lambda one: order[one[0]["addressee"]])


def view(data: Data) -> dict[str, Any]:
    """Return the texts, entries by their kind and proposals by whom they are made to."""
    proposals: dict[str, Any] = {code: [] for code in ADDRESSEES.values}
    for said, row in _proposals(data):
        proposals[said["addressee"]].append(
            {
                "text": _bare(said["text"]), "programme": own(row["programme"]), "place": own(row["place"]),
                "about": _bare(row["text"]), "mark": text_mark(row["provenance"]),
            }
        )  # fmt: skip
    said_any = any(proposals.values())
    return {
        "limitations": [_entry(row) for row in data["rows"] if row["kind"] == Difficulty.Kind.LIMITATION],
        "difficulties": [_entry(row) for row in data["rows"] if row["kind"] == Difficulty.Kind.DIFFICULTY],
        "none": "" if data["rows"] else _("Trong kỳ không ghi tồn tại, khó khăn nào trên cổng."),
        "proposals": proposals | {"none": "" if said_any else _("Trong kỳ không ghi kiến nghị nào trên cổng.")},
    }


def _to(said: Data) -> str:
    return str(ADDRESSEES(said["addressee"]).label)


def tables(data: Data) -> Iterable[Table]:
    """Return one line an entry, and one a proposal."""
    programme, place = pgettext("difficulty", "Chương trình"), pgettext("difficulty", "Địa bàn")
    yield Table(
        _("Tồn tại, khó khăn, nguyên nhân"),
        (
            programme, place, _("Kỳ báo cáo"), _("Loại nội dung"), _("Tồn tại, khó khăn"),
            _("Nguyên nhân khách quan"), _("Nguyên nhân chủ quan"), _("Phòng ban theo dõi"), _("Đến cuối kỳ"),
            _("Ngày giải quyết xong"), _("Dấu tin cậy"),
        ),
        [
            (
                own(row["programme"]), own(row["place"]), period_label(row["period"]), _kind(row), row["text"],
                row["cause_objective"], row["cause_subjective"], own(row["office"]), _status(row),
                date.fromisoformat(row["resolved_on"]) if row["resolved_on"] else None, text_mark(row["provenance"]),
            )
            for row in data["rows"]
        ],
    )  # fmt: skip
    yield Table(
        _("Kiến nghị, đề xuất"),
        (
            pgettext("difficulty", "Kiến nghị với"), _("Nội dung kiến nghị"), programme, place,
            _("Tồn tại, khó khăn"), _("Dấu tin cậy"),
        ),
        [
            (
                _to(said), said["text"], own(row["programme"]), own(row["place"]), row["text"],
                text_mark(row["provenance"]),
            )
            for said, row in _proposals(data)
        ],
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return one line an entry, and one a proposal."""
    shown = view(data)
    where = [(row, f"{own(row['programme'])} · {own(row['place'])}") for row in data["rows"]]
    yield PageTable(
        _("Tồn tại, khó khăn, nguyên nhân"),
        (_("Tồn tại, khó khăn"), _("Nguyên nhân"), _("Chương trình, địa bàn"), _("Đến cuối kỳ")),
        tuple(
            (_marked(row["text"], row), _causes(row) or _("chưa nêu"), place, f"{_kind(row)}; {_status(row)}")
            for row, place in where
        ),
        notes=(shown["none"],) if shown["none"] else (),
    )
    yield PageTable(
        _("Kiến nghị, đề xuất"),
        (pgettext("difficulty", "Kiến nghị với"), _("Nội dung kiến nghị"), _("Chương trình, địa bàn")),
        tuple(
            (_to(said), _marked(said["text"], row), f"{own(row['programme'])} · {own(row['place'])}")
            for said, row in _proposals(data)
        ),
        notes=(shown["proposals"]["none"],) if shown["proposals"]["none"] else (),
    )


def _marked(text: str, row: Data) -> str:
    mark = text_mark(row["provenance"])
    return f"{text} ({mark})" if mark else text


def figures(data: Data) -> Iterable[Figure]:
    """Return each entry with its causes and how it stands, and each proposal, by numbers that do not change."""
    for row in data["rows"]:
        named = row["text"] if len(row["text"]) <= LABEL else row["text"][:LABEL].rstrip() + "…"
        where = f"{own(row['programme'])}, {own(row['place'])}: {named}"
        told = " · ".join(filter(None, (_kind(row), row["text"], _causes(row), _status(row))))
        yield Figure(f"difficulty/{row['id']}", where, told, ("difficulties",), row["unit"])
        for said in row["proposals"]:
            label = _("%(where)s (kiến nghị %(n)s)") % {"where": where, "n": said["number"]}
            text = f"{_to(said)}: {said['text']}"
            yield Figure(f"proposal/{row['id']}/{said['number']}", label, text, ("difficulties",), row["unit"])


SECTION = Section(
    code="difficulties",
    title=gettext_lazy("Tồn tại, khó khăn và kiến nghị"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
