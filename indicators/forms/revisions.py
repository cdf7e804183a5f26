"""Which two revisions a reader wants side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Report
from indicators.selectors.changes import usual_pair


@dataclass(frozen=True, slots=True)
class Pair:
    """The two numbers; `faults` by parameter say what is wrong with them, and then they are the usual two."""

    old: int
    new: int
    faults: dict[str, str]


def read_pair(data: Mapping[str, str], report: Report) -> Pair | None:
    """Read `from` and `to`; None when the report has only one revision and nothing was asked."""
    usual = usual_pair(report)
    asked = {name: data.get(name, "").strip() for name in ("from", "to")}
    if usual is None and not any(asked.values()):
        return None
    faults: dict[str, str] = {}
    numbers = []
    for (name, text), fallback in zip(asked.items(), usual or (1, 1), strict=True):
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        if text and not 1 <= number <= report.revision:
            faults[name] = _("Không có bản “%(text)s”; báo cáo này có các bản từ 1 đến %(last)s.") % {
                "text": text[:20],
                "last": report.revision,
            }
        numbers.append(number if text and name not in faults else fallback)
    if not faults and numbers[0] == numbers[1]:
        faults["to"] = _("Chọn hai bản khác nhau để so sánh.")
    if faults:
        numbers = list(usual or (0, 0))
    return Pair(numbers[0], numbers[1], faults)
