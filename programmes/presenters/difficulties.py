"""Difficulties and proposals as pages and files show them: words, shapes, links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.models import UnitVersion
from indicators.presenters.words import period_label, unit_title
from indicators.selectors.layout import Name
from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, localname
from programmes.models import Difficulty, DifficultyEntry, DifficultyProposal
from programmes.presenters.programme_words import local
from programmes.presenters.tasks import Chip, unit_text
from programmes.reports.words import text_mark
from programmes.rules import difficulties as rules
from programmes.selectors.difficulties import DifficultyCounts, UnitDifficulties

FIRST_YEAR = 2021  # the first one that a form offers


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as a row, and the head of its page."""

    difficulty: Difficulty
    text: str
    url: str
    kind: Chip
    programme: str
    place: str
    period: str
    office: str
    status: Chip
    addressees: str
    proposals: tuple[tuple[str, str], ...]


def status_chip(status: str) -> Chip:
    """A status by word, shape and colour."""
    looks = {
        rules.OPEN: ("part", "circle-dot"),
        rules.RESOLVED: ("approved", "circle-check"),
        rules.WITHDRAWN: ("none", "ban"),
    }
    code, icon = looks[status]
    return Chip(code, icon, str(Difficulty.Status(status).label))


def kind_chip(kind: str) -> Chip:
    """A kind by word and shape."""
    icon = "exclamation-circle" if kind == Difficulty.Kind.LIMITATION else "alert-triangle"
    return Chip("none", icon, str(Difficulty.Kind(kind).label))


def addressee_word(code: str) -> str:
    """The level that a proposal is made to."""
    return str(DifficultyProposal.Addressee(code).label)


def card(row: Difficulty) -> Card:
    """Arrange an entry of `selectors.difficulties.difficulties_seen`."""
    proposals = tuple((addressee_word(one.addressee), one.text) for one in row.proposals.all())
    return Card(
        difficulty=row,
        text=row.text,
        url=link("difficulty", row.pk),
        kind=kind_chip(row.kind),
        programme=local(row.programme, "short"),
        place=unit_text(row),
        period=period_label(row.period),
        office=localname(row.office),
        status=status_chip(row.status),
        addressees=", ".join(dict.fromkeys(word for word, _text in proposals)),
        proposals=proposals,
    )


def status_choices(counts: DifficultyCounts) -> list[tuple[str, str, int]]:
    """The filter by status, with its counts."""
    return [
        ("", pgettext("difficulty", "Mọi trạng thái"), counts.total),
        *((value, str(label), counts.by_status[value]) for value, label in Difficulty.Status.choices),
    ]


