"""How many escaped is told of a unit only where neither its own numbers nor those of all others give back few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from communes.rules.poverty.disclosure import TOTAL, few, publish_changes
from communes.rules.poverty.disclosure_cohort import (
    Fate,
    changes_give_back,
    escaped_gives_back,
    publish_cohort,
    tells_escaped,
)
from tests.communes.rules.poverty.test_disclosure import COUNTED, PAIRS, balances, solve

NUMBERS = st.one_of(st.integers(0, 6), st.sampled_from([0, 0, 1, 3, 4, 5, 12, 40]))


def fate(escaped: int, rest: int, *, came: int = 0, gone: int = 0) -> Fate:
    """Of a unit, of which the reader knows how many were and are poor unless those are few."""
    now = rest - gone + came
    return Fate(escaped, rest, rest - gone, now, not few(escaped + rest) and not few(now))


def together(units: dict[str, Fate]) -> Fate:
    escaped, rest, still, now = (sum(getattr(one, name) for one in units.values()) for name in
                                 ("escaped", "rest", "still", "now"))  # fmt: skip
    return Fate(escaped, rest, still, now, not few(escaped + rest) and not few(now))


def told(units: dict[str, Fate]) -> frozenset[Any]:
    return publish_cohort({**units}, together(units))


@st.composite
def registers(draw: st.DrawFn) -> dict[str, Fate]:
    found = {}
    for unit in "abcdef"[: draw(st.integers(1, 6))]:
        rest = draw(NUMBERS)
        one = fate(draw(NUMBERS), rest, came=draw(NUMBERS), gone=draw(st.integers(0, min(rest, 2))))
        # The counts also leave out large numbers, to keep those of another unit safe.
        found[unit] = replace(one, known=False) if draw(st.integers(0, 4)) == 0 else one
    return found


def test_the_one_unit_of_few_is_not_what_all_others_leave_of_the_sum() -> None:
    """Ten poor of whom two escaped, and two hundred that escaped in all: the others would say that it was two."""
    units = {"q": fate(2, 8), "a": fate(90, 10, came=6), "b": fate(60, 20), "c": fate(48, 7, came=5)}
    shown = told(units)
    assert "q" not in shown and TOTAL in shown
    assert len(units.keys() - shown) == 2


def test_where_nobody_became_poor_the_sum_would_say_what_each_balance_does() -> None:
    """Who escaped is then the difference of the balances, of each unit: nothing but the sum says that nobody did."""
    assert TOTAL not in told({"q": fate(2, 8), "a": fate(90, 10), "b": fate(60, 20), "c": fate(48, 7)})


def test_all_of_a_cohort_are_told_to_have_escaped() -> None:
    units = {"a": fate(20, 0), "b": fate(19, 0)}
    assert told(units) == {"a", "b", TOTAL}


def test_units_of_few_that_all_escaped_leave_the_sum_of_all() -> None:
    """Who was poor of each of them is not told, so neither is it by the others; of all together it may be."""
    units: dict[str, Fate] = {one: fate(20 + at, 0) for at, one in enumerate("abc")} | {one: fate(3, 0) for one in "de"}
    assert told(units) == {"a", "b", "c", TOTAL}


def test_few_who_became_poor_are_not_told_by_who_stayed_so() -> None:
    """Twenty stayed poor and twenty-three are: three became poor since."""
    units = {"a": fate(30, 20, came=3), "b": fate(25, 15, came=9), "c": fate(11, 12, came=0)}
    assert "a" not in told(units) and len(units.keys() - told(units)) >= 2
    assert told({"a": fate(30, 20, came=3)}) == frozenset()


def test_where_nobody_knows_how_many_were_poor_nothing_is_told() -> None:
    units = {"a": Fate(20, 9, 9, 9, known=False), "b": fate(20, 9), "c": fate(30, 9)}
    assert "a" not in told(units) and "c" in told(units)


def test_a_unit_of_which_nothing_is_told_is_not_what_the_others_leave_of_all() -> None:
    """Its partner in the counts had no poor on the first day, so the cohort has no second line that is open."""
    units = {"a": Fate(27, 3, 3, 3, known=False), "c": Fate(31, 19, 19, 20, known=True), "d": fate(28, 17, came=8)}
    shown = publish_cohort({**units}, Fate(86, 39, 39, 60, known=True))
    assert TOTAL in shown and len({"c", "d"} & shown) == 1
    alone = {"a": Fate(27, 3, 3, 3, known=False)}
    assert publish_cohort({**alone}, Fate(27, 3, 3, 15, known=True)) == frozenset()


@given(units=registers())
def test_no_small_number_is_told(units: dict[str, Fate]) -> None:
    for unit in told(units):
        one = together(units) if unit is TOTAL else units[unit]
        assert one.known and not any(map(few, (one.escaped, one.rest, one.came)))


@given(units=registers())
def test_no_sum_and_no_difference_gives_a_number_back(units: dict[str, Fate]) -> None:
    """The reader knows who was poor then, where it is told, and what the cohort says; and adds and takes off."""
    shown, whole = told(units), together(units)
    lines: list[tuple[Any, list[Any]]] = [((TOTAL, what), [(unit, what) for unit in units]) for what in ("poor", "esc")]
    lines += [((unit, "poor"), [(unit, "esc"), (unit, "rest")]) for unit in (*units, TOTAL)]
    known: dict[Any, int] = {}
    for unit, one in (*units.items(), (TOTAL, whole)):
        if one.known:
            known[unit, "poor"] = one.escaped + one.rest
        if unit in shown:
            known |= {(unit, "esc"): one.escaped, (unit, "rest"): one.rest}
    found = solve(lines, known)
    for (unit, what), value in found.items():
        # Who was poor in all, where the published counts leave it out, these have to keep safe. Nought is nobody's.
        assert what == "poor" or value == 0 or (unit is TOTAL and not whole.known), (unit, what, units)


@given(units=registers())
def test_a_small_number_could_be_another_one(units: dict[str, Fate]) -> None:
    """One more or one less in it, made up for by another unit or by the sum that is left out: nothing shown changes."""
    shown = told(units)
    fates: dict[Any, Fate] = {**units, TOTAL: together(units)}

    def may(unit: Any, step: int) -> bool:
        one = fates[unit]
        escaped, rest = one.escaped + step, one.rest - step
        poor_anew = one.now - rest
        return escaped >= 1 and rest >= 1 and (poor_anew >= 0 or one.rest > one.now or not one.known)

    for unit, one in fates.items():
        if unit in shown or not one.known or not any(map(few, (one.escaped, one.rest, one.came))):
            continue
        ways = [
            step
            for step in (1, -1)
            if may(unit, step)
            and any(
                may(other, step if TOTAL in (unit, other) else -step)
                for other in fates.keys() - shown - {unit}
            )
        ]  # fmt: skip
        assert ways, (unit, units)


# --- Beside the table of changes -------------------------------------------------------------------------------------


def shown_of(changes: dict[tuple[str, str], int], staying: int = 500) -> Any:
    return publish_changes(changes, balances(changes, staying, 0), balances(changes, staying, 1), COUNTED)


def named(numbers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """With the classes' own names."""
    names = {"poor": "poor", "near": "near_poor", "rest": "others", "absent": "absent"}
    return {(names[before], names[after]): number for (before, after), number in numbers.items()}


