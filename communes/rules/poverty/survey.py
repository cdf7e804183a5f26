"""Can what a survey sheet says be stored? Pure: it answers with codes; `services.survey` has the words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from communes.rules.poverty.scores import TableSpec, a_score, allows, choice_faults, count
from communes.rules.poverty.types import FormSpec, HouseholdFacts
from mongcai_portal.common.numbers import NumberFault, parse_decimal, parse_plain

# Numbers as the API writes them, whatever the reader's language.
PLAIN = "plain"

# What quick screening (phiếu A) came to. The sheet's questions were not to be had: only its result is kept.
TO_SURVEY, SCREENED_OUT = "survey", "screened_out"
SCREENING = (TO_SURVEY, SCREENED_OUT)

# What a small integer column of either database holds.
SMALL_INTEGER = 32767
# The bound of A while its table is not entered, ours alone: no text at hand states a highest score. The limits of the
# poor, 140 and 175, stand for the income lines (TT 07/2021), so 1 000 would be some six times a line: nobody surveyed
# comes near it, and a digit too many goes beyond it from 100 points on.
HIGHEST_A = 999
# Đồng per person per month: fifteen digits less four decimals are what numbers of the portal have.
HIGHEST_INCOME = 99_999_999_999


@dataclass(frozen=True, slots=True)
class Said:
    """A survey sheet as someone filled it in; blank: not recorded.

    Numbers are read in the format of `language`. `answers`: deprived or not, by deprivation. `chosen`: the options of
    the item table, by item.
    """

    income: object = None
    a_score: object = None
    b_score: object = None
    answers: Mapping[str, object] = field(default_factory=dict)
    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    screening: str = ""
    farming: object = None
    language: str = PLAIN


@dataclass(frozen=True, slots=True)
class Survey:
    """A sheet that passed every check; `b_score` and `a_score` are those of the answers where these give them."""

    form: str
    income: int | None
    a_score: int | None
    b_score: int | None
    answers: Mapping[str, bool]
    screening: str
    farming: bool | None

    def facts(self, area_type: str, farming: bool | None = None) -> HouseholdFacts:
        """Return what the rules read of it, for a household of this area type on the day.

        `farming` is what is known otherwise; it stands in where the sheet says nothing.
        """
        return HouseholdFacts(
            area_type=area_type,
            income=self.income,
            form=self.form,
            answers=self.answers,
            a_score=self.a_score,
            b_score=self.b_score,
            screened_out=self.screening == SCREENED_OUT,
            farming=farming if self.farming is None else self.farming,
        )


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault: its stable code, the field it is about (and the place in it), and what its words need."""

    code: str
    about: tuple[str, ...]
    told: Mapping[str, object] = field(default_factory=dict)


def check(said: Said, form: FormSpec, table: TableSpec | None = None) -> Survey | tuple[Wrong, ...]:
    """Return the sheet as it is to be stored, or everything that is wrong with it.

    Args:
        form: the form it is filled in by.
        table: the items of A for its region and area type; None while they are not entered.
    """
    wrong: list[Wrong] = []
    income = _number(said.income, "income", said.language, HIGHEST_INCOME, wrong)
    answers = _answers(said, form, wrong)
    a_points = _a_score(said, table, wrong)
    b_points = _b_score(said, form, answers, wrong)
    if said.screening and said.screening not in SCREENING:
        wrong.append(Wrong("unknown_screening", ("screening",), {"value": said.screening}))
    farming = _yes_or_no(said.farming, said.language, ("farming",), wrong)
    if wrong:
        return tuple(wrong)
    return Survey(form.code, income, a_points, b_points, answers, said.screening, farming)


def _blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _number(raw: object, about: str, language: str, most: int, wrong: list[Wrong]) -> int | None:
    """Return a whole number from 0 to `most`; None when blank or wrong."""
    if _blank(raw):
        return None
    value = _parsed(raw, about, language, wrong)
    if value is None:
        return None
    if value != value.to_integral_value():
        wrong.append(Wrong("not_whole", (about,), {"value": value}))
        return None
    if not 0 <= value <= most:
        code = "negative" if value < 0 and about == "income" else "beyond_limits"
        wrong.append(Wrong(code, (about,), {"value": value, "least": 0, "most": most}))
        return None
    return int(value)


def _parsed(raw: object, about: str, language: str, wrong: list[Wrong]) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        wrong.append(Wrong("wrong_type", (about,)))
        return None
    if not isinstance(raw, str):
        number = Decimal(raw)
        if not number.is_finite():
            wrong.append(Wrong("wrong_type", (about,)))
            return None
        return number
    try:
        return parse_plain(raw.strip()) if language == PLAIN else parse_decimal(raw, language)
    except NumberFault as fault:
        wrong.append(Wrong(fault.code, (about,), {"fault": fault}))
        return None


def _yes_or_no(raw: object, language: str, about: tuple[str, ...], wrong: list[Wrong]) -> bool | None:
    if _blank(raw):
        return None
    if isinstance(raw, bool):
        return raw
    if language != PLAIN and raw in ("true", "false"):  # as a form's field sends it
        return raw == "true"
    wrong.append(Wrong("not_yes_or_no", about))
    return None


def _answers(said: Said, form: FormSpec, wrong: list[Wrong]) -> dict[str, bool]:
    known = {one.code for one in form.deprivations}
    found = {}
    for code, raw in said.answers.items():
        about = ("answers", code)
        if code not in known:
            wrong.append(Wrong("unknown_deprivation", about, {"code": code}))
            continue
        answer = _yes_or_no(raw, said.language, about, wrong)
        if answer is not None:
            found[code] = answer
    return found


def _a_score(said: Said, table: TableSpec | None, wrong: list[Wrong]) -> int | None:
    """Return the A score: as typed, or the sum of the items when every one is answered; both must agree."""
    most = table.a_highest if table else HIGHEST_A
    typed = _number(said.a_score, "a_score", said.language, most, wrong)
    if not said.chosen:
        return typed
    if table is None:
        wrong.append(Wrong("no_table", ("chosen",)))
        return typed
    faults = choice_faults(table, said.chosen)
    wrong += [Wrong(f.code, ("chosen", f.item), {"item": f.item, "option": f.option}) for f in faults]
    if faults:
        return typed
    summed = a_score(table, said.chosen).points
    if summed is not None and typed is not None and summed != typed:
        wrong.append(Wrong("score_disagrees", ("a_score",), {"value": typed, "sum": summed}))
    return typed if summed is None else summed


def _b_score(said: Said, form: FormSpec, answers: Mapping[str, bool], wrong: list[Wrong]) -> int | None:
    """Return the B score: as typed, or the sum of the answers when none is open; both must agree."""
    typed = _number(said.b_score, "b_score", said.language, form.b_highest, wrong)
    nothing = count(form, {})
    if typed is not None and not allows(form, nothing, typed):
        wrong.append(Wrong("not_a_sum", ("b_score",), {"value": typed, "each": form.points_each}))
        return None
    deprived = count(form, answers)
    low, high = deprived.points
    if typed is not None and not allows(form, deprived, typed):
        wrong.append(Wrong("score_disagrees", ("b_score",), {"value": typed, "sum": low, "most": high}))
    return low if answers and not deprived.unanswered else typed
