"""`/households/<id>/`: one household with its past, who has seen it, and its numbers for a stated purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Household
from communes.services.households import (
    HouseholdEntry,
    MemberEntry,
    NewHousehold,
    add_member,
    change_head,
    end_household,
    move_household,
    register_household,
    remove_member,
    split_household,
)
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.sessions import CONFIRMED
from mongcai_portal.audit.models import AuditEvent
from tests.factories.households import make_version
from tests.factories.registers import NUMBER, Registry, entry, someone
from tests.factories.windows import BACKEND, LocalWindow, send

pytestmark = pytest.mark.django_db

PURPOSE = "Đối chiếu hồ sơ bảo hiểm y tế"


@pytest.fixture
def household(registry: Registry) -> Household:
    """A head of 42, a wife, two children and an old mother, in the register since 2022."""
    members = (
        *entry().members,
        MemberEntry(relation="spouse", person=someone("Vợ Thử", date(1982, 3, 4), sex="female")),
        MemberEntry(relation="parent", person=someone("Mẹ Thử", date(1950, 1, 1), birth_precision="year")),
    )
    return register_household(by=registry.officer, entry=entry(members=members, address="Số 1 đường Thử"))


def path_of(household: Household) -> str:
    return f"/households/{household.pk}/"


def person(household: Household, name: str) -> int:
    return int(household.members.filter(person__name=name).latest("pk").person_id)


def test_it_shows_people_place_and_past_without_any_number(household: Household) -> None:
    page = LocalWindow("can-bo").get(path_of(household))
    assert page.status == 200
    for text in ("Chủ Hộ Thử", "Vợ Thử", "Thôn Một", "Hải Sơn", "nông thôn", "Số 1 đường Thử", "02/01/1980", "Dao"):
        assert text in page.text, text
    assert "1950" in page.text and "01/01/1950" not in page.text
    assert NUMBER not in page.html and NUMBER[-4:] not in page.html and "••••" in page.text


def test_that_it_was_seen_is_noted_once_a_day(household: Household) -> None:
    window = LocalWindow("can-bo")
    for _time in range(2):
        window.get(path_of(household))
    assert AuditEvent.objects.filter(kind="household.viewed", object_id=str(household.pk)).count() == 1
    assert LocalWindow("nguoi-khac").get(path_of(household)).status == 404
    assert AuditEvent.objects.filter(kind="household.viewed").count() == 1


def test_a_day_shows_the_household_as_it_was(household: Household, registry: Registry) -> None:
    officer = registry.officer
    add_member(
        by=officer, household_id=household.pk, on=date(2023, 5, 1), relation="child", because="born",
        person=someone("Bé Mới Sinh", date(2023, 5, 1)),
    )  # fmt: skip
    move_household(by=officer, household_id=household.pk, on=date(2023, 6, 1), village="thon-2")
    window = LocalWindow("can-bo")
    before, now = window.get(path_of(household) + "?as_of=2023-04-30"), window.get(path_of(household))
    assert "Hộ như trong ngày 30/04/2023" in before.text and "4 nhân khẩu" in before.text
    assert "Ghi thay đổi" not in before.text and "Ghi thay đổi" in now.text
    assert "5 nhân khẩu" in now.text and "Thôn Hai" in now.text and "Bé Mới Sinh mới sinh (con)" in now.text
    assert "Chuyển chỗ ở đến Thôn Hai, Hải Sơn (nông thôn)" in now.text
    assert "Hộ có trong sổ từ ngày 01/01/2022" in window.get(path_of(household) + "?as_of=2020-01-01").text
    assert "Không đọc được ngày" in window.get(path_of(household) + "?as_of=hôm-qua").text


def test_the_area_follows_the_kind_of_the_unit_on_the_day(household: Household, registry: Registry) -> None:
    merged = date(2024, 11, 1)
    registry.village.versions.update(valid_to=merged - timedelta(days=1))
    make_version(registry.village, registry.ward, "Khu Một", kind="khu", valid_from=merged)
    window = LocalWindow("dieu-phoi")
    assert "nông thôn" in window.get(path_of(household) + "?as_of=2024-10-31").text
    page = window.get(path_of(household))
    assert "khu vực đổi từ nông thôn sang thành thị" in page.text
    assert "Khu Một, Trà Cổ · thành thị" in page.text


def test_a_split_leads_from_one_to_the_other(household: Household, registry: Registry) -> None:
    new = NewHousehold(code="H1A", village="thon-2", relations={person(household, "Vợ Thử"): "head"})
    made = split_household(by=registry.officer, household_id=household.pk, on=date(2023, 3, 1), new=new)
    window = LocalWindow("can-bo")
    old_page, new_page = window.get(path_of(household)), window.get(path_of(made))
    assert f'href="{path_of(made)}"' in old_page.html and "Thành những hộ nào" in old_page.text
    assert f'href="{path_of(household)}"' in new_page.html and "Từ đâu mà có" in new_page.text
    assert "1 người đã rời hộ" in old_page.text
    # What went on in another commune is named by its code, and does not open.
    move_household(by=registry.officer, household_id=made.pk, on=date(2023, 9, 1), village="thon-tra-co")
    page = window.get(path_of(household))
    assert "H1A" in page.text and path_of(made) not in page.html


def test_a_household_that_left_says_so_and_offers_no_change(household: Household, registry: Registry) -> None:
    end_household(by=registry.officer, household_id=household.pk, on=date(2023, 5, 1), because="moved_out")
    page = LocalWindow("can-bo").get(path_of(household))
    assert "Hộ ra khỏi sổ sau ngày 30/04/2023" in page.text and "Ghi thay đổi" not in page.text


def test_the_timeline_tells_who_died_and_who_became_the_head(household: Household, registry: Registry) -> None:
    wife = person(household, "Vợ Thử")
    relations = {person(household, "Con Thử"): "child", person(household, "Mẹ Thử"): "parent_in_law"}
    change_head(
        by=registry.officer, household_id=household.pk, person_id=wife, on=date(2023, 2, 3), old_head_leaves="died",
        relations=relations,
    )  # fmt: skip
    remove_member(
        by=registry.officer, household_id=household.pk, person_id=person(household, "Con Thử"), on=date(2023, 4, 5),
        because="moved_out",
    )  # fmt: skip
    text = LocalWindow("can-bo").get(path_of(household)).text
    for told in ("Chủ Hộ Thử mất", "Vợ Thử làm chủ hộ", "Con Thử chuyển đi"):
        assert told in text, told
    assert text.index("Con Thử chuyển đi") < text.index("Vợ Thử làm chủ hộ")


def test_the_page_costs_the_same_whatever_the_number_of_people(household: Household, registry: Registry) -> None:
    window = LocalWindow("can-bo")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            window.get(path_of(household))
        return len(seen)

    cost()
    before = cost()
    for n in range(8):
        add_member(
            by=registry.officer, household_id=household.pk, on=date(2023, 1, 1), relation="child", because="entered",
            person=someone(f"Con Thử {n}", date(2012, 1, 1 + n)),
        )  # fmt: skip
    assert cost() == before


# --- Who has seen it -------------------------------------------------------------------------------------------------


def test_who_reviews_the_log_sees_who_has_seen_it(household: Household) -> None:
    officer = LocalWindow("can-bo")
    officer.get(path_of(household))
    form = officer.get(path_of(household) + "unmask/").form("unmask")
    send(officer, form, purpose=PURPOSE)
    page = LocalWindow("dieu-phoi").get(path_of(household) + "seen/")
    assert page.status == 200 and PURPOSE in page.text and "can-bo" in page.text.casefold()
    assert "Chủ Hộ Thử" in page.text and NUMBER not in page.html
    assert officer.get(path_of(household) + "seen/").status == 403
    assert "seen/" not in officer.get(path_of(household)).html


def test_the_readings_of_numbers_are_listed_for_review(household: Household) -> None:
    empty = LocalWindow("dieu-phoi").get("/households/unmaskings/")
    assert "Chưa ai xem số định danh" in empty.text
    officer = LocalWindow("can-bo")
    send(officer, officer.get(path_of(household) + "unmask/").form("unmask"), purpose=PURPOSE)
    page = LocalWindow("dieu-phoi").get("/households/unmaskings/")
    assert PURPOSE in page.text and "H1" in page.text and "1 lượt, 1 hộ" in page.text
    assert NUMBER not in page.html
    assert PURPOSE not in LocalWindow("dieu-phoi").get("/households/unmaskings/?until=2020-01-01").text
    assert PURPOSE in LocalWindow("dieu-phoi").get("/households/unmaskings/?unit=hai-son&who=can").text
    assert officer.get("/households/unmaskings/").status == 403


# --- Numbers in clear ------------------------------------------------------------------------------------------------


def test_a_purpose_gives_the_numbers_in_one_answer_that_is_kept_nowhere(household: Household) -> None:
    client = Client()
    client.force_login(User.objects.get(username="can-bo"), backend=BACKEND)
    asked = client.get(path_of(household) + "unmask/")
    token = asked.context["token"]
    answer = client.post(path_of(household) + "unmask/", {"purpose": PURPOSE, "token": token})
    assert answer.status_code == 200 and NUMBER in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    # Going back and sending again shows nothing by itself.
    again = client.post(path_of(household) + "unmask/", {"purpose": PURPOSE, "token": token})
    assert again.status_code == 409 and NUMBER not in again.content.decode() and PURPOSE in again.content.decode()
    assert AuditEvent.objects.filter(kind="household.unmasked").count() == 1


@pytest.mark.parametrize("purpose", ["", "xem", " " * 30, "x" * 501])
def test_no_purpose_no_number_and_nothing_typed_is_lost(household: Household, purpose: str) -> None:
    window = LocalWindow("can-bo")
    page = send(window, window.get(path_of(household) + "unmask/").form("unmask"), purpose=purpose)
    assert page.status == 422 and NUMBER not in page.html
    assert page.form("unmask").fields["purpose"].strip() == purpose.strip()
    # The same form goes on once the purpose is there.
    assert NUMBER in send(window, page.form("unmask"), purpose=PURPOSE).html


def test_one_persons_number_is_read_alone(household: Household, registry: Registry) -> None:
    window = LocalWindow("can-bo")
    form = window.get(path_of(household) + "unmask/").form("unmask")
    assert form.choices["person"] == ["", str(person(household, "Chủ Hộ Thử"))]
    page = send(window, form, purpose=PURPOSE, person=str(person(household, "Vợ Thử")))
    assert page.status == 422 and NUMBER not in page.html


def test_the_password_is_asked_for_again_when_it_was_given_long_ago(household: Household) -> None:
    window = LocalWindow("can-bo")
    session = window.client.session
    session[CONFIRMED] = timezone.now().timestamp() - settings.PORTAL_CONFIRMED_FOR - 60
    session.save()
    assert window.get(path_of(household) + "unmask/").path.startswith("/password/confirm/")


def test_who_may_not_read_numbers_is_refused(household: Household) -> None:
    assert LocalWindow("lanh-dao").get(path_of(household) + "unmask/").status == 403
    assert LocalWindow("nguoi-khac").get(path_of(household) + "unmask/").status == 404


def test_nobody_with_a_number_leaves_nothing_to_ask(registry: Registry) -> None:
    bare = HouseholdEntry(
        code="H9", village="thon-1", on=date(2022, 1, 1),
        members=(replace(entry().members[0], person=someone("Chủ Hộ Thử")),),
    )  # fmt: skip
    made = register_household(by=registry.officer, entry=bare)
    assert "Chưa ghi số định danh" in LocalWindow("can-bo").get(path_of(made) + "unmask/").text
