"""`/api/v1/households/`: identified data for systems that were given its scope, numbers masked."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import Household
from communes.services.households import move_household, register_household, register_households
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.roles import ROLES
from mongcai_portal.accounts.sessions import CONFIRMED, SEEN, STARTED
from mongcai_portal.audit.models import AuditEvent
from tests.factories.classifications import make_classification, make_standard, make_standard_year
from tests.factories.clients import ApiCaller, make_caller, pointers
from tests.factories.descriptions import describe, make_held
from tests.factories.poverty_tables import make_form
from tests.factories.registers import NUMBER, Registry, entry, family
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db

IDENTIFIED = ("households.identified",)
PURPOSE = "Đối chiếu thẻ bảo hiểm y tế"


@pytest.fixture
def household(registry: Registry) -> Household:
    made = register_household(by=registry.officer, entry=entry(address="Số 1"))
    register_household(
        by=registry.stranger, entry=entry(code="TC1", village="thon-tra-co", members=family(number="022280001236"))
    )
    return made


@pytest.fixture
def caller(household: Household) -> ApiCaller:
    return make_caller("commune_officer", units=["hai-son"], scopes=IDENTIFIED)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


def test_a_system_reads_the_households_of_its_commune_and_no_others(caller: ApiCaller, household: Household) -> None:
    answer = caller.get("households/")
    assert codes(answer) == ["H1"]
    (row,) = answer.json()["results"]
    assert (row["unit"], row["village"], row["area_type"], row["head"], row["size"], row["address"]) == (
        "hai-son", "thon-1", "rural", "Chủ Hộ Thử", 2, "Số 1",
    )  # fmt: skip
    assert NUMBER not in answer.content.decode()
    event = AuditEvent.objects.get(kind="households.listed")
    assert event.channel == "api"


@pytest.mark.parametrize("scopes", [("read",), ("read", "write"), ("read", "households.aggregate")])
def test_without_the_scope_nothing_is_read(household: Household, scopes: tuple[str, ...]) -> None:
    other = make_caller("commune_officer", units=["hai-son"], scopes=scopes)
    assert other.get("households/").status_code == 403
    assert other.get(f"households/{household.pk}/").status_code == 403
    assert other.post(f"households/{household.pk}/unmask/", {"purpose": PURPOSE}).status_code == 403


def test_with_the_scope_alone_nothing_else_is_read(caller: ApiCaller) -> None:
    assert caller.get("units/").status_code == 403


def test_a_role_that_looks_after_no_households_reads_none(household: Household) -> None:
    leader = make_caller("leader", scopes=IDENTIFIED)
    assert leader.get("households/").status_code == 403
    assert leader.post(f"households/{household.pk}/unmask/", {"purpose": PURPOSE}).status_code == 403


def test_one_household_comes_with_its_people_and_the_look_is_noted(caller: ApiCaller, household: Household) -> None:
    answer = caller.get(f"households/{household.pk}/")
    body = answer.json()
    assert [(one["name"], one["relation"], one["identity_number"]) for one in body["members"]] == [
        ("Chủ Hộ Thử", "head", "•" * 12),
        ("Con Thử", "child", ""),
    ]
    assert NUMBER not in answer.content.decode() and NUMBER[3:] not in answer.content.decode()
    assert AuditEvent.objects.get(kind="household.viewed").object_id == str(household.pk)
    foreign = Household.objects.get(code="TC1")
    assert caller.get(f"households/{foreign.pk}/").status_code == 404


def test_as_of_shows_the_day(caller: ApiCaller, household: Household, registry: Registry) -> None:
    move_household(
        by=registry.officer, household_id=household.pk, on=date(2023, 6, 1), village="thon-2", address="Số 2"
    )
    before = caller.get(f"households/{household.pk}/", as_of="2023-05-31").json()
    after = caller.get(f"households/{household.pk}/").json()
    assert [(one["village"], one["address"]) for one in (before, after)] == [("thon-1", "Số 1"), ("thon-2", "Số 2")]
    assert codes(caller.get("households/", as_of="2021-12-31")) == []
    assert caller.get(f"households/{household.pk}/", as_of="2021-12-31").status_code == 404
    assert codes(caller.get("households/", as_of="2023-05-31", village="thon-2")) == []
    assert codes(caller.get("households/", village="thon-2")) == ["H1"]


def test_a_class_says_whether_it_is_of_average_living_standard(caller: ApiCaller, household: Household) -> None:
    band = {"status": "not_poor", "farming": True, "income": 2_000_000}
    for code, average in (("chuan", True), ("chuan-khac", None)):
        standard = make_standard(code)
        make_standard_year(standard)
        make_classification(household, standard, average_living=average, **band)
    (row,) = caller.get("households/", as_of="2023-06-01").json()["results"]
    assert {one["standard"]: one["average_living"] for one in row["classes"]} == {"chuan": True, "chuan-khac": None}


def test_filters_narrow_and_unknown_ones_are_refused(caller: ApiCaller, household: Household) -> None:
    make_classification(household, make_standard("chuan"))
    other = make_standard("chuan-khac")
    make_classification(household, other, status="near_poor")
    assert codes(caller.get("households/", unit="hai-son", code="H1")) == ["H1"]
    assert codes(caller.get("households/", unit="tra-co")) == []
    assert codes(caller.get("households/", standard="chuan", status="poor")) == ["H1"]
    assert codes(caller.get("households/", standard="chuan", status="near_poor")) == []
    assert codes(caller.get("households/", status="near_poor")) == ["H1"]
    assert codes(caller.get("households/", standard="chuan", status="poor", as_of="2022-12-09")) == []
    assert pointers(caller.get("households/", q="chu ho")) == {"/q": "unknown_parameter"}
    assert pointers(caller.get("households/", standard="khong-co")) == {"/standard": "invalid_choice"}


def test_the_list_costs_the_same_whatever_its_length(caller: ApiCaller, registry: Registry) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert caller.get("households/").status_code == 200
        return len(seen)

    cost()
    before = cost()
    more = [replace(entry(code=f"X{n}"), members=family(number="")) for n in range(20)]
    register_households(by=registry.officer, entries=more)
    assert cost() == before


def test_a_file_of_the_whole_list_holds_no_number(caller: ApiCaller) -> None:
    answer = caller.get("households/", format="csv")
    text = answer.getvalue().decode()
    assert "H1" in text and NUMBER not in text and "TC1" not in text
    event = AuditEvent.objects.get(kind="households.exported")
    assert (event.unit_uid, event.channel, event.details["format"], event.details["households"]) == (
        "hai-son", "api", "csv", 1,
    )  # fmt: skip


def test_the_list_as_a_file_is_for_who_may_export(caller: ApiCaller, monkeypatch: pytest.MonkeyPatch) -> None:
    role = ROLES["commune_officer"]
    less = replace(role, permissions=role.permissions - {"households.export"})
    monkeypatch.setitem(ROLES, "commune_officer", less)
    assert caller.get("households/", format="csv").status_code == 403
    assert codes(caller.get("households/")) == ["H1"]


# --- Unmasking -------------------------------------------------------------------------------------------------------


def test_a_purpose_gives_the_numbers_in_one_answer_that_nothing_keeps(caller: ApiCaller, household: Household) -> None:
    answer = caller.post(f"households/{household.pk}/unmask/", {"purpose": PURPOSE})
    head = household.members.get(relation="head").person_id
    assert answer.status_code == 200
    assert answer.json() == {"numbers": [{"person": head, "identity_number": NUMBER}]}
    assert "no-store" in answer["Cache-Control"] and "ETag" not in answer
    event = AuditEvent.objects.get(kind="household.unmasked")
    assert (event.details["purpose"], event.channel) == (PURPOSE, "api")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/purpose": "required"}),
        ({"purpose": "xem"}, {"/purpose": "required"}),
        ({"purpose": PURPOSE, "person": 999999}, {"/person": "unknown"}),
        ({"purpose": PURPOSE, "person": "ai"}, {"/person": "invalid"}),
    ],
)
def test_without_purpose_or_person_nothing_is_given(
    caller: ApiCaller, household: Household, body: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = caller.post(f"households/{household.pk}/unmask/", body)
    assert answer.status_code == 400 and pointers(answer) == faults
    assert NUMBER not in answer.content.decode()
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()


def test_a_foreign_household_is_not_there_and_reading_needs_a_post(caller: ApiCaller, household: Household) -> None:
    foreign = Household.objects.get(code="TC1")
    assert caller.post(f"households/{foreign.pk}/unmask/", {"purpose": PURPOSE}).status_code == 404
    assert caller.get(f"households/{household.pk}/unmask/").status_code == 405


def test_a_session_unmasks_with_its_token_against_forgery_alone(household: Household) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="can-bo"), backend=BACKEND)
    path = f"/api/v1/households/{household.pk}/unmask/"
    refused = client.post(path, {"purpose": PURPOSE}, content_type="application/json")
    assert refused.status_code == 403 and NUMBER not in refused.content.decode()


@pytest.mark.parametrize("confirmed_ago", [None, 899, 901])
def test_a_session_unmasks_only_with_a_password_that_was_given_lately(
    household: Household, settings: Any, confirmed_ago: int | None
) -> None:
    settings.PORTAL_CONFIRMED_FOR = 900
    client = Client()
    client.force_login(User.objects.get(username="can-bo"), backend=BACKEND)
    session = client.session
    session[STARTED], session[SEEN] = time.time() - 3000, time.time()
    if confirmed_ago is not None:
        session[CONFIRMED] = time.time() - confirmed_ago
    session.save()
    path = f"/api/v1/households/{household.pk}/"
    answer = client.post(f"{path}unmask/", {"purpose": PURPOSE}, content_type="application/json")
    given = AuditEvent.objects.filter(kind="household.unmasked").exists()
    if confirmed_ago == 899:
        assert answer.status_code == 200 and given and NUMBER in answer.content.decode()
        return
    assert answer.status_code == 403 and answer.json()["type"].endswith(":confirmation_required")
    assert not given and NUMBER not in answer.content.decode()
    assert client.get(path).status_code == 200, "what is masked is read all the same"


def test_one_household_comes_with_what_its_decided_rounds_recorded_by_the_day(
    caller: ApiCaller, household: Household, registry: Registry
) -> None:
    round_ = make_held(registry.unit, make_form(), date(2023, 12, 10), illustrative=True)
    describe(round_, household, {"illness": True, "no_land": False}, {"credit": True}, {"health": False})
    [told] = caller.get(f"households/{household.pk}/").json()["descriptions"]
    assert (told["kind"], told["held_in"], told["decision_number"], told["decided_on"], told["illustrative"]) == (
        "yearly", 2023, "12/QĐ-UBND", "2023-12-10", True,
    )  # fmt: skip
    assert told["causes"] == [
        {"code": "no_land", "name": "Có no_land", "applies": False},
        {"code": "illness", "name": "Có illness", "applies": True},
    ]
    assert [(one["code"], one["needed"], one["received"]) for one in told["supports"]] == [
        ("health", None, False), ("credit", True, None),
    ]  # fmt: skip
    assert caller.get(f"households/{household.pk}/", as_of="2023-12-09").json()["descriptions"] == []
    assert "descriptions" not in caller.get("households/").json()["results"][0]
    stranger = make_caller("commune_officer", units=["tra-co"], scopes=IDENTIFIED)
    assert stranger.get(f"households/{household.pk}/").status_code == 404
