"""Reading a file of poverty standards into unsaved rows, naming every fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from communes.models import AreaType, IncomeLine, PovertyStandard, StandardYear
from communes.services.poverty_fields import PovertyReader, Row
from communes.services.poverty_forms import read_forms
from communes.services.poverty_rows import PovertyData, StandardData
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.reference import read_yaml

FILE = Path(__file__).parent.parent / "data" / "poverty_standards.yaml"
# The years that a column of the portal holds; earlier standards were of one dimension.
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DONG = 10**11 - 1


def _standards(reader: PovertyReader, raw: Row) -> list[StandardData]:
    seen: set[Any] = set()
    found = []
    for at, row in enumerate(reader.rows(raw, "standards", "")):
        pointer = f"standards/{at}"
        form, area = str(row.get("form") or ""), str(row.get("area") or "")
        if form and form not in reader.forms:
            reader.fault(f"{pointer}/form", "unknown_form", _("Không có mẫu phiếu “%(code)s”.") % {"code": form})
        if area and area not in reader.known_areas:
            reader.fault(f"{pointer}/area", "unknown_unit", _("Không có đơn vị “%(name)s”.") % {"name": area})
        list_provenance = reader.mark(row, "list_provenance", pointer)
        if list_provenance == Provenance.MISSING:
            reader.absent(row, "form", "list_provenance", pointer)
        else:
            reader.need(row, "form", pointer)
        standard = PovertyStandard(
            code=reader.code(row, pointer, seen),
            **reader.names(row, pointer),
            **reader.names(row, pointer, "note", needed=False),
            decision=reader.text(row, "decision", pointer),
            amended_by=str(row.get("amended_by") or ""),
            issued_on=reader.day(row, "issued_on", pointer, needed=False),
            shape=reader.word(row, "shape", pointer, PovertyStandard.Shape.values),
            rule_provenance=reader.mark(row, "rule_provenance", pointer),
            least=reader.whole(row, "least", pointer),
            deprivations_declared=reader.whole(row, "deprivations_declared", pointer),
            list_provenance=list_provenance,
            b_least=reader.marked(row, "b_least", "b_provenance", pointer),
            b_provenance=str(row.get("b_provenance") or ""),
            provenance=reader.mark(row, "provenance", pointer),
            sources=reader.sources(row, pointer),
        )
        found.append(
            StandardData(standard, form, area, _lines(reader, row, pointer), _years(reader, row, pointer), pointer)
        )
    return found


def _lines(reader: PovertyReader, standard: Row, pointer: str) -> tuple[IncomeLine, ...]:
    seen: set[Any] = set()
    found = []
    for at, row in enumerate(reader.rows(standard, "lines", pointer)):
        spot = f"{pointer}/lines/{at}"
        scored = row if "a_provenance" in row or "a_most" in row else {**row, "a_provenance": "missing"}
        line = IncomeLine(
            area_type=reader.word(row, "area_type", spot, AreaType.values),
            kind=reader.word(row, "kind", spot, IncomeLine.Kind.values),
            amount=reader.whole(row, "amount", spot, most=MOST_DONG),
            provenance=reader.mark(row, "provenance", spot),
            source=reader.source(row, spot),
            a_most=reader.marked(scored, "a_most", "a_provenance", spot),
            a_provenance=str(scored.get("a_provenance") or ""),
            a_source=reader.source(row, spot, "a_source"),
        )
        reader.once(seen, (line.area_type, line.kind), spot)
        found.append(line)
    return tuple(found)


def _years(reader: PovertyReader, standard: Row, pointer: str) -> tuple[StandardYear, ...]:
    limits = {"least": FIRST_YEAR, "most": LAST_YEAR}
    return tuple(
        StandardYear(
            effective_year=reader.whole(row, "effective_year", f"{pointer}/years/{at}", **limits),
            round_held=reader.marked(row, "round_held", "round_provenance", f"{pointer}/years/{at}", **limits),
            provenance=reader.mark(row, "provenance", f"{pointer}/years/{at}"),
            round_provenance=str(row.get("round_provenance") or ""),
            source=reader.source(row, f"{pointer}/years/{at}"),
        )
        for at, row in enumerate(reader.rows(standard, "years", pointer))
    )


def read_poverty(
    file: Path, *, sources: Collection[str], areas: Collection[str], forms: Collection[str]
) -> PovertyData:
    """Read a file; a standard may name a form that is not in it.

    Args:
        sources: codes of the texts that data may name.
        areas: uids of the units that exist.
        forms: codes of the forms that are stored already.

    Raises:
        Invalid: with every fault of the file (pointer `/<path>`).
        yaml.YAMLError: it is no YAML.
        OSError: there is no such file.
    """
    reader = PovertyReader(sources, areas, forms)
    raw = read_yaml(file)
    if not isinstance(raw, Mapping):
        reader.fault("", "not_a_mapping", _("Tệp phải có các mục “forms” và “standards”."))
        raise Invalid(reader.faults)
    data = PovertyData(read_forms(reader, raw), _standards(reader, raw))
    for row, pointer in data.placed():
        reader.fits(row, pointer)
    if reader.faults:
        raise Invalid(reader.faults)
    return data
