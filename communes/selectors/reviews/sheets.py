"""A survey sheet as it stands: its fields, what was typed, and what it comes to so far under each standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s

from communes.models import HouseholdReview, PovertyCause, ReviewRound, SheetCell, SupportKind
from communes.rules.poverty.classify import Classification, classify
from communes.rules.poverty.description import Description, DescriptionSpec, is_described
from communes.rules.poverty.scores import Deprived, TableSpec, a_score, choice_faults, choose_table, count
from communes.rules.poverty.survey import PLAIN, SCREENING, Survey, Wrong, check
from communes.rules.poverty.types import FormSpec, HouseholdFacts
from communes.rules.reviews.sheet import DAY, NUMBER, SHEET_C, CellSpec, cells_of, description_of, field_of, said_of
from communes.selectors.poverty import score_tables, survey_forms
from communes.selectors.reviews.rounds import RoundStandardSpec, round_standards
from mongcai_portal.common.numbers import format_decimal


@dataclass(frozen=True, slots=True)
class SheetForm:
    """What a round's sheets are filled in by: form, item table (None while it is not entered), fields, standards.

    `lists` are those of sheet C.
    """

    form: FormSpec
    table: TableSpec | None
    lists: DescriptionSpec
    cells: tuple[CellSpec, ...]
    standards: tuple[RoundStandardSpec, ...]
    area_type: str

    def cell(self, name: str) -> CellSpec | None:
        return next((cell for cell in self.cells if cell.name == name), None)


def sheet_form(round_: ReviewRound) -> SheetForm:
    """Return the form of a round: a fixed number of queries."""
    form = survey_forms()[round_.form.code]
    tables = score_tables(form.code)
    table = choose_table(tables, form=form.code, region=round_.region, area_type=round_.area_type)
    lists = description_lists(form.code)
    cells = cells_of(form, table, SCREENING, lists)
    return SheetForm(form, table, lists, cells, round_standards(round_), round_.area_type)


def description_lists(form: str) -> DescriptionSpec:
    """Return what sheet C of a form lists: two queries."""
    causes = PovertyCause.objects.filter(form__code=form).order_by("number")
    supports = SupportKind.objects.filter(form__code=form).order_by("number")
    return DescriptionSpec(tuple(causes.values_list("code", flat=True)), tuple(supports.values_list("code", flat=True)))


def typed_cells(review: HouseholdReview) -> dict[str, SheetCell]:
    """Return what was typed into a sheet, by field: one query."""
    return {cell.name: cell for cell in SheetCell.objects.filter(review=review)}


def shown(cell: SheetCell | None, kind: str, language: str) -> str:
    """Return a stored field as the form writes it in the language."""
    if cell is None or not cell.value:
        return ""
    if kind == NUMBER:
        return format_decimal(int(cell.value), language, grouping=int(cell.value) >= 1_000_000)
    if kind == DAY and language == "vi":
        return f"{date.fromisoformat(cell.value):%d/%m/%Y}"
    return cell.value


def token_of(lock: int, text: str) -> str:
    """Return what a window remembers of a field: its lock, and a digest of what was shown."""
    return f"{lock}~{digest(text)}"


def digest(text: str) -> str:
    return blake2s(text.encode(), digest_size=5).hexdigest()


@dataclass(frozen=True, slots=True)
class Live:
    """What a sheet comes to as typed so far.

    `answers` counts B; `a_points` is A, `a_open` items that are still open. `results` by standard, in the round's
    order; `wrong` are fields whose values contradict others, which are left out of the results. `description` is sheet
    C as typed, `described` whether it is kept of such a household; `entered` of `total` fields are those of the others.
    """

    deprived: Deprived
    a_points: int | None
    a_open: int
    results: tuple[tuple[RoundStandardSpec, Classification], ...]
    wrong: tuple[Wrong, ...]
    description: Description
    described: bool
    entered: int
    total: int


def live_result(sheet: SheetForm, values: Mapping[str, str], farming: bool | None) -> Live:
    """Return what the values of a sheet come to; no query.

    Args:
        farming: what the register says of the household, where the sheet says nothing.
    """
    left = dict(values)
    wrong: tuple[Wrong, ...] = ()
    found = check(said_of(left, sheet.table), sheet.form, sheet.table)
    if not isinstance(found, Survey):
        wrong = found
        bad = {field_of(one.about) for one in found}
        left = {name: value for name, value in left.items() if name not in bad}
        found = check(said_of(left, sheet.table), sheet.form, sheet.table)
    answers: Mapping[str, bool] = {}
    facts = HouseholdFacts(area_type=sheet.area_type, form=sheet.form.code, farming=farming)
    if isinstance(found, Survey):
        answers = found.answers
        facts = facts_of(found, sheet.area_type, farming)
    points, open_items = _a_points(sheet, left)
    results = tuple((standard, classify(facts, standard.spec)) for standard in sheet.standards)
    rested_on = [cell.name for cell in sheet.cells if not cell.name.startswith(SHEET_C)]
    return Live(
        deprived=count(sheet.form, answers),
        a_points=facts.a_score if points is None else points,
        a_open=open_items,
        results=results,
        wrong=wrong,
        description=description_of(values, sheet.lists),
        described=is_described(found.status for _standard, found in results),
        entered=sum(bool(values.get(name, "").strip()) for name in rested_on),
        total=len(rested_on),
    )


def facts_of(survey: Survey, area_type: str, farming: bool | None) -> HouseholdFacts:
    """Return what the rules read of a sheet; what it does not say of farming, the register does."""
    facts = survey.facts(area_type)
    if facts.farming is not None or farming is None:
        return facts
    return HouseholdFacts(
        area_type=facts.area_type,
        income=facts.income,
        form=facts.form,
        answers=facts.answers,
        a_score=facts.a_score,
        b_score=facts.b_score,
        screened_out=facts.screened_out,
        farming=farming,
    )


def _a_points(sheet: SheetForm, values: Mapping[str, str]) -> tuple[int | None, int]:
    """Return the points of the item table so far and how many items are open; (None, 0) where A is typed."""
    if sheet.table is None:
        return None, 0
    chosen = said_of(values, sheet.table, PLAIN).chosen
    if choice_faults(sheet.table, chosen):
        return None, len(sheet.table.items)
    summed = a_score(sheet.table, chosen)
    return summed.so_far, len(summed.unanswered)


def survey_of(review: HouseholdReview, form: str) -> Survey:
    """Return a finished sheet as the register's services take it; `answers` are read with the review."""
    return Survey(
        form=form,
        income=review.income,
        a_score=review.a_score,
        b_score=review.b_score,
        answers={one.deprivation.code: one.deprived for one in review.answers.all()},
        screening=review.screening,
        farming=review.farming,
    )
