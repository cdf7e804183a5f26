"""Lists that the register begins with, as their pages tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.models import OpeningListFile, PovertyStandard, UnitVersion
from communes.models.poverty import PovertyStatus
from communes.presenters.household_classes import short_decree
from communes.presenters.household_faults import field_name
from communes.presenters.household_imports import FaultLine, fault_lines
from communes.presenters.reviews import unit_title
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.register_files.list_layout import FIELDS
from communes.rules.register_files.stated import CellFault
from communes.selectors.opening_lists import RecordedList
from mongcai_portal.common.templatetags.portal import localname

Status = OpeningListFile.Status
_LOOKS = {
    Status.FAULTY: ("alert-circle", "chip-unmet"),
    Status.READY: ("clipboard-check", "chip-part"),
    Status.RECORDED: ("circle-check", "chip-met"),
    Status.DISCARDED: ("trash", ""),
}


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A list as it stands in the register; `flows` leads to what became of its households until today."""

    unit: str
    standard: str
    decree: str
    year: int
    on: date
    number: str
    decided_on: date | None
    decided_by: str
    provenance: str
    counts: list[tuple[str, int]]
    list_id: int | None
    scan: int | None  # the list whose scan there is
    flows: str


def status_look(row: OpeningListFile) -> tuple[str, str, str]:
    """Icon, class and word of where a list stands."""
    icon, css = _LOOKS[Status(row.status)]
    return icon, css, str(row.get_status_display())


def year_choices(years: Iterable[tuple[PovertyStandard, int]]) -> list[tuple[str, str]]:
    """Each year of each standard, as the form of a list offers it."""
    return [
        (f"{one.code}:{year}", _("Năm %(year)s · %(name)s") % {"year": year, "name": localname(one)})
        for one, year in years
    ]


def column_names() -> dict[str, str]:
    return {key: field_name(key) for key in FIELDS}


def class_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many households a list makes what; classes that it does not have are left out, but poor and near poor."""
    words = {
        POOR: pgettext("class", "hộ nghèo"),
        NEAR_POOR: pgettext("class", "hộ cận nghèo"),
        NOT_POOR: pgettext("class", "hộ không nghèo"),
    }
    return [(word, counts.get(status, 0)) for status, word in words.items() if counts.get(status) or status != NOT_POOR]


def recorded_lines(
    lists: Iterable[RecordedList], names: Mapping[int, UnitVersion], mine: Iterable[int] | None, today: date
) -> list[RecordedLine]:
    """The lists of the register.

    Args:
        names: of the units.
        mine: units whose lists the reader may open; None: of all.
    """
    open_to = None if mine is None else set(mine)
    lines = []
    for one in lists:
        version, file = names.get(one.unit), one.file
        asked = {
            "standard": one.standard.code, "unit": version.unit.uid if version else "", "from": one.on.isoformat(),
            "to": today.isoformat(),
        }  # fmt: skip
        opens = file is not None and (open_to is None or one.unit in open_to)
        lines.append(
            RecordedLine(
                unit_title(version),
                localname(one.standard),
                short_decree(one.standard.decision),
                one.effective_year,
                one.on,
                one.number,
                file.decided_on if file else None,
                one.decided_by,
                one.provenance,
                class_counts(one.counts),
                file.pk if opens and file else None,
                file.pk if file and hasattr(file, "scan") else None,
                f"{reverse('poverty_flows')}?{urlencode(asked)}",
            )
        )
    return lines


def list_context(row: OpeningListFile, unit: UnitVersion | None) -> dict[str, Any]:
    """Everything that `communes/opening_list.html` shows besides its faults and its form of columns."""
    icon, css, word = status_look(row)
    return {
        "row": row,
        "icon_name": icon,
        "status_class": css,
        "status": word,
        "unit": unit_title(unit),
        "standard": localname(row.standard),
        "counts": row.counts,
        "classes": class_counts(row.counts),
        "whole": str(PovertyStatus(row.whole).label) if row.whole else "",
        "has_scan": hasattr(row, "scan"),
        "faulty": row.status == Status.FAULTY,
        "ready": row.status == Status.READY,
        "recorded": row.status == Status.RECORDED,
        "open": row.status in (Status.FAULTY, Status.READY),
    }


def lines_of(row: OpeningListFile) -> list[FaultLine]:
    """The faults of a list, from top to bottom."""
    return fault_lines([CellFault(**one) for one in row.faults])
