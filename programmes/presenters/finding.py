"""The day in one sentence, above the figures of the overview."""

from __future__ import annotations

from django.utils.translation import gettext as _

from programmes.measures.facts import World
from programmes.measures.ntm import apart
from programmes.presenters.text import names
from programmes.selectors.overview import Overview


def finding(world: World, found: Overview) -> str:
    """The day in one sentence: what is recognised, what the figures say, and who falls short."""
    if not world.levels:
        return ""
    level = world.levels[0]
    recognised, attained = found.values[f"ntm.recognised.{level.code}"], found.values[f"ntm.attained.{level.code}"]
    if recognised.value is None:
        return ""
    words = {"n": recognised.numerator, "of": recognised.denominator, "m": attained.numerator}
    first = _("%(n)s/%(of)s xã được công nhận đạt chuẩn nông thôn mới") % words
    if attained.value is None:
        return first + "."
    short, _ahead = apart(recognised, attained)
    if not short:
        return first + "; " + _("số liệu đã duyệt cho thấy %(m)s xã đủ mọi tiêu chí.") % words
    return (
        first
        + "; "
        + _("theo số liệu đã duyệt, %(m)s xã đủ mọi tiêu chí, còn thiếu: %(names)s.") % {**words, "names": names(short)}
    )
