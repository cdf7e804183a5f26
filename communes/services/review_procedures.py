"""Loading the procedures of reviews from their file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import ReviewProcedure, ReviewTerm
from communes.rules.reviews.procedure import DAY_OF_MONTH, MONTH, MONTH_DAY, NEXT_YEAR, TERMS
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance, Source
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows
from mongcai_portal.common.sources import load_sources

FILE = Path(__file__).resolve().parent.parent / "data" / "review_procedures.yaml"
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LEAST, _MOST = 1, {DAY_OF_MONTH: 31, MONTH: 12, NEXT_YEAR: 12}
_MOST_DAYS = 366


def load_procedures(*, by: Any, file: Path = FILE) -> Changes:
    """Make the procedures that a file names equal to it; those that it does not name stay.

    Raises:
        Invalid: every fault at its place: a term that is missing, unknown, named twice, or no number of its unit.
    """
    with transaction.atomic():
        changes = load_sources()
        procedures, terms = _read(read_yaml(file))
        stored, done = sync_rows(
            ReviewProcedure.objects.filter(code__in=[one.code for one in procedures]),
            procedures,
            key=lambda one: one.code,
            fields=(
                "name_vi", "name_en", "decision", "issued_on", "valid_from", "valid_to", "provenance", "sources",
                "note_vi", "note_en",
            ),
        )  # fmt: skip
        for code, term in terms:
            term.procedure_id = stored[code].pk
        _terms, more = sync_rows(
            ReviewTerm.objects.filter(procedure__in=[one.pk for one in stored.values()]),
            [term for _code, term in terms],
            key=lambda term: (term.procedure_id, term.code),
            fields=("number", "month", "day", "until", "provenance", "source"),
        )
        changes += done + more
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="review_procedures",
                label=file.name,
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes


def _read(text: Mapping[str, Any]) -> tuple[list[ReviewProcedure], list[tuple[str, ReviewTerm]]]:
    reader = FieldReader()
    known = set(Source.objects.values_list("code", flat=True))
    procedures, terms = [], []
    seen: set[str] = set()
    for at, row in enumerate(reader.rows(text, "procedures", "")):
        place = f"procedures/{at}"
        code = reader.text(row, "code", place)
        reader.once(seen, code, f"{place}/code")
        for source in row.get("sources") or ():
            if source not in known:
                reader.fault(f"{place}/sources", "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": source})
        procedures.append(
            ReviewProcedure(
                code=code,
                name_vi=reader.text(row, "name_vi", place),
                name_en=reader.text(row, "name_en", place),
                decision=reader.text(row, "decision", place),
                issued_on=reader.day(row, "issued_on", place, needed=False),
                valid_from=reader.day(row, "valid_from", place, needed=False),
                valid_to=reader.day(row, "valid_to", place, needed=False),
                provenance=reader.word(row, "provenance", place, Provenance.values),
                sources=list(row.get("sources") or ()),
                note_vi=str(row.get("note_vi") or ""),
                note_en=str(row.get("note_en") or ""),
            )
        )
        terms += [(code, term) for term in _terms(reader, row, place, known)]
    if reader.faults:
        raise Invalid(reader.faults)
    return procedures, terms


def _terms(reader: FieldReader, row: Mapping[str, Any], place: str, known: set[str]) -> list[ReviewTerm]:
    found = []
    seen: set[str] = set()
    for at, entry in enumerate(reader.rows(row, "terms", place)):
        here = f"{place}/terms/{at}"
        code = reader.word(entry, "code", here, TERMS)
        reader.once(seen, code, f"{here}/code")
        mark = reader.word(entry, "provenance", here, Provenance.values)
        source = str(entry.get("source") or "")
        if source and source not in known:
            reader.fault(f"{here}/source", "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": source})
        until = reader.day(entry, "until", here, needed=False)
        term = ReviewTerm(code=code, until=until, provenance=mark, source=source)
        if TERMS.get(code) == MONTH_DAY:
            day = _MONTH_DAY.fullmatch(reader.text(entry, "month_day", here))
            if day is None:
                reader.fault(f"{here}/month_day", "not_a_day", _("Ghi tháng và ngày dạng “09-01”."))
            else:
                term.month, term.day = int(day[1]), int(day[2])
        else:
            number = reader.need(entry, "number", here)
            unit = reader.text(entry, "unit", here)
            most = _MOST.get(unit, _MOST_DAYS)
            if isinstance(number, bool) or not isinstance(number, int) or not _LEAST <= number <= most:
                message = _("Giá trị phải là số nguyên từ 1 đến %(most)s.") % {"most": most}
                reader.fault(f"{here}/number", "beyond_limits", message)
            elif unit != TERMS.get(code):
                reader.fault(f"{here}/unit", "unknown_unit", _("Thời hạn này tính theo đơn vị khác."))
            else:
                term.number = number
        found.append(term)
    for code in sorted(set(TERMS) - seen):
        reader.fault(f"{place}/terms", "missing", _("Thiếu thời hạn “%(code)s”.") % {"code": code})
    return found
