"""The members of a denominator: recognised or not, attained or not, and by name what each one lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.presenters.register import decided_text
from indicators.rules.freshness import Late
from indicators.rules.marks import Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, padded
from programmes.measures.explained import Contribution, Explanation
from programmes.measures.facts import RecognitionFact
from programmes.measures.ntm import apart
from programmes.measures.values import MeasureValue
from programmes.measures.words import language
from programmes.presenters.text import name_of, names


@dataclass(frozen=True, slots=True)
class Act:
    """A recognition as read."""

    level: str
    number: str
    day: str
    expires: str
    provenance: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A criterion that keeps a member from the level, with the address of its reason."""

    label: str
    outcome: str
    url: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of the denominator: counts (met), does not (not_met), or nothing is known (no_data).

    `recognised`, `attained`: outcome codes at the measure's level, "" when it has none. `below`: its own criteria are
    met, but the level below is not.
    """

    name: str
    state: str
    state_label: str
    acts: tuple[Act, ...]
    criteria: str
    missing: tuple[Missing, ...]
    period: str
    illustrative: bool
    unverified: bool
    judged: bool
    computed: bool
    url: str
    recognised: str
    recognised_word: str
    attained: str
    attained_word: str
    below: str
    below_url: str
    late: Late | None


def act(found: RecognitionFact) -> Act:
    """A recognition as read; a source that names only the year shows only the year."""
    return Act(
        level=(found.level_name_en if language() == "en" else found.level_name_vi),
        number=found.decision_number,
        day=decided_text(found),
        expires=date_vi(found.expires_on),
        provenance=found.provenance,
        source=found.source,
        note=found.note,
    )


def member_row(found: Explanation, one: Contribution) -> MemberRow:
    """Arrange a member; every criterion that it lacks leads to its reason, at the level and day of the measure."""
    value = found.value
    stored, report = one.attainment, one.report
    level = value.level.code if value.level else ""
    state = {True: "met", False: "not_met", None: "no_data"}[one.counts]
    labels = {
        "met": _("Được tính"),
        "not_met": _("Không được tính"),
        "no_data": _("Chưa có số liệu"),
    }
    waits = stored is not None and stored.outcome != "met" and not one.missing and found.below is not None
    return MemberRow(
        name=name_of(one.place),
        state=state,
        state_label=labels[state],
        acts=tuple(act(r) for r in one.recognitions),
        criteria=f"{stored.criteria_met}/{stored.criteria_total}" if stored else "",
        missing=tuple(
            Missing(
                f"{c.number}. {name_of(c)}",
                c.outcome,
                link("attainment_criterion", one.place.uid, c.number, as_of=value.as_of, level=level),
                c.marks,
            )
            for c in one.missing
        ),
        period=report.period if report else "",
        illustrative=bool(report and report.illustrative),
        unverified=bool(stored and stored.unverified),
        judged=bool(stored and stored.judged),
        computed=stored is not None,
        url=link("attainment_unit", one.place.uid, as_of=value.as_of, level=level)
        if report or one.recognitions
        else "",
        recognised=_code(one.recognised) if level else "",
        recognised_word=_("Được công nhận") if one.recognised else _("Chưa được công nhận"),
        attained=_code(one.attained) if level else "",
        attained_word={
            True: _("Đạt theo số liệu"),
            False: _("Chưa đạt theo số liệu"),
            None: _("Chưa tính được từ số liệu"),
        }[one.attained],
        below=_("đủ tiêu chí của mức này, nhưng chưa đạt mức “%(level)s”") % {"level": name_of(found.below)}
        if waits and found.below
        else "",
        below_url=link("attainment_unit", one.place.uid, as_of=value.as_of, level=found.below.code)
        if waits and found.below
        else "",
        late=one.late,
    )


def _code(answer: bool | None) -> str:
    return {True: "met", False: "not_met", None: "no_data"}[answer]


def _sides(found: Explanation) -> tuple[MeasureValue, MeasureValue] | None:
    """The recognised and the attained ratio of the level, when both have a value and count different members."""
    if found.beside is None or found.value.value is None:
        return None
    pair = (found.value, found.beside)
    recognised, attained = pair if found.value.code.startswith("ntm.recognised.") else pair[::-1]
    return (recognised, attained) if recognised.counted != attained.counted else None


def news(found: Explanation) -> str:
    """That recognition and the figures differ, with both counts; "" when they agree."""
    sides = _sides(found)
    if sides is None:
        return ""
    recognised, attained = sides
    return both_counts(recognised, attained)


def both_counts(recognised: MeasureValue, attained: MeasureValue) -> str:
    """Both counts in one line: `Công nhận 05/05 xã, số liệu đã duyệt cho thấy 04/05 xã đạt`."""
    return _("Công nhận %(n)s/%(of)s xã, số liệu đã duyệt cho thấy %(m)s/%(of)s xã đạt") % {
        "n": padded(recognised.numerator),
        "m": padded(attained.numerator),
        "of": padded(recognised.denominator),
    }


def news_lines(found: Explanation) -> tuple[str, ...]:
    """Which members differ, as far as the reader may see them."""
    sides = _sides(found)
    if sides is None:
        return ()
    return differing_lines(*sides, seen={m.place.id for m in found.members})


def differing_lines(
    recognised: MeasureValue, attained: MeasureValue, seen: Iterable[int] | None = None
) -> tuple[str, ...]:
    """The members recognised while their figures fall short, and the other way; without figures they are neither."""
    visible = None if seen is None else set(seen)
    short, ahead = ([p for p in side if visible is None or p.id in visible] for side in apart(recognised, attained))
    lines = []
    if short:
        lines.append(_("đã công nhận, số liệu chưa đủ: %(names)s") % {"names": names(short)})
    if ahead:
        lines.append(_("số liệu đủ, chưa công nhận: %(names)s") % {"names": names(ahead)})
    return tuple(lines)
