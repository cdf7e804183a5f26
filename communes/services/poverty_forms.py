"""Reading survey forms of a file: their sheets, deprivations, the lists of sheet C, and item tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from communes.models import (
    AreaType,
    Deprivation,
    PovertyCause,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    SupportKind,
    SurveyForm,
    SurveySheet,
)
from communes.services.poverty_fields import PovertyReader, Row
from communes.services.poverty_rows import FormData, ItemData, TableData
from mongcai_portal.common.models import Provenance


def read_forms(reader: PovertyReader, raw: Row) -> list[FormData]:
    """Return the forms of a file; faults stay with the reader."""
    seen: set[Any] = set()
    found = []
    for at, row in enumerate(reader.rows(raw, "forms", "")):
        pointer = f"forms/{at}"
        code = reader.code(row, pointer, seen)
        reader.forms.add(code)
        start, end = (reader.day(row, key, pointer, needed=False) for key in ("valid_from", "valid_to"))
        if start and end and end < start:
            message = _("Ngày hết hiệu lực phải sau ngày có hiệu lực.")
            reader.fault(f"{pointer}/valid_to", "dates_not_in_order", message)
        form = SurveyForm(
            code=code,
            **reader.names(row, pointer),
            decision=reader.text(row, "decision", pointer),
            amended_by=str(row.get("amended_by") or ""),
            issued_on=reader.day(row, "issued_on", pointer, needed=False),
            valid_from=start,
            valid_to=end,
            provenance=reader.mark(row, "provenance", pointer),
            sources=reader.sources(row, pointer),
        )
        found.append(
            FormData(
                form,
                _sheets(reader, row, pointer),
                _deprivations(reader, row, pointer),
                tuple(PovertyCause(**fields) for fields in _listed(reader, row, "causes", pointer)),
                tuple(SupportKind(**fields) for fields in _listed(reader, row, "supports", pointer)),
                _tables(reader, row, pointer),
            )
        )
    return found


def _sheets(reader: PovertyReader, form: Row, pointer: str) -> tuple[SurveySheet, ...]:
    seen: set[Any] = set()
    return tuple(
        SurveySheet(
            code=reader.code(row, f"{pointer}/sheets/{at}", seen),
            position=at,
            **reader.names(row, f"{pointer}/sheets/{at}"),
            provenance=reader.mark(row, "provenance", f"{pointer}/sheets/{at}"),
            content_provenance=reader.mark(row, "content_provenance", f"{pointer}/sheets/{at}"),
            source=reader.source(row, f"{pointer}/sheets/{at}"),
        )
        for at, row in enumerate(reader.rows(form, "sheets", pointer))
    )


def _deprivations(reader: PovertyReader, form: Row, pointer: str) -> tuple[Deprivation, ...]:
    codes: set[Any] = set()
    numbers: set[Any] = set()
    found = []
    for at, row in enumerate(reader.rows(form, "deprivations", pointer)):
        spot = f"{pointer}/deprivations/{at}"
        number = reader.whole(row, "number", spot)
        reader.once(numbers, number, f"{spot}/number")
        known = reader.mark(row, "threshold_provenance", spot) != Provenance.MISSING
        if not known:
            reader.absent(row, "threshold_vi", "threshold_provenance", spot)
        made = Deprivation(
            number=number,
            code=reader.code(row, spot, codes),
            **reader.names(row, spot, "name", "dimension"),
            **reader.names(row, spot, "threshold", needed=known),
            **reader.names(row, spot, "note", needed=False),
            points=reader.whole(row, "points", spot),
            name_provenance=reader.mark(row, "name_provenance", spot),
            threshold_provenance=str(row.get("threshold_provenance") or ""),
            source=reader.source(row, spot),
        )
        found.append(made)
    return tuple(found)


def _listed(reader: PovertyReader, form: Row, key: str, pointer: str) -> Iterator[dict[str, Any]]:
    """Yield the fields of what sheet C lists under a key: number, code, names, and where it is from."""
    codes: set[Any] = set()
    numbers: set[Any] = set()
    for at, row in enumerate(reader.rows(form, key, pointer)):
        spot = f"{pointer}/{key}/{at}"
        number = reader.whole(row, "number", spot)
        reader.once(numbers, number, f"{spot}/number")
        yield {
            "number": number,
            "code": reader.code(row, spot, codes),
            **reader.names(row, spot),
            "provenance": reader.mark(row, "provenance", spot),
            "source": reader.source(row, spot),
        }


def _tables(reader: PovertyReader, form: Row, pointer: str) -> tuple[TableData, ...]:
    seen: set[Any] = set()
    found = []
    for at, row in enumerate(reader.rows(form, "score_tables", pointer)):
        spot = f"{pointer}/score_tables/{at}"
        table = ScoreTable(
            region=reader.text(row, "region", spot),
            area_type=reader.word(row, "area_type", spot, AreaType.values),
            provenance=reader.mark(row, "provenance", spot),
            source=reader.source(row, spot),
        )
        reader.once(seen, (table.region, table.area_type), spot)
        codes: set[Any] = set()
        items = []
        for number, item in enumerate(reader.rows(row, "items", spot)):
            place = f"{spot}/items/{number}"
            made = ScoreItem(
                code=reader.code(item, place, codes),
                position=number,
                **reader.names(item, place),
                choose=reader.word(item, "choose", place, ScoreItem.Choose.values),
            )
            items.append(ItemData(made, _options(reader, item, place)))
        found.append(TableData(table, tuple(items)))
    return tuple(found)


def _options(reader: PovertyReader, item: Row, pointer: str) -> tuple[ScoreOption, ...]:
    seen: set[Any] = set()
    options = reader.rows(item, "options", pointer)
    reader.need({"options": options or None}, "options", pointer)  # an empty list asks nothing
    return tuple(
        ScoreOption(
            code=reader.code(row, f"{pointer}/options/{at}", seen),
            position=at,
            **reader.names(row, f"{pointer}/options/{at}"),
            points=reader.whole(row, "points", f"{pointer}/options/{at}", least=0),
        )
        for at, row in enumerate(options)
    )
