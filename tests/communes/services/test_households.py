"""Households in the register: written as stated, with every fault at its field, and the same again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Household, HouseholdMember, HouseholdStay, Person, RoleAssignment
from communes.services.households import (
    HouseholdEntry,
    MemberEntry,
    PersonEntry,
    correct_household,
    correct_person,
    register_household,
    register_households,
)
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.registers import (
    ADULT,
    CHILD,
    NUMBER,
    START,
    Registry,
    entry,
    family,
    faults_of,
    someone,
)

pytestmark = pytest.mark.django_db


def test_a_household_is_written_as_it_is_stated(registry: Registry) -> None:
    stated = entry(address=" Tổ 3,  khu 1 ", began_as="moved_in", no_labour=False, farming=True)
    household = register_household(by=registry.officer, entry=stated)
    household.refresh_from_db()
    assert (household.code, household.village, household.valid_from) == ("H1", registry.village, START)
    assert (household.address, household.head_name, household.size) == ("Tổ 3, khu 1", "Chủ Hộ Thử", 2)
    assert household.search_key == "chu ho thu h1 to 3 khu 1"
    assert (household.began_as, household.no_labour, household.farming) == ("moved_in", False, True)
    stay = HouseholdStay.objects.get()
    assert (stay.village, stay.address, stay.valid_from, stay.valid_to) == (
        registry.village,
        "Tổ 3, khu 1",
        START,
        None,
    )
    rows = HouseholdMember.objects.order_by("pk").values_list("relation", "valid_from", "valid_to", "began_as")
    assert list(rows) == [("head", START, None, "moved_in"), ("child", START, None, "moved_in")]


def test_the_event_names_no_person(registry: Registry) -> None:
    register_household(by=registry.officer, entry=entry())
    event = AuditEvent.objects.get(kind="household.registered")
    assert (event.object_label, event.unit_uid, event.actor_name) == ("H1", "hai-son", str(registry.officer))
    assert event.details == {"on": "2022-01-01", "began_as": "entered", "members": 2}


def test_a_thousand_sent_twice_are_found_again(registry: Registry) -> None:
    head = (MemberEntry(relation="head", person=someone("Chủ Hộ Thử", None)),)
    entries = [entry(code=f"N{at}", members=head) for at in range(1100)]
    register_households(by=registry.officer, entries=entries)
    assert len(register_households(by=registry.officer, entries=entries)) == Household.objects.count() == 1100


def test_the_same_again_changes_nothing(registry: Registry) -> None:
    first = register_household(by=registry.officer, entry=entry())
    assert register_household(by=registry.officer, entry=entry()) == first
    assert (Household.objects.count(), Person.objects.count()) == (1, 2)
    assert AuditEvent.objects.filter(kind="household.registered").count() == 1


@pytest.mark.parametrize(
    "over",
    [
        {"address": "Nơi khác"},
        {"on": START + timedelta(days=1)},
        {"members": family(CHILD, someone("Con Thứ", date(2012, 1, 1)))},
        {
            "members": (
                MemberEntry(relation="head", person=replace(ADULT, identity_number="022280000008")),
                *family()[1:],
            )
        },
    ],
)
def test_a_code_that_is_used_for_another_household_is_refused(registry: Registry, over: dict[str, Any]) -> None:
    register_household(by=registry.officer, entry=entry())
    assert ("/code", "used") in faults_of(lambda: register_household(by=registry.officer, entry=entry(**over)))
    assert Household.objects.count() == 1


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"code": " "}, {("/code", "required")}),
        ({"code": "H" * 41}, {("/code", "too_long")}),
        ({"village": "khong-co"}, {("/village", "unknown")}),
        ({"village": "thon-tra-co"}, {("/village", "unknown")}),
        ({"on": date(2019, 12, 31)}, {("/village", "not_there")}),
        ({"on": TOMORROW}, {("/on", "in_future")}),
        ({"address": "x" * 301}, {("/address", "too_long")}),
        ({"began_as": "found"}, {("/began_as", "unknown")}),
        ({"members": ()}, {("/members", "no_head")}),
        ({"members": family()[1:]}, {("/members", "no_head")}),
        (
            {"members": (*family(), *family()[:1])},
            {("/members/2/relation", "two_heads"), ("/members/2/identity_number", "used")},
        ),
        ({"members": (*family(), MemberEntry(relation="friend", person=CHILD))}, {("/members/2/relation", "unknown")}),
        ({"members": (*family(), MemberEntry(relation="child"))}, {("/members/2/person", "required")}),
        ({"members": (*family(), MemberEntry(relation="child", person_id=0))}, {("/members/2/person", "unknown")}),
    ],
)  # fmt: skip
def test_every_fault_of_a_household_is_named_at_its_field(
    registry: Registry, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    assert faults_of(lambda: register_household(by=registry.officer, entry=entry(**over))) == faults
    assert not Household.objects.exists() and not Person.objects.exists()


@pytest.mark.parametrize(
    ("person", "faults"),
    [
        ({"name": "  "}, {("name", "required")}),
        ({"name": "A" * 121}, {("name", "too_long")}),
        ({"name": "Tên\x00Lạ"}, {("name", "invalid")}),
        ({"name": "Con Thử 022199001234"}, {("name", "identity")}),
        ({"birth_date": TOMORROW}, {("birth_date", "in_future")}),
        ({"birth_date": date(1890, 1, 1)}, {("birth_date", "too_long_ago"), ("birth_date", "child_too_old")}),
        ({"birth_date": date(2022, 1, 2)}, {("birth_date", "born_later")}),
        # A child of 40 in the household of a head of 42.
        ({"birth_date": date(1982, 5, 5)}, {("birth_date", "child_too_old")}),
        ({"birth_date": date(1991, 12, 31), "birth_precision": "month"}, {("birth_date", "child_too_old")}),
        ({"birth_date": date(1991, 1, 1), "birth_precision": "year"}, {("birth_date", "child_too_old")}),
        ({"birth_date": date(1992, 1, 1), "birth_precision": "year"}, set()),
        ({"birth_precision": "week"}, {("birth_precision", "unknown")}),
        ({"sex": "x"}, {("sex", "unknown")}),
        ({"ethnicity": "99"}, {("ethnicity", "unknown")}),
        ({"schooling": "x", "education": "x"}, {("schooling", "unknown"), ("education", "unknown")}),
        ({"work": "x"}, {("work", "unknown")}),
        ({"allowance": "x", "nutrition": "x"}, {("allowance", "unknown"), ("nutrition", "unknown")}),
        # CHILD is eleven on the day that the household comes into the register.
        ({"nutrition": "stunted", "schooling": "kindergarten"}, {("schooling", "kindergarten")}),
        ({"nutrition": "stunted", "birth_date": date(2006, 1, 1)}, {("nutrition", "not_a_child")}),
        ({"nutrition": "stunted", "birth_date": date(2006, 1, 2)}, set()),
        ({"nutrition": "stunted", "birth_date": date(2006, 1, 1), "birth_precision": "year"}, set()),
        ({"schooling": "kindergarten", "birth_date": date(2014, 1, 2)}, set()),
        ({"nutrition": "stunted", "schooling": "kindergarten", "birth_date": None}, set()),
        ({"identity_number": "123"}, {("identity_number", "malformed")}),
        ({"identity_number": "097199001234"}, {("identity_number", "malformed")}),
        ({"identity_number": "02219900123x"}, {("identity_number", "malformed")}),
        ({"identity_number": "022 199 001 234"}, set()),
        ({"identity_number": "100123456"}, set()),
        ({"identity_number": NUMBER}, {("identity_number", "used")}),
    ],
)  # fmt: skip
def test_every_fault_of_a_person_is_named_at_its_field(
    registry: Registry, person: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    wrong = entry(members=family(replace(CHILD, **person)))

    def write() -> Household:
        return register_household(by=registry.officer, entry=wrong)

    if faults:
        assert faults_of(write) == {(f"/members/1/{field}", code) for field, code in faults}
        assert not Person.objects.exists()
    else:
        assert write().size == 2


def test_a_childs_data_is_refused_of_a_grown_up_who_is_corrected(registry: Registry) -> None:
    household = register_household(by=registry.officer, entry=entry())
    head, child = (household.members.get(relation=one).person for one in ("head", "child"))
    asked = {"by": registry.officer, "household_id": household.pk}

    def put(person: Person, **changes: Any) -> Person:
        return correct_person(**asked, person_id=person.pk, changes=changes)

    assert faults_of(lambda: put(head, nutrition="stunted", schooling="kindergarten")) == {
        ("/nutrition", "not_a_child"), ("/schooling", "kindergarten"),
    }  # fmt: skip
    Person.objects.filter(pk=child.pk).update(birth_date=date(1995, 1, 1), nutrition="normal")
    assert put(child, name="Con Khác", nutrition="normal").name == "Con Khác", "said of the child, who grew up"
    assert faults_of(lambda: put(child, nutrition="stunted")) == {("/nutrition", "not_a_child")}
    assert faults_of(lambda: put(child, birth_date=date(1996, 1, 1))) == {("/nutrition", "not_a_child")}
    assert put(child, birth_date=date(1996, 1, 1), nutrition="").nutrition == ""


def test_a_number_that_someone_else_has_is_refused_without_saying_whose(registry: Registry) -> None:
    register_household(by=registry.officer, entry=entry())
    with pytest.raises(Invalid) as caught:
        register_household(by=registry.officer, entry=entry(code="H2"))
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/members/0/identity_number", "used")]
    assert NUMBER not in str(caught.value) and "Chủ Hộ" not in str(caught.value)


@pytest.mark.parametrize("code", ["022199001234", "022 199 001 234", "HS-022199001234"])
def test_no_code_has_the_form_of_an_identity_number(registry: Registry, code: str) -> None:
    stated = entry(code=code)
    with pytest.raises(Invalid) as caught:
        register_household(by=registry.officer, entry=stated)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/code", "identity")]
    assert code not in caught.value.faults[0].message
    assert register_household(by=registry.officer, entry=replace(stated, code="02219900123X")).code == "02219900123X"


@pytest.mark.parametrize(("code", "number"), [("100123456", "100 123 456"), (NUMBER[1:], NUMBER)])
def test_a_code_of_fewer_digits_is_refused_while_someone_has_that_number(
    registry: Registry, code: str, number: str
) -> None:
    stated = entry(code=code, members=family(number=number))
    assert faults_of(lambda: register_household(by=registry.officer, entry=stated)) == {("/code", "identity")}
    register_household(by=registry.officer, entry=entry(members=family(number=number)))
    others = replace(stated, members=family(number="022280009999"))
    assert faults_of(lambda: register_household(by=registry.officer, entry=others)) == {("/code", "identity")}
    Person.objects.filter(name=ADULT.name).update(identity_key="", identity_text="", identity_index="")
    assert register_household(by=registry.officer, entry=others).code == code


def test_no_address_or_note_holds_an_identity_number_but_a_telephone_number(registry: Registry) -> None:
    number = entry(address="Tổ 5, 022199001234", note="CCCD 022 199 001 234")
    assert faults_of(lambda: register_household(by=registry.officer, entry=number)) == {
        ("/address", "identity"), ("/note", "identity"),
    }  # fmt: skip
    phone = replace(number, address="Tổ 5", note="ĐT 0912 345 678")
    household = register_household(by=registry.officer, entry=phone)

    def correct(**changes: str) -> Household:
        return correct_household(by=registry.officer, household_id=household.pk, changes=changes)

    assert faults_of(lambda: correct(address=number.address, note=number.note)) == {
        ("/address", "identity"), ("/note", "identity"),
    }  # fmt: skip
    assert correct(address="Tổ 6").note == phone.note


def test_many_are_written_all_or_none_and_every_fault_says_where(registry: Registry) -> None:
    good = [entry(code=f"H{n}", members=family(number="")) for n in range(3)]
    bad = [*good, entry(code="H0", members=family(number="")), entry(code="H9", village="x", members=())]
    assert faults_of(lambda: register_households(by=registry.officer, entries=bad)) == {
        ("/3/code", "used"),
        ("/4/village", "unknown"),
        ("/4/members", "no_head"),
    }
    assert not Household.objects.exists()
    made = register_households(by=registry.officer, entries=good)
    assert [household.code for household in made] == ["H0", "H1", "H2"]
    # Some of them again, among new ones.
    again = register_households(by=registry.officer, entries=[entry(code="H7", members=family(number="")), *good])
    assert again[1:] == made and Household.objects.count() == 4


def test_many_cost_the_queries_of_few(registry: Registry, django_assert_max_num_queries: Any) -> None:
    # SQLite takes fewer values in one query; the counts of the village are marked, and derived elements asked for.
    with django_assert_max_num_queries(42):
        register_households(
            by=registry.officer, entries=[entry(code=f"M{n}", members=family(number="")) for n in range(200)]
        )


def test_someone_known_comes_along_unless_they_are_in_a_household(registry: Registry) -> None:
    first = register_household(by=registry.officer, entry=entry())
    child = first.members.get(relation="child").person
    head = MemberEntry(relation="head", person=someone("Người Khác"))
    with_child = entry(code="H2", members=(head, MemberEntry(relation="unrelated", person_id=child.pk)))
    assert faults_of(lambda: register_household(by=registry.officer, entry=with_child)) == {
        ("/members/1/person", "busy")
    }
    twice = replace(with_child, members=(*with_child.members, with_child.members[1]))
    HouseholdMember.objects.filter(person=child).update(valid_to=date(2022, 6, 30), ended_as="moved_out")
    assert faults_of(lambda: register_household(by=registry.officer, entry=with_child)) == {
        ("/members/1/person", "busy")
    }
    later = {"on": date(2022, 7, 1)}
    assert faults_of(lambda: register_household(by=registry.officer, entry=replace(twice, **later))) == {
        ("/members/2/person", "twice")
    }
    Person.objects.filter(pk=child.pk).update(died_on=date(2022, 7, 1))
    assert faults_of(lambda: register_household(by=registry.officer, entry=replace(with_child, **later))) == {
        ("/members/1/person", "died")
    }
    Person.objects.filter(pk=child.pk).update(died_on=None)
    second = register_household(by=registry.officer, entry=replace(with_child, **later))
    assert second.members.get(relation="unrelated").person == child


def test_who_writes_no_households_is_refused(registry: Registry) -> None:
    for user in (registry.coordinator, registry.leader):
        with pytest.raises(Forbidden):
            register_household(by=user, entry=entry())
    # The system itself may.
    assert register_household(by=None, entry=entry(village="thon-tra-co")).size == 2


def test_what_is_stated_shows_in_no_representation() -> None:
    rows = [Person(pk=7, name="Chủ Hộ Thử"), Household(code="H1", head_name="Chủ Hộ Thử")]
    said = f"{entry()!r} {entry()} {rows!r} {rows[0]} {rows[1]}"
    for private in ("Chủ Hộ", NUMBER, "1980"):
        assert private not in said
    assert "H1" in said


# --- Putting right -------------------------------------------------------------------------------------------------


@pytest.fixture
def household(registry: Registry) -> Household:
    return register_household(by=registry.officer, entry=entry())


def test_a_person_is_put_right_and_the_lists_follow(registry: Registry, household: Household) -> None:
    head = household.members.get(relation="head").person
    changes = {"name": "Đỗ Thị Thử", "ethnicity": "02", "work": "self_employed"}
    correct_person(by=registry.officer, household_id=household.pk, person_id=head.pk, lock=0, changes=changes)
    household.refresh_from_db()
    assert (household.head_name, household.search_key) == ("Đỗ Thị Thử", "do thi thu h1")
    head.refresh_from_db()
    assert (head.search_key, head.ethnicity, head.lock) == ("do thi thu", "02", 1)
    event = AuditEvent.objects.get(kind="person.corrected")
    assert event.details == {
        "person": head.pk,
        "before": {"person_name": "C•••", "ethnicity": "•••", "work": ""},
        "after": {"person_name": "Đ•••", "ethnicity": "•••", "work": "•••"},
    }


def test_putting_right_the_same_again_changes_nothing(registry: Registry, household: Household) -> None:
    head = household.members.get(relation="head").person
    sealed = head.identity_text
    for _again in range(2):
        correct_person(
            by=registry.officer,
            household_id=household.pk,
            person_id=head.pk,
            changes={"name": " Chủ  Hộ Thử", "identity_number": "022 280 001 234"},
        )
    head.refresh_from_db()
    assert (head.lock, head.identity_text) == (0, sealed)
    assert not AuditEvent.objects.filter(kind="person.corrected").exists()


def test_an_identity_number_is_replaced_and_taken_away_and_never_told(registry: Registry, household: Household) -> None:
    head = household.members.get(relation="head").person
    other = "022080004321"
    for number in (other, ""):
        correct_person(
            by=registry.officer, household_id=household.pk, person_id=head.pk, changes={"identity_number": number}
        )
    events = AuditEvent.objects.filter(kind="person.corrected").order_by("pk")
    told = [event.details["after"]["identity_number"] for event in events]
    assert len(told) == 2 and told[1] == ""
    text = "".join(f"{event.details}{event.search_key}" for event in AuditEvent.objects.all())
    assert not any(number in text or number[-4:] in text for number in (NUMBER, other))
    head.refresh_from_db()
    assert (head.identity_key, head.identity_text, head.identity_index) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, ("/name", "required")),
        ({"birth_date": date(2020, 1, 1)}, ("/birth_date", "child_too_old")),
        ({"birth_date": date(2022, 6, 1)}, ("/birth_date", "born_later")),
        ({"birth_date": TOMORROW}, ("/birth_date", "in_future")),
        ({"identity_number": "022"}, ("/identity_number", "malformed")),
        ({"identity_number": "100123456"}, ("/identity_number", "used")),
    ],
)
def test_what_cannot_be_of_a_person_is_refused(
    registry: Registry, household: Household, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    other = MemberEntry(relation="head", person=someone("Khác", identity_number="100123456"))
    register_household(by=registry.officer, entry=entry(code="H5", members=(other,)))
    head = household.members.get(relation="head").person
    assert fault in faults_of(
        lambda: correct_person(by=registry.officer, household_id=household.pk, person_id=head.pk, changes=changes)
    )
    head.refresh_from_db()
    assert head.lock == 0


def test_the_second_of_two_windows_is_told_so(registry: Registry, household: Household) -> None:
    head = household.members.get(relation="head").person
    asked = {"by": registry.officer, "household_id": household.pk, "person_id": head.pk, "lock": 0}
    correct_person(**asked, changes={"sex": "female"})
    with pytest.raises(Stale):
        correct_person(**asked, changes={"ethnicity": "02"})
    correct_household(by=registry.officer, household_id=household.pk, lock=0, changes={"farming": True})
    with pytest.raises(Stale):
        correct_household(by=registry.officer, household_id=household.pk, lock=0, changes={"farming": False})


def test_what_is_recorded_of_the_household_is_put_right(registry: Registry, household: Household) -> None:
    changes = {"address": "Tổ 9", "no_labour": True, "note": "Chuyện riêng của gia đình"}
    correct_household(by=registry.officer, household_id=household.pk, changes=changes)
    household.refresh_from_db()
    assert (household.address, household.no_labour, household.search_key) == ("Tổ 9", True, "chu ho thu h1 to 9")
    assert HouseholdStay.objects.get().address == "Tổ 9"
    event = AuditEvent.objects.get(kind="household.changed")
    assert event.details["after"] == {"address": "T•••", "no_labour": "•••", "note": "•••"}
    correct_household(by=registry.officer, household_id=household.pk, changes=changes)
    assert AuditEvent.objects.filter(kind="household.changed").count() == 1
    assert faults_of(
        lambda: correct_household(by=registry.officer, household_id=household.pk, changes={"address": "x" * 301})
    ) == {("/address", "too_long")}


def test_a_household_of_another_commune_does_not_exist_and_one_that_is_only_seen_is_refused(
    registry: Registry, household: Household
) -> None:
    person = household.members.first().person
    asked = {"household_id": household.pk, "person_id": person.pk, "changes": {"sex": "male"}}
    with pytest.raises(Household.DoesNotExist):
        correct_person(by=registry.stranger, **asked)
    with pytest.raises(Forbidden):
        correct_person(by=registry.coordinator, **asked)
    with pytest.raises(Person.DoesNotExist):
        correct_person(by=registry.officer, **{**asked, "person_id": 0})
    RoleAssignment.objects.filter(user=registry.officer).delete()
    del registry.officer._portal_scope
    with pytest.raises(Household.DoesNotExist):
        correct_person(by=registry.officer, **asked)


def test_two_windows_that_write_the_same_at_once_store_one(
    registry: Registry, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from communes.services.households import register

    real = register.ground_for

    def late(**asked: Any) -> Any:
        ground = real(**asked)
        monkeypatch.setattr(register, "ground_for", real)
        register_household(by=registry.officer, entry=entry())
        return ground

    monkeypatch.setattr(register, "ground_for", late)
    with pytest.raises(Stale) as caught:
        register_household(by=registry.officer, entry=entry(members=family(number="")))
    # What the database says holds the whole row.
    assert caught.value.__cause__ is None and "H1" not in str(caught.value)
    (line,) = [one.getMessage() for one in caplog.records if one.name.startswith("communes.")]
    assert "communes_household" in line and "H1" not in line and "Chủ Hộ" not in line
    assert Household.objects.count() == 1


def test_entries_of_types_are_what_the_form_and_the_import_use() -> None:
    assert HouseholdEntry(code="x", village="y", on=START, members=()).began_as == "entered"
    assert PersonEntry(name="x").birth_precision == "day"
