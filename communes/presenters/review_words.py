"""Poverty statuses and results in words, with a shape and a colour class each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communes.models import PovertyStatus, ReviewResult, UndeterminedReason
from communes.rules.poverty.classify import BY_INCOME, Classification
from communes.selectors.reviews.rounds import RoundStandardSpec
from mongcai_portal.common.templatetags.portal import localname, number

# class, icon: poor needs the most attention; undetermined is a question.
_LOOK = {
    "poor": ("unmet", "alert-circle"),
    "near_poor": ("part", "alert-triangle"),
    "not_poor": ("met", "circle-check"),
    "undetermined": ("none", "help-circle"),
}


@dataclass(frozen=True, slots=True)
class ResultView:
    """A household's status under one standard: word, look, and why. `provincial`: a province set it for its own."""

    standard: str
    standard_name: str
    year: int
    status: str
    word: str
    look: str
    icon: str
    why: str
    unverified: bool = False
    provincial: bool = False


def status_word(status: str) -> str:
    return str(PovertyStatus(status).label)


def result_word(status: str, average: bool | None) -> str:
    """A result in words: its status, and that it is of average living standard."""
    word = status_word(status)
    return _("%(status)s, mức sống trung bình") % {"status": word} if average else word


def look_of(status: str) -> tuple[str, str]:
    """Colour class and icon of a status."""
    return _LOOK[status]


def result_view(standard: RoundStandardSpec, said: Classification) -> ResultView:
    """Return a result as the sheet shows it while it is typed."""
    look, icon = _LOOK[said.status]
    return ResultView(
        standard=standard.spec.code,
        standard_name=localname(standard),
        year=standard.effective_year,
        status=said.status,
        word=result_word(said.status, said.average_living),
        look=look,
        icon=icon,
        why=_why(said),
        unverified=said.unverified,
        provincial=bool(standard.spec.area),
    )


def _why(said: Classification) -> str:
    if said.reason:
        return str(UndeterminedReason(said.reason).label)
    line = said.line
    if line is None:
        return ""
    limit, words = line.limit(line.deciding), []
    if line.basis == BY_INCOME:
        told = {"value": number(line.value), "limit": number(limit)}
        inside = _("thu nhập %(value)s đồng, trong mức %(limit)s đồng")
        words.append(
            (_("thu nhập %(value)s đồng, trên mức %(limit)s đồng") if line.place == "above" else inside) % told
        )
    else:
        told = {"value": number(line.value), "limit": number(limit)}
        inside = _("điểm A %(value)s, trong mức %(limit)s")
        words.append((_("điểm A %(value)s, trên mức %(limit)s") if line.place == "above" else inside) % told)
    test = said.deprivation
    if test is not None and line.place != "above":
        count = (
            _("điểm B %(low)s, mức %(least)s")
            if test.measure == "points"
            else _("%(low)s chỉ số thiếu hụt, mức %(least)s")
        )
        words.append(count % {"low": test.low, "least": test.least})
    if line.disagrees:
        words.append(_("thu nhập đã ghi ở phía khác của mức chuẩn: hãy xem lại"))
    return "; ".join(words)


def stored_results(results: Iterable[ReviewResult]) -> list[ResultView]:
    """Return the results of a finished sheet."""
    found = []
    for one in sorted(results, key=lambda row: row.pk):
        look, icon = _LOOK[one.status]
        why = str(UndeterminedReason(one.reason).label) if one.reason else ""
        found.append(
            ResultView(
                one.standard.code, localname(one.standard), one.effective_year, one.status,
                result_word(one.status, one.average_living), look, icon, why,
                provincial=one.standard.area_id is not None,
            )
        )  # fmt: skip
    return found


def before_words(before: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """What a household was when it was listed, standard by standard."""
    return [f"{status_word(status)} ({names.get(code, code)})" for code, status in sorted(before.items())]
