"""Rounds of a commune of the demonstration: its own, decided, and two more: posted with a complaint, under survey."""

from __future__ import annotations

from datetime import date
from typing import Any

from communes.models import Unit, Village
from communes.services import reviews
from communes.services.classification import OpeningList, record_opening_list
from tests.factories.files import upload
from tests.factories.households import make_household, make_village
from tests.factories.reviews import typed

_HEADS = ("Nguyễn Văn Mẫu", "Trần Thị Mẫu", "Chíu A Mẫu", "Lê Văn Mẫu", "Phùn Thị Mẫu", "Tằng A Mẫu")


def make_rounds(officer: Any, uid: str) -> dict[str, Any]:
    """Make six households and two rounds after the demonstration's; returns what addresses are filled with."""
    unit = Unit.objects.get(uid=uid)
    villages = [make_village(unit, f"{uid}-{n}", name) for n, name in enumerate(("Phình Hồ", "Lục Phủ"), start=1)]
    households = [
        make_household(villages[n % 2], f"BS-{n:04d}", head, illustrative=True)
        for n, head in enumerate(_HEADS, start=1)
    ]
    opening = OpeningList(
        number="DS-2024", on=date(2024, 1, 1), standard="central_2022_2025", effective_year=2024,
        provenance="illustrative",
    )  # fmt: skip
    statuses = {one.pk: "poor" if n < 2 else "near_poor" for n, one in enumerate(households[:4])}
    record_opening_list(by=None, statuses=statuses, opening=opening)
    return {**_decided(unit), **_posted(officer, unit), **_surveyed(officer, unit)}


def _fill(officer: Any, round_: Any, on: date, *, leave: int = 0) -> list[Any]:
    found = list(round_.reviews.order_by("pk"))
    for n, review in enumerate(found[: len(found) - leave]):
        reviews.save_cells(by=officer, review_id=review.pk, cells=typed((1, 4, 0, 3)[n % 4], on=on))
        reviews.finish_sheet(by=officer, review_id=review.pk)
    return found


def _to_villages(officer: Any, round_: Any, day: date) -> None:
    reviews.submit_round(by=officer, round_id=round_.pk)
    for village in Village.objects.filter(pk__in=round_.reviews.values("village")):
        reviews.record_meeting(
            by=officer, round_id=round_.pk, village_id=village.pk, held_on=day, chaired_by="Trưởng thôn Mẫu",
            present=46, agreeing=43, minutes=upload("bien-ban-hop-dan.pdf"),
        )  # fmt: skip
        reviews.post_results(
            by=officer, round_id=round_.pk, village_id=village.pk, posted_on=day, place="Nhà văn hóa thôn"
        )


def _decided(unit: Unit) -> dict[str, Any]:
    """The demonstration's last round of the commune, and somebody near poor by it."""
    round_ = unit.review_rounds.get(kind="yearly", held_in=2023)
    review = round_.reviews.filter(results__status="near_poor").order_by("pk").first()
    return {"round_decided": round_.pk, "review_decided": review.pk}


def _posted(officer: Any, unit: Any) -> dict[str, Any]:
    round_ = reviews.open_round(
        by=officer, unit=unit, kind="yearly", held_in=2024, on=date(2024, 9, 6), illustrative=True
    )
    found = _fill(officer, round_, date(2024, 10, 8))
    _to_villages(officer, round_, date(2024, 11, 4))
    reviews.record_complaint(
        by=officer, review_id=found[0].pk, received_on=date(2024, 11, 5), text="Hộ có thêm thu nhập từ cho thuê đất."
    )
    return {"round_posted": round_.pk, "review_posted": found[0].pk, "village_posted": found[0].village_id}


def _surveyed(officer: Any, unit: Any) -> dict[str, Any]:
    round_ = reviews.open_round(
        by=officer, unit=unit, kind="monthly", held_in=2025, month=5, on=date(2025, 5, 15), illustrative=True
    )
    asked = [
        reviews.add_request(
            by=officer, round_id=round_.pk, household=code, reason="request_01", on=date(2025, 5, 16),
            paper=upload("giay-de-nghi.png"),
        )
        for code in ("BS-0005", "BS-0006", "BS-0004")
    ]  # fmt: skip
    reviews.refuse(
        by=officer, review_id=asked[1].pk, number="88/UBND-VHXH", refused_on=date(2025, 5, 26), signer="Chủ tịch Mẫu",
        reasons="Thu nhập bình quân của hộ cao hơn chuẩn nghèo; hộ không thiếu hụt chỉ số nào.",
    )  # fmt: skip
    cells = [cell for cell in typed(2, on=date(2025, 5, 20)) if not cell.name.startswith("answer:t")]
    reviews.save_cells(by=officer, review_id=asked[0].pk, cells=cells)
    return {
        "round": round_.pk, "review": asked[0].pk, "review_asked": asked[2].pk, "review_refused": asked[1].pk,
    }  # fmt: skip
