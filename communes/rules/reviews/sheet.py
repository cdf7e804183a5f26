"""The fields of a survey sheet, cell by cell: their names, what each holds, and the sheet that they make up. Pure.

A value is written as the API writes it: a plain number, `true` or `false`, a code, a day as `2025-10-01`, or text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from communes.rules.poverty.description import Description, DescriptionSpec
from communes.rules.poverty.scores import ANY, TableSpec
from communes.rules.poverty.survey import PLAIN, Said
from communes.rules.poverty.types import FormSpec

INCOME, A_SCORE, SCREENING, FARMING = "income:", "a_score:", "screening:", "farming:"
SURVEYOR, SURVEYED_ON = "surveyor:", "surveyed_on:"
ANSWER, ITEM, OPTION = "answer:", "item:", "option:"
CAUSE, NEED, RECEIVED = "cause:", "need:", "received:"
SHEET_C = (CAUSE, NEED, RECEIVED)
NUMBER, YES_NO, CHOICE, TEXT, DAY = "number", "boolean", "choice", "text", "day"
_YES_NO: Mapping[str, object] = {"true": True, "false": False}
_WITHIN = "~"  # between an item and its option; codes are slugs


@dataclass(frozen=True, slots=True)
class CellSpec:
    """A field of the sheet: its name and what it holds; `words` are the codes of a choice."""

    name: str
    kind: str
    words: tuple[str, ...] = ()


def cells_of(
    form: FormSpec, table: TableSpec | None, screening: tuple[str, ...], lists: DescriptionSpec
) -> tuple[CellSpec, ...]:
    """Return the fields of a sheet in their order: screening, B1, B2, C, and who surveyed when.

    With an item table the A score is its sum, and is not typed.
    """
    found = [CellSpec(SCREENING, CHOICE, screening), CellSpec(FARMING, YES_NO), CellSpec(INCOME, NUMBER)]
    if table is None:
        found.append(CellSpec(A_SCORE, NUMBER))
    else:
        for item in table.items:
            if item.choose == ANY:
                found += [CellSpec(option_name(item.code, option.code), YES_NO) for option in item.options]
            else:
                found.append(CellSpec(ITEM + item.code, CHOICE, tuple(option.code for option in item.options)))
    found += [CellSpec(ANSWER + one.code, YES_NO) for one in form.deprivations]
    found += [CellSpec(CAUSE + code, YES_NO) for code in lists.causes]
    found += [CellSpec(NEED + code, YES_NO) for code in lists.supports]
    found += [CellSpec(RECEIVED + code, YES_NO) for code in lists.supports]
    return (*found, CellSpec(SURVEYOR, TEXT), CellSpec(SURVEYED_ON, DAY))


def option_name(item: str, option: str) -> str:
    """Return the name of the field that asks whether one option of several holds."""
    return f"{OPTION}{item}{_WITHIN}{option}"


def said_of(values: Mapping[str, str], table: TableSpec | None, language: str = PLAIN) -> Said:
    """Return the sheet that its fields make up; empty fields are not recorded.

    Of an item of which any number may hold nothing is chosen until every one of its options is answered.
    """
    given = {name: value for name, value in values.items() if value.strip()}
    chosen: dict[str, tuple[str, ...]] = {}
    for item in table.items if table else ():
        if item.choose == ANY:
            answers = {option.code: given.get(option_name(item.code, option.code)) for option in item.options}
            if all(answer is not None for answer in answers.values()):
                chosen[item.code] = tuple(code for code, answer in answers.items() if answer == "true")
        elif ITEM + item.code in given:
            chosen[item.code] = (given[ITEM + item.code],)
    return Said(
        income=given.get(INCOME),
        a_score=given.get(A_SCORE) if table is None else None,
        answers={
            name.removeprefix(ANSWER): _YES_NO.get(value, value)
            for name, value in given.items()
            if name.startswith(ANSWER)
        },
        chosen=chosen,
        screening=given.get(SCREENING, ""),
        farming=_YES_NO.get(given.get(FARMING, ""), given.get(FARMING)),
        language=language,
    )


def description_of(values: Mapping[str, str], lists: DescriptionSpec) -> Description:
    """Return the sheet C that the fields make up, in the order of the lists; what is not in these is left out."""

    def answered(part: str, codes: tuple[str, ...]) -> dict[str, bool]:
        return {code: values[part + code] == "true" for code in codes if values.get(part + code) in _YES_NO}

    return Description(
        answered(CAUSE, lists.causes), answered(NEED, lists.supports), answered(RECEIVED, lists.supports)
    )


def field_of(about: tuple[str, ...]) -> str:
    """Return the name of the field that a fault of the sheet is about; of several options, the item's."""
    head, *rest = about
    if head == "answers" and rest:
        return ANSWER + rest[0]
    if head == "chosen" and rest:
        return ITEM + rest[0]
    return f"{head}:"
