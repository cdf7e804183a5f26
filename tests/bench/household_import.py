"""How long a file of twenty thousand people takes: its dry run, taking it over, undoing it, and the way out.

The register that it is held against is whatever `make bench-households` has filled; the file speaks of fifty villages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

ROWS, OF_A_HOUSEHOLD, VILLAGES = 20_000, 4, 50
CHECK_SECONDS, IMPORT_SECONDS = 20, 40
ON = date(2024, 1, 1)


def imported() -> dict[str, list[float]]:
    """Check, take over, export and undo a file of 20 000 rows; return seconds and bounds."""
    from communes.models import Household, HouseholdImport
    from communes.services.household_imports import accept_import, declare_import, send_import, undo_import
    from tests.factories.household_files import run_jobs
    from tests.factories.world import make_person

    user = make_person("bench-import", "coordinator")
    row = send_import(by=user, file=_file(), on=ON)
    layout = _layout()
    checking = _timed(
        "dry run of 20 000 rows", lambda: (declare_import(by=user, import_id=row.pk, layout=layout), run_jobs())
    )
    row.refresh_from_db()
    assert row.status == HouseholdImport.Status.READY, (row.status, row.error, row.counts)
    taking = _timed("import of 20 000 rows", lambda: (accept_import(by=user, import_id=row.pk), run_jobs()))
    row.refresh_from_db()
    assert row.status == HouseholdImport.Status.APPLIED, (row.status, row.error)
    assert Household.objects.filter(imported__owner=row).count() == ROWS // OF_A_HOUSEHOLD
    exporting = _timed("export of these 20 000 people as Excel", lambda: _exported(row))
    undoing = _timed("undoing the import", lambda: (undo_import(by=user, import_id=row.pk), run_jobs()))
    row.refresh_from_db()
    assert row.status == HouseholdImport.Status.UNDONE, (row.status, row.error)
    return {
        "dry_run_20000_rows_s": [checking, CHECK_SECONDS],
        "import_20000_rows_s": [taking, IMPORT_SECONDS],
        "export_20000_people_s": [exporting, IMPORT_SECONDS],
        "undo_20000_rows_s": [undoing, IMPORT_SECONDS],
    }


def _timed(name: str, work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    print(f"{name:40} {took:7.1f} s", flush=True)
    return round(took, 1)


def _exported(row: Any) -> None:
    from communes.models import Household
    from communes.presenters.household_export import write_register
    from communes.services.household_export import Released

    with TemporaryFile() as out:
        write_register("xlsx", Released(Household.objects.filter(imported__owner=row), ROWS, ON, True), out)


def _layout() -> Any:
    from communes.rules.register_files.layout import Layout

    keys = (
        "code", "village", "address", "name", "relation", "birth_date", "sex", "ethnicity", "identity_number", "income",
    )  # fmt: skip
    columns = {key: at for at, key in enumerate(keys, start=1)}
    return Layout(sheet="Danh sách", columns=columns, day_shapes=("dmy",))


def _file() -> Any:
    """A workbook as an export has it: texts, a household's facts in each of its rows, ten columns that nobody maps."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from communes.models import Village
    from mongcai_portal.common.contents import KINDS
    from mongcai_portal.common.sheet_writer import workbook

    villages = list(Village.objects.order_by("pk").values_list("code", flat=True)[:VILLAGES])
    out = BytesIO()
    with workbook(out) as book, book.sheet("Danh sách") as sheet:
        sheet.row([f"Cột {n}" for n in range(20)])
        for n in range(ROWS):
            home, place = divmod(n, OF_A_HOUSEHOLD)
            year = 1960 + home % 30 + (25 if place > 1 else 0)
            relation = ("Chủ hộ", "Vợ", "Con", "Con")[place]
            sheet.row(
                [
                    f"NHAP-{home}", villages[home % len(villages)], f"Tổ {home % 20}", f"Người Thử Số {n}", relation,
                    f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{year}", "Nam" if n % 2 else "Nữ", "Kinh", f"0222{n:08d}",
                    "1.500.000", *[f"cột khác {n % 7}"] * 10,
                ]
            )  # fmt: skip
    return SimpleUploadedFile("so-ho.xlsx", out.getvalue(), KINDS["xlsx"].media_type)
