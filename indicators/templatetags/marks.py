"""Tags that show what a result rests on, by words on a page and by icons with words where there is no room."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from indicators.presenters.freshness import late_reason, late_text
from indicators.presenters.marks import mark_words, marks_of, marks_text
from indicators.rules.freshness import Late
from indicators.rules.marks import Marks

register = template.Library()


@register.simple_tag
def rest_marks(
    thing: Any, compact: bool = False, line: bool = False, illustrative: bool | None = None, judged_by: str = ""
) -> SafeString:
    """Marks of a result: `{% rest_marks result %}`; `line=True` as a line of small text where chips are too many.

    `compact=True` in narrow cells (then a legend stands below). `illustrative=…` says it of a result that does not know
    its report; `judged_by` names the office.
    """
    marks = marks_of(thing, illustrative=illustrative)
    look = "compact" if compact else "line" if line else "chips"
    return _drawn(marks, look, judged_by, get_language() or "vi") if marks else mark_safe("")


@lru_cache(maxsize=256)
def _drawn(marks: Marks, look: str, judged_by: str, _language: str) -> SafeString:
    """Draw the component once for each look: a matrix shows the same few marks in hundreds of cells."""
    words = {"words": mark_words(marks, judged_by), "look": look}
    return render_to_string("components/rest_marks.html", words)


@register.inclusion_tag("components/rest_legend.html")
def rest_legend(illustrative: bool = False) -> dict[str, Any]:
    """What the icons of compact marks mean: entries for a list of class `legend`."""
    return {"words": mark_words(Marks(unverified=True, judged=True, illustrative=illustrative))}


@register.simple_tag
def late_mark(late: Late | None, compact: bool = False) -> SafeString:
    """Mark of a figure that is older than it should be: `{% late_mark value.late %}`; nothing when it is not."""
    if late is None:
        return mark_safe("")
    return render_to_string(
        "components/late.html",
        {"text": late_text(late), "reason": late_reason(late), "compact": compact, "failed": late.failed},
    )


@register.filter
def rest_words(thing: Any) -> str:
    """The marks for a label or title, after what they belong to: `, mức chưa đối chiếu`; "" without any."""
    text = marks_text(marks_of(thing))
    return f", {text}" if text else ""
