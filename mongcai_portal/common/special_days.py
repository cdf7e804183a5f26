"""The announced days off of each year: loading them from their file, and the calendar that terms are counted by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance, SpecialDay, SpecialYear
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows
from mongcai_portal.common.sources import load_sources
from mongcai_portal.common.working_days import HUNG_KINGS, MAY_DAYS, NATIONAL_DAY, NEW_YEAR, TET, WorkCalendar

FILE = Path(__file__).parent / "data" / "special_days.yaml"
_LONGEST = 30  # days of one holiday


def load_special_days(file: Path = FILE) -> Changes:
    """Make the announced days of the years that a file names equal to it; other years stay as they were entered.

    So do years that people keep (`SpecialYear`): what they entered or took away is not undone by the next start.

    Raises:
        Invalid: every fault of the file at its place; nothing is stored.
    """
    text = read_yaml(file)
    reader = FieldReader()
    years: set[int] = set()
    wanted: list[SpecialDay] = []
    seen: set[date] = set()
    for at, year in enumerate(reader.rows(text, "years", "")):
        number = reader.need(year, "year", f"years/{at}")
        years.add(number)
        for place, row in enumerate(reader.rows(year, "days", f"years/{at}")):
            for one in _days(reader, row, f"years/{at}/days/{place}", number):
                reader.once(seen, one.day, f"years/{at}/days/{place}")
                wanted.append(one)
    if reader.faults:
        raise Invalid(reader.faults)
    with transaction.atomic():
        changes = load_sources(text.get("sources") or ())
        kept = set(SpecialYear.objects.values_list("year", flat=True))
        _stored, done = sync_rows(
            SpecialDay.objects.filter(day__year__in=years - kept),
            [row for row in wanted if row.day.year not in kept],
            key=lambda row: row.day,
            fields=("works", "name_vi", "name_en", "provenance", "source"),
        )
    return changes + done


def _days(reader: FieldReader, row: Mapping[str, Any], pointer: str, year: object) -> Iterator[SpecialDay]:
    first = reader.day(row, "from", pointer)
    last = reader.day(row, "to", pointer, needed=False) or first
    names = {name: reader.text(row, name, pointer) for name in ("name_vi", "name_en")}
    mark = reader.word(row, "provenance", pointer, Provenance.values)
    if first is None or last is None:
        return
    if last < first or (last - first).days > _LONGEST or {first.year, last.year} != {year}:
        reader.fault(f"{pointer}/to", "bad_span", _("Ngày cuối phải sau ngày đầu và cùng năm."))
        return
    for n in range((last - first).days + 1):
        yield SpecialDay(
            day=first + timedelta(days=n),
            works=bool(row.get("works")),
            provenance=mark,
            source=str(row.get("source") or ""),
            **names,
        )


def holiday_names() -> dict[str, str]:
    """Return the holidays of the Labour Code by their code (`working_days.holidays`)."""
    return {
        NEW_YEAR: _("Tết Dương lịch"),
        TET: _("Tết Nguyên đán"),
        HUNG_KINGS: _("Giỗ Tổ Hùng Vương"),
        MAY_DAYS: _("Ngày Chiến thắng, Quốc tế lao động"),
        NATIONAL_DAY: _("Quốc khánh"),
    }


def work_calendar() -> WorkCalendar:
    """Return the calendar of every announced year: two queries."""
    announced = dict(SpecialDay.objects.values_list("day", "works"))
    kept = SpecialYear.objects.values_list("year", flat=True)
    return WorkCalendar(announced, frozenset({*(day.year for day in announced), *kept}))