def period_choices(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that an entry can be of, the newest year first: whole years, halves and quarters that have begun."""
    found = []
    for year in range(today.year, FIRST_YEAR - 1, -1):
        begun = [(f"{year}-H{n}", date(year, 6 * n - 5, 1)) for n in (1, 2)]
        begun += [(f"{year}-Q{n}", date(year, 3 * n - 2, 1)) for n in (1, 2, 3, 4)]
        codes = [str(year), *(code for code, first in begun if first <= today)]
        found.append((str(year), [(code, period_label(code)) for code in codes]))
    return found


def with_period(choices: list[tuple[str, Any]], code: str) -> list[tuple[str, Any]]:
    """Offer the period of an entry that the choices do not have, such as a month."""
    known = {one for _year, group in choices for one, _label in group}
    return choices if not code or code in known else [*choices, (code[:4], [(code, period_label(code))])]


def place_choices(versions: Iterable[UnitVersion]) -> list[tuple[str, str]]:
    """Offer communes and wards by their last names; one that was merged says until when it was there."""
    found = []
    for one in versions:
        name = unit_title(Name(one.name_vi, one.name_en), one.kind)
        if one.valid_to is not None:
            name = _("%(name)s (đến %(day)s)") % {"name": name, "day": date_vi(one.valid_to)}
        found.append((one.unit.uid, name))
    return found


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move as a form: what it is called, and how it looks."""

    name: str
    title: str
    icon: str
    day: bool
    first: bool


def move_views(names: Iterable[str]) -> list[MoveView]:
    """The moves with a form of their own that this reader may take now; changing an entry has a page."""
    words = {
        rules.RESOLVE: (_("Ghi kết quả giải quyết"), "circle-check"),
        rules.REOPEN: (pgettext("difficulty", "Mở lại"), "lock-open"),
        rules.WITHDRAW: (pgettext("difficulty", "Rút nội dung"), "ban"),
    }
    return [
        MoveView(name, title, icon, day=name == rules.RESOLVE, first=name == rules.RESOLVE)
        for name, (title, icon) in words.items()
        if name in set(names)
    ]


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of the history, and what a change replaced."""

    entry: DifficultyEntry
    icon: str
    before: tuple[tuple[str, str], ...]


def entry_views(entries: Iterable[DifficultyEntry]) -> list[EntryView]:
    """Return the history with its shapes."""
    kinds = DifficultyEntry.Kind
    icons = {
        kinds.WRITTEN: "plus", kinds.CHANGED: "edit", kinds.RESOLVED: "circle-check", kinds.REOPENED: "lock-open",
        kinds.WITHDRAWN: "ban", kinds.TASKED: "list-check",
    }  # fmt: skip
    return [EntryView(one, icons[kinds(one.kind)], _before(one.before)) for one in entries]


def _before(before: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    names = {
        "text": _("Tồn tại, khó khăn"), "cause_objective": _("Nguyên nhân khách quan"),
        "cause_subjective": _("Nguyên nhân chủ quan"), "proposals": _("Kiến nghị"), "kind": _("Loại nội dung"),
        "programme": pgettext("difficulty", "Chương trình"), "period": _("Kỳ báo cáo"),
        "unit": pgettext("difficulty", "Địa bàn"), "office": _("Phòng ban theo dõi"),
    }  # fmt: skip

    def said(name: str, value: Any) -> str:
        if name == "proposals":
            return "; ".join(f"{addressee_word(to)}: {text}" for to, text in value) or _("không có")
        if name == "kind":
            return str(Difficulty.Kind(value).label)
        if name == "period":
            return period_label(value)
        return str(value) or _("không có")

    return tuple((names[name], said(name, before[name])) for name in names if name in before)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which what was typed is not what stands, both in words."""

    label: str
    stands: str
    typed: str


def differences(form: Form, found: Mapping[str, tuple[Any, Any]]) -> list[Difference]:
    """Put fields of `services.difficulties.writing.differing` into the words of their form."""

    def said(name: str, value: Any) -> str:
        if name == "proposals":
            words = "\n".join(f"{addressee_word(to) if to else '–'}: {text}" for to, text in value)
        else:
            words = str(_offered(form.fields[name]).get(value, value))
        return words or _("không có")

    labels = {name: str(field.label) for name, field in form.fields.items()} | {"proposals": _("Kiến nghị")}
    return [Difference(labels[name], said(name, stands), said(name, typed)) for name, (stands, typed) in found.items()]


def _offered(field: Any) -> dict[str, Any]:
    """The choices of a field by their codes, also those that stand in groups; of a text there are none."""
    found: dict[str, Any] = {}
    for code, label in getattr(field, "choices", ()):
        found |= dict(label) if isinstance(label, (list, tuple)) else {code: label}
    return found


@dataclass(frozen=True, slots=True)
class UnitView:
    """The entries of a commune on its page."""

    counts: DifficultyCounts
    rows: tuple[tuple[Difficulty, str, str], ...]
    url: str


def unit_view(found: UnitDifficulties, uid: str) -> UnitView:
    rows = tuple((one, local(one.programme, "short"), period_label(one.period)) for one in found.first)
    return UnitView(found.counts, rows, link("difficulty_list", unit=uid))


def difficulty_tables(cards: Sequence[Card], *, lines: list[str]) -> list[Table]:
    """The list as a workbook: the entries with their causes, and a line a proposal."""

    def row(one: Card) -> list[Cell]:
        item = one.difficulty
        return [
            item.pk, one.programme, one.place, one.period, one.kind.label, item.text, item.cause_objective,
            item.cause_subjective, one.office, one.status.label, item.resolved_on, item.resolution,
            text_mark(item.provenance),
        ]  # fmt: skip

    number, programme, place = _("Số"), pgettext("difficulty", "Chương trình"), pgettext("difficulty", "Địa bàn")
    return [
        Table(
            title=_("Tồn tại, khó khăn, nguyên nhân"),
            name=_("Tồn tại, khó khăn"),
            lines=lines,
            headings=[
                number, programme, place, _("Kỳ báo cáo"), _("Loại nội dung"), _("Tồn tại, khó khăn"),
                _("Nguyên nhân khách quan"), _("Nguyên nhân chủ quan"), _("Phòng ban theo dõi"), _("Trạng thái"),
                _("Ngày giải quyết xong"), _("Kết quả giải quyết"), _("Dấu tin cậy"),
            ],
            rows=[row(one) for one in cards],
        ),
        Table(
            title=_("Kiến nghị, đề xuất"),
            name=_("Kiến nghị"),
            lines=lines,
            headings=[
                number, pgettext("difficulty", "Kiến nghị với"), _("Nội dung kiến nghị"), programme,
                place, _("Kỳ báo cáo"), _("Tồn tại, khó khăn"), _("Trạng thái"), _("Dấu tin cậy"),
            ],
            rows=[
                (one.difficulty.pk, to, text, one.programme, one.place, one.period, one.text, one.status.label,
                 text_mark(one.difficulty.provenance))
                for one in cards
                for to, text in one.proposals
            ],
        ),
    ]  # fmt: skip
