"""Is a household poor, near poor or neither under one standard, and why? What the data do not allow stays undetermined.

Sources: NĐ 07/2021/NĐ-CP Art. 3 and QĐ 59/2015/QĐ-TTg for the two shapes; TT 07/2021/TT-BLĐTBXH for the scored form,
where A at its limit is inside and B at its limit is poor. Compared as recorded, never rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communes.rules.poverty.scores import Deprived, allows, count
from communes.rules.poverty.types import (
    AREA_TYPES,
    AVERAGE_LINE,
    POOR_LINE,
    SOURCED,
    TWO_LINES,
    UPPER_LINE,
    FormSpec,
    HouseholdFacts,
    LineSpec,
    StandardSpec,
)

POOR, NEAR_POOR, NOT_POOR, UNDETERMINED = "poor", "near_poor", "not_poor", "undetermined"
STATUSES = (POOR, NEAR_POOR, NOT_POOR, UNDETERMINED)

# Why a household stays undetermined.
NO_AREA_TYPE = "no_area_type"  # neither rural nor urban is known of the place
NO_LINE = "no_line"  # the standard's line for this area type is not entered
NO_INCOME = "no_income"  # neither income nor A score is recorded
SCREENED_OUT = "screened_out"  # the same, because quick screening ended the survey
NO_SCORE_LIMIT = "no_score_limit"  # only an A score is recorded, and the standard has no limit for one
OTHER_FORM = "other_form"  # answers or scores were taken by a form that is not this standard's
LIST_NOT_ENTERED = "list_not_entered"  # the standard's deprivations are not entered
NOT_ASKED = "not_asked"  # no deprivation was asked for
UNANSWERED = "unanswered"  # some answers are open, and they could turn the result
SCORE_DISAGREES = "score_disagrees"  # the B score is not the sum that the answers give
REASONS = (
    NO_AREA_TYPE, NO_LINE, NO_INCOME, SCREENED_OUT, NO_SCORE_LIMIT, OTHER_FORM, LIST_NOT_ENTERED, NOT_ASKED,
    UNANSWERED, SCORE_DISAGREES,
)  # fmt: skip

BY_INCOME, BY_SCORES = "income", "scores"
NUMBER, POINTS = "number", "points"
WITHIN, BETWEEN, ABOVE = "within", "between", "above"


@dataclass(frozen=True, slots=True)
class LineTest:
    """Where the household stands against the lines: `value` is its income in đồng, or its A score.

    `place`: within the poor line (a value equal to it is within), between the two lines, or above them.
    `disagrees`: the recorded income stands elsewhere than the A score by which the form decides.
    """

    basis: str
    value: int
    poor: LineSpec
    upper: LineSpec | None
    place: str
    disagrees: bool = False

    @property
    def deciding(self) -> LineSpec:
        """The line that the value was held against last."""
        return self.poor if self.upper is None or self.place == WITHIN else self.upper

    def limit(self, line: LineSpec) -> int | None:
        """The line in the measure of the value: đồng, or points of A."""
        return line.amount if self.basis == BY_INCOME else line.a_most


@dataclass(frozen=True, slots=True)
class DeprivationTest:
    """Whether the household is deprived of enough: `low` to `high` against `least`, in numbers or points (`measure`).

    `deprived` names which count and which are open; None when only the B score is known. `enough` None: not decided.
    """

    measure: str
    deprived: Deprived | None
    low: int
    high: int
    least: int

    @property
    def enough(self) -> bool | None:
        if self.low >= self.least:
            return True
        return False if self.high < self.least else None


@dataclass(frozen=True, slots=True)
class Classification:
    """A household's status under one standard with what it rests on; `reason` is "" unless it is undetermined."""

    facts: HouseholdFacts
    standard: StandardSpec
    status: str
    reason: str
    line: LineTest | None = None
    deprivation: DeprivationTest | None = None

    @property
    def basis(self) -> str:
        """`income`, `scores`, or "" when neither could be used."""
        return self.line.basis if self.line else ""

    @property
    def unverified(self) -> bool:
        """Whether the status rests on anything not yet compared with its decree; nothing rests on no status."""
        if self.status == UNDETERMINED or self.line is None:
            return False
        return any(mark != SOURCED for mark in self._marks(self.line))

    def _marks(self, line: LineTest) -> Iterator[str]:
        """The marks of everything that the status rests on; the first weak one is enough."""
        yield self.standard.rule_provenance
        for one in (line.poor, line.deciding):
            yield one.provenance if self.basis == BY_INCOME else one.a_provenance
        if self.deprivation is not None and self.standard.form is not None:
            yield self.standard.list_provenance
            if self.basis == BY_SCORES:
                yield self.standard.b_provenance
            for deprivation in self.standard.form.deprivations:
                yield deprivation.threshold_provenance

    @property
    def average_living(self) -> bool | None:
        """Whether it is a household of average living standard: not poor, in the band above the line, and farming.

        The status is for households of farming, forestry, fishery and salt-making (TT 07/2021). None: the standard has
        no such band, or income or livelihood are not recorded.
        """
        band = self.standard.line(self.facts.area_type, AVERAGE_LINE)
        if self.status == UNDETERMINED or band is None:
            return None
        income, poor = self.facts.income, self.standard.line(self.facts.area_type, POOR_LINE)
        if self.status != NOT_POOR or self.facts.farming is False:
            return False
        if income is None or poor is None:
            return None
        return self.facts.farming if poor.amount < income <= band.amount else False


