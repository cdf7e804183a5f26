"""Scores of the survey form (TT 07/2021/TT-BLĐTBXH): B from the answers of sheet B2, A from an item table of sheet B1.

The points of B1 differ by region and by rural and urban and were not to be had: the table is configured, none is here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from communes.rules.poverty.types import DeprivationSpec, FormSpec

ONE, ANY = "one", "any"
CHOICES = (ONE, ANY)


@dataclass(frozen=True, slots=True)
class Deprived:
    """What the answers to a form say so far: number and points of deprivations, each with its least and its most."""

    counted: tuple[DeprivationSpec, ...]
    unanswered: tuple[DeprivationSpec, ...]

    @property
    def number(self) -> tuple[int, int]:
        return len(self.counted), len(self.counted) + len(self.unanswered)

    @property
    def points(self) -> tuple[int, int]:
        """Lowest and highest B score that the open answers allow; equal when none is open."""
        low = sum(one.points for one in self.counted)
        return low, low + sum(one.points for one in self.unanswered)


def count(form: FormSpec, answers: Mapping[str, bool]) -> Deprived:
    """Return what the answers say; one without a deprivation on the form is left aside."""
    counted, unanswered = [], []
    for one in form.deprivations:
        answer = answers.get(one.code)
        if answer is None:
            unanswered.append(one)
        elif answer:
            counted.append(one)
    return Deprived(tuple(counted), tuple(unanswered))


def allows(form: FormSpec, deprived: Deprived, b_score: int) -> bool:
    """Whether the answers, and some answers to what is open, add up to this B score."""
    low, high = deprived.points
    if not low <= b_score <= high:
        return False
    if form.points_each:
        return (b_score - low) % form.points_each == 0
    sums = {low}
    for one in deprived.unanswered:
        sums |= {so_far + one.points for so_far in sums}
    return b_score in sums


# --- The item table of sheet B1 ---


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """An answer to an item and its points."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """A scored characteristic of the household: one of its options holds (`one`), or any number of them (`any`)."""

    code: str
    choose: str
    options: tuple[OptionSpec, ...]

    @property
    def highest(self) -> int:
        points = [one.points for one in self.options]
        return max(points, default=0) if self.choose == ONE else sum(points)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The items of sheet B1 for one region and area type."""

    form: str
    region: str
    area_type: str
    items: tuple[ItemSpec, ...]
    provenance: str

    @property
    def a_highest(self) -> int:
        return sum(item.highest for item in self.items)


@dataclass(frozen=True, slots=True)
class AScore:
    """Points so far, and the items that are still open; the score counts only when none is."""

    so_far: int
    unanswered: tuple[str, ...]

    @property
    def points(self) -> int | None:
        return None if self.unanswered else self.so_far


@dataclass(frozen=True, slots=True)
class ChoiceFault:
    """What is wrong with the answer to an item: at which item, which option (if one), a stable code."""

    item: str
    code: str
    option: str = ""


def choose_table(tables: Iterable[TableSpec], *, form: str, region: str, area_type: str) -> TableSpec | None:
    """Return the table of a region and area type; None while it is not entered (a table without items is not)."""
    return next(
        (t for t in tables if (t.form, t.region, t.area_type) == (form, region, area_type) and t.items),
        None,
    )


def choice_faults(table: TableSpec, chosen: Mapping[str, Collection[str]]) -> list[ChoiceFault]:
    """Return the choices that the table does not know, and the items that take one option and got several."""
    faults = []
    items = {item.code: item for item in table.items}
    for code, options in chosen.items():
        item = items.get(code)
        if item is None:
            faults.append(ChoiceFault(code, "unknown_item"))
            continue
        known = {option.code for option in item.options}
        faults += [ChoiceFault(code, "unknown_option", option) for option in options if option not in known]
        if len(set(options)) != len(options):
            faults.append(ChoiceFault(code, "duplicate"))
        elif item.choose == ONE and len(options) > 1:
            faults.append(ChoiceFault(code, "one_only"))
    return faults


def a_score(table: TableSpec, chosen: Mapping[str, Collection[str]]) -> AScore:
    """Add up the points of what was chosen.

    An item of which any number may hold is answered by an empty choice, too; one that takes one option is not.

    Raises:
        ValueError: choices that `choice_faults` names.
    """
    faults = choice_faults(table, chosen)
    if faults:
        raise ValueError(faults)
    total, unanswered = 0, []
    for item in table.items:
        options = chosen.get(item.code)
        if options is None or (item.choose == ONE and not options):
            unanswered.append(item.code)
            continue
        total += sum(option.points for option in item.options if option.code in options)
    return AScore(total, tuple(unanswered))
