"""The rows of a decision: the pure rule asked once for each different sheet, and its answers stored as a set."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from communes.models import Classification
from communes.models.classifications import Origin
from communes.rules.poverty.classify import classify
from communes.rules.poverty.survey import Survey
from communes.rules.poverty.types import FormSpec, HouseholdFacts, StandardSpec
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
    deprived: tuple[str, ...] | None = None
    unanswered: tuple[str, ...] | None = None
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
        self._told: dict[Any, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def results(self, survey: Survey, area_type: str, farming: bool | None, applied: Applied) -> tuple[Result, ...]:
        """Return the result under each standard.

        `farming` is what the register says of the household; it stands in where the sheet says nothing.
        """
        answers = survey.answers
        said = (survey.form, *answers, *answers.values())
        key = (
            applied, area_type, farming, survey.farming, survey.income, survey.a_score, survey.b_score,
            survey.screening, said,
        )  # fmt: skip
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            if said not in self._told:
                self._told[said] = self._codes(survey)
            found = self._kept[key] = self._asked(survey.facts(area_type, farming), applied, self._told[said])
        return found

    def _codes(self, survey: Survey) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the answers say: the deprivations that there are, and those that were left open."""
        form, answers = self._forms.get(survey.form), survey.answers
        asked = form.deprivations if form else ()
        return (
            tuple(sorted(code for code, answer in answers.items() if answer)),
            tuple(sorted(one.code for one in asked if one.code not in answers)),
        )

    def _asked(
        self, facts: HouseholdFacts, applied: Applied, codes: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> tuple[Result, ...]:
        deprived, unanswered = codes if facts.answers else (None, None)
        found = []
        for standard, year in applied.pairs:
            said = classify(facts, standard)
            found.append(
                Result(
                    self._ids[standard.code], year, said.status, said.reason, said.average_living, said.basis,
                    facts.area_type, facts.income, facts.form, facts.a_score, facts.b_score, deprived, unanswered,
                    facts.screened_out, facts.farming, bool(said.line and said.line.disagrees), said.unverified,
                )
            )  # fmt: skip
        return tuple(found)


def store(rows: Collection[tuple[int, Result]], shared: Common, text: str | None = None) -> None:
    """Store the results of households in the caller's transaction; `text` is what `written` made of the very rows."""
    if connection.vendor == "postgresql":
        _copy(written(rows, shared) if text is None else text)
        return
    every = shared._asdict()
    made = (Classification(household_id=household, **result._asdict(), **every) for household, result in rows)
    Classification.objects.bulk_create(made, batch_size=1000)


def written(rows: Iterable[tuple[int, Result]], shared: Common) -> str:
    """Return rows as the text that PostgreSQL reads, a tenth of the time that statements take."""
    tail = "\t".join(map(_text, shared))
    return "".join([f"{household}\t{_told(result)}\t{tail}\n" for household, result in rows])


def _copy(text: str) -> None:
    table = connection.ops.quote_name(Classification._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, COLUMNS))
    with connection.cursor() as cursor:
        # In large pieces: each one waits for whatever else this process computes meanwhile.
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(text), 1 << 22)


_NOTHING = "\\N"
_YES_OR_NO = {None: _NOTHING, True: "t", False: "f"}
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _told(one: Result) -> str:
    """A result as that text has it, in the order of its columns; codes are slugs and need no escape."""
    return (
        f"{one.standard_id}\t{one.effective_year}\t{one.status}\t{one.reason}\t{_YES_OR_NO[one.average_living]}"
        f"\t{one.basis}\t{one.area_type}\t{_number(one.income)}\t{one.form}\t{_number(one.a_score)}"
        f"\t{_number(one.b_score)}\t{_codes(one.deprived)}\t{_codes(one.unanswered)}"
        f"\t{_YES_OR_NO[one.screened_out]}\t{_YES_OR_NO[one.farming]}\t{_YES_OR_NO[one.disagrees]}"
        f"\t{_YES_OR_NO[one.rests_on_unverified]}"
    )


def _number(value: int | None) -> str:
    return _NOTHING if value is None else str(value)


@lru_cache(maxsize=10_000)
def _codes(codes: tuple[str, ...] | None) -> str:
    return _NOTHING if codes is None else _text(json.dumps(codes))


def _text(value: object) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, date):  # moments are dates, too
        return value.isoformat()
    return str(value).translate(_ESCAPES)
