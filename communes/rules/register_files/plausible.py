"""What cannot be of a household in a file, and what is only hard to believe: then someone has to say that it is so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from communes.rules.families import DAY, Kin, birth_fault, family_faults
from communes.rules.of_children import not_of_a_child, years
from communes.rules.register_files.layout import ORDERS, TRUE_DATE, Layout
from communes.rules.register_files.stated import CellFault, StatedHousehold, StatedPerson

# Grown-ups do learn to read and write, or go on with school (giáo dục thường xuyên): seldom, so it is asked.
SCHOOL_UNDER = {"primary": 18, "lower_secondary": 22, "upper_secondary": 30}
# Degrees that a child has not.
DEGREE_FROM = {"lower_secondary": 13, "upper_secondary": 16, "vocational": 14, "higher": 18}
# The monthly allowance of the elderly begins far later for most (NĐ 20/2021/NĐ-CP).
ELDERLY_FROM = 55
# So many dates of both kinds are enough to see that days and months were changed over in one of them.
ENOUGH = 10


def household_faults(household: StatedHousehold, layout: Layout, *, on: date, today: date) -> Iterator[CellFault]:
    """Yield everything that is wrong with a household as a whole, at the cell of the person it is about.

    Codes: those of `birth_fault` and `family_faults`, `born_later` (than the day `on`), and of a child's data with
    someone who is none: `not_a_child`, `kindergarten`; doubts: `school_age`, `degree_age`, `allowance_age`.
    """

    def fault(row: int, key: str, code: str, *, doubt: bool = False, **told: str) -> CellFault:
        return CellFault(row, layout.columns.get(key, 0), code, told, doubt, field=key)

    for person in household.people:
        code = birth_fault(person.born, today)
        if not code and person.born is not None and person.born.first > on:
            code = "born_later"
        if code:
            yield fault(person.row, "birth_date", code)
        else:
            for key, found, doubt in _of_age(person, on):
                yield fault(person.row, key, found, doubt=doubt)
    if any(not person.relation for person in household.people):
        return  # told at its cell; who is what to whom is not known then
    for one in family_faults([Kin(person.relation, person.born) for person in household.people]):
        if one.position is None:
            yield fault(household.row, "relation", one.code)
        else:
            yield fault(household.people[one.position].row, one.field, one.code)


def _of_age(person: StatedPerson, on: date) -> Iterator[tuple[str, str, bool]]:
    """Yield (field, code, whether it is a doubt) of what does not go with the age on the day."""
    birth, words = person.born, person.words
    if birth is None:
        return
    youngest = years(birth.last, on)  # whatever day of the year or month it was
    oldest = years(birth.first, on)
    schooling = words.get("schooling", "")
    for key, code in not_of_a_child(birth, words.get("nutrition", ""), schooling, on):
        yield key, code, False
    if youngest >= SCHOOL_UNDER.get(schooling, 200):
        yield "schooling", "school_age", True
    if oldest < DEGREE_FROM.get(words.get("education", ""), 0):
        yield "education", "degree_age", True
    if words.get("allowance") == "elderly" and oldest < ELDERLY_FROM:
        yield "allowance", "allowance_age", True


def swapped_days(households: Sequence[StatedHousehold], layout: Layout) -> list[CellFault]:
    """Return a doubt when Excel seems to have changed days and months over before the file came here.

    An English Excel that reads 03/04/1980 makes 4 March of it and leaves 25/04/1980 a text. Then no true date has a
    day above 12, and every text has.
    """
    births = [p.birth for h in households for p in h.people if p.birth is not None and p.birth.precision == DAY]
    dates = [birth.day.day for birth in births if birth.true_date]
    texts = [birth.day.day for birth in births if not birth.true_date]
    if TRUE_DATE not in layout.day_shapes or not set(ORDERS) & set(layout.day_shapes):
        return []
    if len(dates) < ENOUGH or len(texts) < ENOUGH or max(dates) > 12 or min(texts) <= 12:
        return []
    told = {"dates": str(len(dates)), "texts": str(len(texts))}
    column = layout.columns.get("birth_date", 0)
    return [CellFault(layout.head_last, column, "days_swapped", told, True, field="birth_date")]
