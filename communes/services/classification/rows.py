"""The rows of a decision: the pure rule asked once for each different sheet, and its answers stored as a set."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from communes.models import Classification
from communes.models.classifications import Origin
from communes.rules.poverty.classify import classify
from communes.rules.poverty.survey import Survey
from communes.rules.poverty.types import FormSpec, StandardSpec
from communes.services.classification.decisions import OpeningList, ReviewDecision

# Different sheets kept at once: about 100 MiB of them.
KEPT = 100_000


class Result(NamedTuple):
    """What differs from household to household of one decision, under one standard; named as the columns are."""

    standard_id: int
    effective_year: int
    status: str
    reason: str = ""
    average_living: bool | None = None
    basis: str = ""
    area_type: str = ""
    income: int | None = None
    form: str = ""
    a_score: int | None = None
    b_score: int | None = None
    deprived: list[str] | None = None
    unanswered: list[str] | None = None
    screened_out: bool = False
    farming: bool | None = None
    disagrees: bool = False
    rests_on_unverified: bool = False


class Common(NamedTuple):
    """What all rows of one decision or list have."""

    valid_from: date
    round_held: int | None
    origin: str
    decision_number: str
    decided_by: str
    provenance: str
    source: str
    recorded_at: datetime


COLUMNS = ("household_id", *Result._fields, *Common._fields)
# A row that says the same in these is the same row, sent twice.
TOLD = (*Result._fields, "round_held", "origin", "decision_number", "decided_by", "provenance", "source")


def common(document: ReviewDecision | OpeningList, moment: datetime) -> Common:
    """Return what all rows of a document have."""
    origin = Origin.DECISION if isinstance(document, ReviewDecision) else Origin.OPENING_LIST
    return Common(
        document.on,
        document.round_held,
        origin.value,
        document.number.strip(),
        document.decided_by.strip(),
        str(document.provenance),
        document.source,
        moment,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """The standards that are for a place, each with the year it classifies for. Compared as itself: one per place."""

    pairs: tuple[tuple[StandardSpec, int], ...]


class Classifier:
    """Asks the rule what a sheet comes to, under each standard that is for it, and keeps the answers of like sheets."""

    def __init__(self, standard_ids: Mapping[str, int], forms: Mapping[str, FormSpec]) -> None:
        self._ids, self._forms = standard_ids, forms
        self._kept: dict[Any, tuple[Result, ...]] = {}

    def results(self, survey: Survey, area_type: str, farming: bool | None, applied: Applied) -> tuple[Result, ...]:
        """Return the result under each standard.

        `farming` is what the register says of the household; it stands in where the sheet says nothing.
        """
        if survey.farming is not None:
            farming = survey.farming
        key = (
            applied, area_type, farming, survey.income, survey.form, survey.a_score, survey.b_score, survey.screening,
            *survey.answers.items(),
        )  # fmt: skip
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[key] = self._asked(survey, area_type, farming, applied)
        return found

    def _asked(self, survey: Survey, area_type: str, farming: bool | None, applied: Applied) -> tuple[Result, ...]:
        facts = replace(survey.facts(area_type), farming=farming)
        deprived = unanswered = None
        if survey.answers:
            deprived = sorted(code for code, answer in survey.answers.items() if answer)
            form = self._forms.get(survey.form)
            asked = form.deprivations if form else ()
            unanswered = sorted(one.code for one in asked if one.code not in survey.answers)
        found = []
        for standard, year in applied.pairs:
            said = classify(facts, standard)
            found.append(
                Result(
                    self._ids[standard.code], year, said.status, said.reason, said.average_living, said.basis,
                    area_type, facts.income, facts.form, facts.a_score, facts.b_score, deprived, unanswered,
                    facts.screened_out, farming, bool(said.line and said.line.disagrees), said.unverified,
                )
            )  # fmt: skip
        return tuple(found)


def store(rows: Iterable[tuple[int, Result]], shared: Common) -> int:
    """Store the results of households in the caller's transaction, and return how many rows that were."""
    put: Callable[[Iterable[tuple[int, Result]], Common], int] = _copy if connection.vendor == "postgresql" else _insert
    return put(rows, shared)


def _insert(rows: Iterable[tuple[int, Result]], shared: Common) -> int:
    every = shared._asdict()
    made = [Classification(household_id=household, **result._asdict(), **every) for household, result in rows]
    return len(Classification.objects.bulk_create(made, batch_size=1000))


def _copy(rows: Iterable[tuple[int, Result]], shared: Common) -> int:
    """The way of PostgreSQL for many rows: a text that it reads, a tenth of the time that statements take."""
    tail = "\t".join(map(_text, shared))
    written: dict[int, str] = {}  # a result that households share is written out once
    kept: list[Result] = []  # so that no number of an object comes twice
    lines = io.StringIO()
    count = 0
    for household, result in rows:
        middle = written.get(id(result))
        if middle is None:
            kept.append(result)
            middle = written[id(result)] = "\t".join(map(_text, result))
        lines.write(f"{household}\t{middle}\t{tail}\n")
        count += 1
    lines.seek(0)
    table = connection.ops.quote_name(Classification._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, COLUMNS))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)
    return count


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        value = json.dumps(value)
    elif isinstance(value, date):  # moments are dates, too
        return value.isoformat()
    return str(value).translate(_ESCAPES)