def test_what_the_changes_leave_out_of_the_poor_is_not_told_by_the_cohort() -> None:
    """Three became poor: who stayed poor is left out to keep them safe, and the cohort would give it back."""
    changes = {**dict.fromkeys(PAIRS, 0), ("poor", "poor"): 100, ("poor", "near"): 10, ("poor", "rest"): 12,
               ("rest", "poor"): 3}  # fmt: skip
    shown = shown_of(changes)
    assert shown["poor", "poor"] is None
    assert escaped_gives_back(named(shown), 0)


def test_what_the_changes_say_anyway_is_told_but_for_few_of_whom_nothing_is_known() -> None:
    shown = named(shown_of({**dict.fromkeys(PAIRS, 0), ("poor", "near"): 20, ("poor", "rest"): 19}))
    assert tells_escaped(shown)
    assert not escaped_gives_back(shown, 0) and not escaped_gives_back(shown, 7)
    assert escaped_gives_back(shown, 2)


def test_two_small_changes_that_make_a_small_sum_leave_no_table() -> None:
    numbers = {("poor", "near_poor"): 1, ("poor", "others"): 1, ("poor", "poor"): 40, ("poor", "absent"): 0}
    assert changes_give_back(numbers, {**numbers, ("poor", "near_poor"): None, ("poor", "others"): None})
    assert not changes_give_back(numbers, {**numbers, ("poor", "near_poor"): None, ("poor", "poor"): None})


def test_how_many_stay_poor_is_left_out_where_their_balance_would_say_that_few_came() -> None:
    numbers = {
        ("poor", "poor"): 33, ("poor", "near"): 8, ("poor", "rest"): 30,
        ("near", "poor"): 2, ("near", "near"): 60, ("near", "rest"): 20, ("rest", "poor"): 2, ("rest", "near"): 40,
    }  # fmt: skip
    shown = shown_of(numbers)
    assert shown is None or shown["poor", "poor"] is None
    numbers |= {("near", "poor"): 9, ("rest", "poor"): 7}
    assert shown_of(numbers)["poor", "poor"] == 33


@given(st.fixed_dictionaries({pair: st.sampled_from([0, 0, 1, 2, 6, 9, 30]) for pair in PAIRS}))
def test_cohort_and_changes_together_leave_each_small_change_open(changes: dict[tuple[str, str], int]) -> None:
    """With the cohort as one more sum, no equation gives a small change; those of whom nothing is known are none."""
    shown = shown_of(changes)
    if shown is None or escaped_gives_back(named(shown), 0):
        return
    known: dict[Any, int] = {pair: number for pair, number in shown.items() if number is not None}
    lines: list[tuple[Any, list[Any]]] = []
    for side in (0, 1):
        for one in COUNTED:
            pairs = [pair for pair in PAIRS if pair[side] == one]
            lines.append(((side, one), pairs))
            known[side, one] = sum(changes[pair] for pair in pairs)
    lines.append(("escaped", [("poor", "near"), ("poor", "rest")]))
    known["escaped"] = changes["poor", "near"] + changes["poor", "rest"]
    assert not any(few(changes[pair]) for pair in solve(lines, known))
