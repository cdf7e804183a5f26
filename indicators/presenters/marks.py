"""The words and shapes of what a result rests on: one place for every page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.rules.marks import Marks


@dataclass(frozen=True, slots=True)
class MarkWord:
    """One mark as read: its word, what it means, its icon, and the sign that stands for it where there is no room."""

    code: str
    word: str
    meaning: str
    icon: str
    sign: str


def marks_of(thing: object, *, illustrative: bool | None = None) -> Marks:
    """Return the marks of any result, stored or computed; what a thing does not say counts as absent.

    A stored result says `rests_on_unverified` and `rests_on_judgement`, a computed one `unverified` and `judged`.
    `illustrative` given replaces what the thing says of itself.
    """
    if isinstance(thing, Marks):
        found = thing
    else:
        found = Marks(
            unverified=bool(getattr(thing, "rests_on_unverified", getattr(thing, "unverified", False))),
            judged=bool(getattr(thing, "rests_on_judgement", getattr(thing, "judged", False))),
            illustrative=bool(getattr(thing, "illustrative", False)),
        )
    return found if illustrative is None else Marks(found.unverified, found.judged, illustrative)


def mark_words(marks: Marks, judged_by: str = "") -> list[MarkWord]:
    """The marks as read, the gravest first; `judged_by` names who judged."""
    words = []
    if marks.illustrative:
        words.append(
            MarkWord(
                "illustrative",
                _("minh họa"),
                _("Tính từ số liệu minh họa, không phải số đã công bố"),
                "info-circle",
                "※",
            )
        )
    if marks.unverified:
        words.append(
            MarkWord(
                "unverified",
                _("mức chưa đối chiếu"),
                _("Kết quả dựa trên mức đạt chuẩn chưa đối chiếu với văn bản gốc"),
                "alert-triangle",
                "△",
            )
        )
    if marks.judged:
        meaning = _("Chưa có mức đạt chuẩn: kết quả theo thẩm định của phòng ban")
        words.append(
            MarkWord(
                "judgement",
                _("thẩm định của phòng ban"),
                f"{meaning} ({judged_by})" if judged_by else meaning,
                "gavel",
                "◇",
            )
        )
    return words


def marks_text(marks: Marks) -> str:
    """The marks in one line: `mức chưa đối chiếu, thẩm định của phòng ban`; "" without any."""
    return _text(marks, get_language() or "vi") if marks else ""


@lru_cache(maxsize=64)
def _text(marks: Marks, _language: str) -> str:
    """Put it into words once for each language: a matrix says it in thousands of labels."""
    return ", ".join(word.word for word in mark_words(marks))