def classify(facts: HouseholdFacts, standard: StandardSpec) -> Classification:
    """Classify one household under one standard.

    The form's scores decide where the standard has limits for them (TT 07/2021: the review classifies by points),
    the recorded income otherwise. Facts are taken as checked by `survey.check`.
    """
    line = _line_test(facts, standard)
    if isinstance(line, str):
        return Classification(facts, standard, UNDETERMINED, line)
    if line.place == ABOVE:
        return Classification(facts, standard, NOT_POOR, "", line)
    if line.place == WITHIN and standard.shape == TWO_LINES:
        return Classification(facts, standard, POOR, "", line)
    deprivation = _deprivation_test(facts, standard, line.basis)
    if isinstance(deprivation, str):
        return Classification(facts, standard, UNDETERMINED, deprivation, line)
    enough = deprivation.enough
    if enough is None:
        return Classification(facts, standard, UNDETERMINED, UNANSWERED, line, deprivation)
    return Classification(facts, standard, POOR if enough else NEAR_POOR, "", line, deprivation)


def _own_form(facts: HouseholdFacts, standard: StandardSpec) -> FormSpec | None:
    form = standard.form
    return form if form is not None and form.code == facts.form else None


def _line_test(facts: HouseholdFacts, standard: StandardSpec) -> LineTest | str:
    """Hold income or A score against the lines, or return the reason why not."""
    if facts.area_type not in AREA_TYPES:
        return NO_AREA_TYPE
    poor = standard.line(facts.area_type, POOR_LINE)
    upper = standard.line(facts.area_type, UPPER_LINE) if standard.shape == TWO_LINES else None
    if poor is None or (upper is None and standard.shape == TWO_LINES):
        return NO_LINE
    income, a_score = facts.income, facts.a_score
    by_income = None if income is None else _place(income, poor.amount, upper.amount if upper else None)
    scored = (
        standard.b_least is not None and poor.a_most is not None and (upper is None or upper.a_most is not None)
    )  # a limit for A without one for B classifies nothing
    if a_score is not None and scored and poor.a_most is not None and _own_form(facts, standard):
        place = _place(a_score, poor.a_most, upper.a_most if upper else None)
        disagrees = by_income is not None and by_income != place
        return LineTest(BY_SCORES, a_score, poor, upper, place, disagrees)
    if income is not None and by_income is not None:
        return LineTest(BY_INCOME, income, poor, upper, by_income)
    if a_score is not None:
        return OTHER_FORM if scored else NO_SCORE_LIMIT
    return SCREENED_OUT if facts.screened_out else NO_INCOME


def _place(value: int, poor: int, upper: int | None) -> str:
    if value <= poor:
        return WITHIN
    return BETWEEN if upper is not None and value <= upper else ABOVE


def _deprivation_test(facts: HouseholdFacts, standard: StandardSpec, basis: str) -> DeprivationTest | str:
    """Count deprivations against the standard's least, in points where scores decide, or return the reason why not."""
    if standard.form is None or not standard.list_entered:
        return LIST_NOT_ENTERED
    if not facts.answers and facts.b_score is None:
        return NOT_ASKED
    form = _own_form(facts, standard)
    if form is None:
        return OTHER_FORM
    deprived = count(form, facts.answers)
    told = deprived if facts.answers else None
    b_score = facts.b_score
    if b_score is not None and not allows(form, deprived, b_score):
        return SCORE_DISAGREES
    if basis == BY_SCORES and standard.b_least is not None:
        low, high = deprived.points if b_score is None else (b_score, b_score)
        return DeprivationTest(POINTS, told, low, high, standard.b_least)
    numbers = deprived.number
    if b_score is not None and form.points_each:
        # Ten points for each (TT 07/2021): the score says how many there are, whichever they are.
        numbers = (b_score // form.points_each,) * 2
    return DeprivationTest(NUMBER, told, *numbers, standard.least)
