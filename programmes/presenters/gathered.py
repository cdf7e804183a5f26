"""What the communes' own figures give for an area, beside what was printed: in one sentence, and commune by commune."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.words import listed
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi, number, percent1
from programmes.measures.observed import whole_value
from programmes.measures.parts import Gathered, GatheredPart
from programmes.measures.values import COMMUNE, PERCENT, MeasureValue
from programmes.measures.words import amount, language
from programmes.presenters.entries import FigureLine, figure_line
from programmes.presenters.text import name_of
from programmes.rules.gather import MEAN, SHARE


@dataclass(frozen=True, slots=True)
class PartLine:
    """What a commune contributes: its figures by source, and its people where a mean is weighted."""

    name: str
    url: str
    figures: tuple[FigureLine, ...]
    people: str
    differs: bool
    lacks: str


@dataclass(frozen=True, slots=True)
class GatheredView:
    """The card: the figure ("" while one commune is missing), what it is beside the printed one, and the communes."""

    day: str
    value: str
    unit: str
    how: str
    beside: str
    differs: bool
    missing: str
    weighted: bool
    parts: tuple[PartLine, ...]
    hidden: str
    provenance: str


def gathered_view(value: MeasureValue) -> GatheredView | None:
    """Arrange what the communes' figures give; None where none has any."""
    found = value.gathered
    if found is None:
        return None
    whole = whole_value(value.unit, found)
    beside, differs = _beside(value, found, whole)
    names = listed([name_of(one.place) for one in found.lacking])
    return GatheredView(
        day=date_vi(found.day),
        value=amount(value.unit, whole) if whole is not None else "",
        unit="" if value.unit == PERCENT else str(value.unit_label),
        how=_how(found, value.unit),
        beside=beside,
        differs=differs,
        missing=_("Còn thiếu hoặc chưa dùng được số của: %(names)s.") % {"names": names} if names else "",
        weighted=found.how == MEAN,
        parts=tuple(_part(one, found, value) for one in found.parts),
        hidden=ngettext(
            "%(n)s xã khác ngoài phạm vi của bạn không được liệt kê.",
            "%(n)s xã khác ngoài phạm vi của bạn không được liệt kê.",
            found.hidden,
        )
        % {"n": found.hidden}
        if found.hidden
        else "",
        provenance=found.provenance,
    )


def _how(found: Gathered, unit: str) -> str:
    whole = found.whole
    if unit == COMMUNE and whole is not None:  # each commune enters whether it is one of them
        n = len(found.parts) + found.hidden
        return ngettext("trên %(n)s xã đã nhập", "trên %(n)s xã đã nhập", n) % {"n": n}
    if found.how == SHARE and whole is not None and whole.numerator is not None:
        return f"{number(whole.numerator)}/{number(whole.denominator)}"
    return {
        MEAN: _("thu nhập của từng xã nhân với dân số, cộng lại, chia cho tổng dân số"),
        SHARE: _("tổng tử số chia tổng mẫu số"),
    }.get(found.how, _("tổng số của từng xã"))


def _beside(value: MeasureValue, found: Gathered, whole: Decimal | None) -> tuple[str, bool]:
    """What the computed figure is beside the printed one of the same day, and whether they differ."""
    if value.is_gathered:
        return _("Chưa có số công bố cho địa bàn vào ngày này: đây là con số đang hiện."), False
    if whole is None or value.value is None or value.own_day != found.day:
        return "", False
    apart = whole - value.value
    if apart == 0:
        return _("Trùng với số công bố."), False
    words = {
        "more": percent1(abs(apart)) if value.unit == PERCENT else format_decimal(abs(apart), language()),
        "printed": amount(value.unit, value.value),
    }
    text = (
        _("Cao hơn %(more)s so với số công bố %(printed)s.")
        if apart > 0
        else _("Thấp hơn %(more)s so với số công bố %(printed)s.")
    )
    return text % words, True


def _part(one: GatheredPart, found: Gathered, value: MeasureValue) -> PartLine:
    lacks = ""
    if one.conflict:
        lacks = _("các nguồn nêu khác nhau")
    elif not one.facts:
        lacks = _("chưa nhập")
    elif one in found.lacking:
        lacks = _("chưa có dân số của năm") if found.how == MEAN else _("chỉ có tỷ lệ, thiếu tử số và mẫu số")
    figures = tuple(figure_line(fact, value.unit, differs=one.conflict) for fact in one.facts)
    people = one.people.value if one.people is not None else None
    return PartLine(
        name=name_of(one.place),
        url=link("statistics", unit=one.place.uid, year=found.day.year),
        figures=figures,
        people=str(number(people)) if people is not None else "",
        differs=one.conflict,
        lacks=lacks,
    )
