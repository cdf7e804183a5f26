"""Lists of poor and near-poor households of one commune, in every state. Placeholders."""

from __future__ import annotations

from datetime import date
from typing import Any

DAY = date(2024, 1, 8)
ROW = ("DA-NHAP", "Chủ Hộ Thử", "Thôn Một", "Hộ nghèo")  # of the file of households that was taken over
WRONG = (
    ("KHONG-CO", "Người Thử Một", "Thôn Một", "Hộ nghèo"),
    ("DA-NHAP", "Chủ Hộ Khác", "Thôn Lạ", "Thoát nghèo"),
    (None, "Người Thử Hai", "Thôn Một", "Giàu"),
)


def make_opening_lists(officer: Any, uid: str) -> dict[str, Any]:
    """Send them as the commune's officer; return what the addresses of their pages are filled with."""
    from communes.models import Unit
    from communes.services.opening_lists import discard_list, record_list, send_list
    from tests.factories.files import upload
    from tests.factories.opening_lists import file_of, given

    unit = Unit.objects.get(uid=uid).pk

    def send(number: str, *rows: tuple[Any, ...], standard: str = "central_2022_2025") -> int:
        decided = given(unit=unit, standard=standard, year=2024, on=DAY, decided_on=DAY, number=f"{number}/QĐ-UBND")
        file = file_of(*rows, name=f"ho-ngheo-{number}.xlsx")
        made = send_list(by=officer, given=decided, file=file, scan=upload("quyet-dinh.pdf"))
        return int(made.pk)

    found = {
        "opening_faulty": send("44", *WRONG),
        "opening_recorded": send("45", ROW),
        "opening_discarded": send("46", ROW),
        "opening_ready": send("45", ROW, standard="quang_ninh_2023_2025"),
    }
    record_list(by=officer, list_id=found["opening_recorded"])
    discard_list(by=officer, list_id=found["opening_discarded"])
    return found
