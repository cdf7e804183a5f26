"""Households behind the pages of the register: one with a long past, one that left, and some beside. Placeholders."""

from __future__ import annotations

from datetime import date
from typing import Any

START = date(2022, 1, 1)
PURPOSE = "Đối chiếu hồ sơ bảo hiểm y tế của hộ"


def make_households(officer: Any) -> dict[str, Any]:
    """Write them as their commune's officer; return what the addresses of their pages are filled with."""
    from communes.models import Household
    from communes.services.households import (
        NewHousehold,
        add_member,
        correct_household,
        end_household,
        move_household,
        note_view,
        register_households,
        remove_member,
        split_household,
        unmask,
    )

    villages = _villages(officer)
    made = register_households(by=officer, entries=[_entry(n, villages[n % 2]) for n in range(1, 13)])
    first, gone = made[0], made[1]

    def member(household: Household, name: str) -> int:
        return int(household.members.filter(person__name__startswith=name).latest("pk").person_id)

    born = _person("Cháu Mẫu 1", date(2023, 4, 20), sex="female")
    add_member(
        by=officer, household_id=first.pk, on=date(2023, 4, 20), relation="grandchild", because="born", person=born
    )
    remove_member(
        by=officer, household_id=first.pk, person_id=member(first, "Mẹ Mẫu"), on=date(2023, 6, 2), because="died"
    )
    correct_household(by=officer, household_id=first.pk, changes={"farming": True, "note": "Nhà ở cuối thôn."})
    move_household(
        by=officer, household_id=first.pk, on=date(2023, 9, 1), village=villages[0], address="Số 12, đường liên thôn"
    )
    _classify(first, made[2])
    new = NewHousehold(code="MAU-001A", village=villages[0], relations={member(first, "Con Mẫu"): "head"})
    split_household(by=officer, household_id=first.pk, on=date(2024, 2, 1), new=new)
    end_household(by=officer, household_id=gone.pk, on=date(2024, 3, 1), because="moved_out", note="Vào Nam làm ăn.")
    note_view(by=officer, household_id=first.pk)
    unmask(by=officer, household_id=first.pk, purpose=PURPOSE)
    return {
        "household": first.pk,
        "household_gone": gone.pk,
        "household_person": member(first, "Vợ Mẫu"),
        "household_village": villages[1],
    }


def _classify(first: Any, other: Any) -> None:
    """One household by its sheet under the standards of the round of 2023, the other near poor by a list."""
    from communes.rules.poverty.survey import Survey
    from communes.services.classification import (
        OpeningList,
        ReviewDecision,
        record_classifications,
        record_opening_list,
    )
    from tests.factories.poverty import FORM, answers

    def sheet(**over: Any) -> Survey:
        fields = {"form": FORM.code, "income": None, "a_score": None, "b_score": None, "answers": {}, "screening": "",
                  "farming": None}  # fmt: skip
        return Survey(**{**fields, **over})

    record_opening_list(
        by=None,
        statuses={first.pk: "poor", other.pk: "near_poor"},
        opening=OpeningList(
            number="07/DS-UBND", on=date(2022, 1, 5), standard="central_2022_2025", effective_year=2022
        ),
    )
    record_classifications(
        by=None,
        surveys=[
            (first.pk, sheet(income=1_400_000, a_score=135, answers=answers(4))),
            (other.pk, sheet(answers=answers(1))),
        ],
        decision=ReviewDecision(
            number="112/QĐ-UBND", on=date(2023, 12, 12), round_held=2023, decided_by="Chủ tịch UBND xã"
        ),
    )


def _villages(officer: Any) -> list[str]:
    """Two villages of the officer's commune, which came to another one on 01/07/2025; the officer came along."""
    from communes.models import Unit
    from communes.services.access import assign_role
    from tests.factories.households import make_version, make_village

    before, after = Unit.objects.get(uid="bac-son"), Unit.objects.get(uid="hai-son-2025")
    assign_role(by=None, user=officer, role="commune_officer", unit=after)
    codes = []
    for number in (1, 2):
        codes.append(f"bac-son-thon-mau-{number}")
        name = f"Thôn Mẫu {number}"
        village = make_village(before, codes[-1], name, valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30))
        make_version(village, after, name, valid_from=date(2025, 7, 1))
    return codes


def _person(name: str, birth: date, **over: Any) -> Any:
    from communes.services.households import PersonEntry

    return PersonEntry(**{"name": name, "birth_date": birth, "ethnicity": "09", **over})


def _entry(number: int, village: str) -> Any:
    from communes.services.households import HouseholdEntry, MemberEntry

    people = [
        ("head", f"Chủ Hộ Mẫu {number}", date(1975, 5, 4), "male", f"0220750{number:05d}"),
        ("spouse", f"Vợ Mẫu {number}", date(1978, 1, 9), "female", f"0221780{number:05d}"),
        ("child", f"Con Mẫu {number}", date(2001, 8, 30), "male", ""),
        ("parent", f"Mẹ Mẫu {number}", date(1948, 1, 1), "female", ""),
    ][: 4 if number == 1 else 1 + number % 4]
    return HouseholdEntry(
        code=f"MAU-{number:03d}",
        village=village,
        on=START,
        address=f"Số {number}, xóm Mẫu",
        illustrative=True,
        members=tuple(
            MemberEntry(relation=relation, person=_person(name, birth, sex=sex, identity_number=identity))
            for relation, name, birth, sex, identity in people
        ),
    )
