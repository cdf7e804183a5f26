"""The register as a file that people open, and that the portal's own import reads again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from io import TextIOWrapper
from typing import IO, Any

from django.utils.translation import gettext as _

from communes.models.households import Relation
from communes.models.persons import (
    IDENTITY,
    MASK,
    Allowance,
    BirthPrecision,
    Education,
    Nutrition,
    Schooling,
    Sex,
    Work,
)
from communes.presenters.household_faults import field_name
from communes.presenters.household_imports import word_label
from communes.selectors.household_export import ExportRow, export_rows
from communes.services.household_export import Released
from mongcai_portal.common import ciphers
from mongcai_portal.common.exports import CSV, disarmed
from mongcai_portal.common.sheet_writer import HEAD, TITLE, Cell, workbook
from mongcai_portal.common.templatetags.portal import date_vi

COLUMNS = (
    "code", "unit", "village", "address", "name", "relation", "birth_date", "sex", "ethnicity", "identity_number",
    "schooling", "education", "work", "health_insurance", "allowance", "meritorious", "nutrition", "no_labour",
    "farming", "note",
)  # fmt: skip
_WIDTHS = (14, 18, 20, 24, 26, 18, 12, 9, 12, 16, 18, 22, 26, 12, 22, 12, 18, 14, 16, 30)


def write_register(kind: str, released: Released, out: IO[bytes]) -> None:
    """Write the file row by row.

    Raises:
        Undecipherable: a number is under a key that is not here.
    """
    heads = [field_name(key)[:1].upper() + field_name(key)[1:] for key in COLUMNS]
    title = _("Sổ hộ")
    lines = [
        _("Ngày %(day)s, %(n)s nhân khẩu") % {"day": date_vi(released.day), "n": released.people},
        _("Tệp có dữ liệu cá nhân: giữ và xóa theo quy định về bảo vệ dữ liệu cá nhân."),
    ]
    if kind == CSV:
        lines.append(_("Trong tệp này ngày viết theo dạng năm-tháng-ngày."))
        text = TextIOWrapper(out, encoding="utf-8", newline="")
        text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
        writer = csv.writer(text)
        writer.writerows([[one] for one in (title, *lines)])
        writer.writerow([])
        writer.writerow(heads)
        writer.writerows([_text(cell) for cell in row] for row in _rows(released))
        text.detach()
        return
    with workbook(out) as book, book.sheet(title, _WIDTHS, frozen=len(lines) + 3) as sheet:
        sheet.row([title], [TITLE])
        for line in lines:
            sheet.row([line])
        sheet.row([])
        sheet.row(heads, [HEAD] * len(heads))
        sheet.rows(_rows(released))


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else disarmed(str(cell))


def _rows(released: Released) -> Iterator[list[Cell]]:
    labels = _labels()
    number = _number(released.numbers)
    yes_no = {True: _("có"), False: _("không"), None: None}
    for row in export_rows(released.households, released.day):
        yield [
            row.code, row.unit, row.village, row.address or None, row.name, labels["relation"].get(row.relation),
            _birth(row), labels["sex"].get(row.sex), labels["ethnicity"].get(row.ethnicity), number(row.identity),
            labels["schooling"].get(row.schooling), labels["education"].get(row.education),
            labels["work"].get(row.work), yes_no[row.health_insurance], labels["allowance"].get(row.allowance),
            yes_no[row.meritorious], labels["nutrition"].get(row.nutrition), yes_no[row.no_labour],
            yes_no[row.farming], row.note or None,
        ]  # fmt: skip


def _labels() -> dict[str, dict[str, str]]:
    """Every word of the file, made once."""
    from communes.rules.ethnic_groups import CODES

    known: dict[str, Any] = {
        "relation": Relation, "sex": Sex, "schooling": Schooling, "education": Education, "work": Work,
        "allowance": Allowance, "nutrition": Nutrition,
    }  # fmt: skip
    labels = {key: {value: str(label) for value, label in words.choices} for key, words in known.items()}
    return {**labels, "ethnicity": {code: word_label("ethnicity", code) for code in CODES}}


def _birth(row: ExportRow) -> Cell:
    if row.birth_date is None or row.birth_precision == BirthPrecision.DAY:
        return row.birth_date
    if row.birth_precision == BirthPrecision.MONTH:
        return f"{row.birth_date.month:02d}/{row.birth_date.year}"
    return str(row.birth_date.year)


def _number(in_clear: bool) -> Callable[[tuple[str, str]], str | None]:
    if not in_clear:
        return lambda identity: MASK if identity[1] else None
    ring = ciphers.keyring()
    return lambda identity: ring.show(*identity, IDENTITY) if identity[1] else None
