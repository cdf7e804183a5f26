"""Identity numbers: stored encrypted, read for a stated purpose that stays in the log, and put under another key."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from communes import checks
from communes.models import Household, Person
from communes.scope import scope_of
from communes.selectors.household_export import Asked
from communes.selectors.household_seen import seen_by
from communes.selectors.households import RegistryFilter, household_on
from communes.selectors.households import registry as households_of
from communes.services.household_export import release_register
from communes.services.households import (
    correct_person,
    end_household,
    note_view,
    register_household,
    register_households,
    rotate_keys,
    unmask,
)
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Forbidden
from tests.factories.registers import NUMBER, START, Registry, entry, family, faults_of

pytestmark = pytest.mark.django_db

PURPOSE = "Đối chiếu hồ sơ xét duyệt năm 2023"
OLD, NEW = "0a" * 32, "1b" * 32


@pytest.fixture
def household(registry: Registry) -> Household:
    return register_household(by=registry.officer, entry=entry())


def stored() -> str:
    """Everything that the tables of people and of the log hold, as text."""
    found = []
    with connection.cursor() as cursor:
        for query in ("SELECT * FROM communes_person", "SELECT * FROM audit_auditevent"):
            cursor.execute(query)
            found += [str(row) for row in cursor.fetchall()]
    return "".join(found)


def test_the_database_never_holds_the_number_in_clear(household: Household) -> None:
    assert NUMBER not in stored() and NUMBER[3:] not in stored()
    person = Person.objects.get(name="Chủ Hộ Thử")
    assert person.identity_masked == "•" * 12
    assert Person.objects.get(name="Con Thử").identity_masked == ""


def test_it_is_read_for_a_purpose_that_the_log_keeps(registry: Registry, household: Household) -> None:
    read = unmask(by=registry.officer, household_id=household.pk, purpose=f"  {PURPOSE} ")
    head = household.members.get(relation="head").person_id
    assert read.numbers == {head: NUMBER} and NUMBER not in repr(read)
    event = AuditEvent.objects.get(kind="household.unmasked")
    assert (event.object_label, event.unit_uid) == ("H1", "hai-son")
    assert event.details == {"purpose": PURPOSE, "people": [head]}
    assert NUMBER not in stored()
    child = household.members.get(relation="child").person_id
    assert unmask(by=registry.coordinator, household_id=household.pk, purpose=PURPOSE, person_id=child).numbers == {}


@pytest.mark.parametrize("purpose", ["", "để xem", " " * 20, "x" * 501])
def test_without_a_purpose_nothing_is_read(registry: Registry, household: Household, purpose: str) -> None:
    code = "too_long" if len(purpose) > 500 else "required"
    assert faults_of(lambda: unmask(by=registry.officer, household_id=household.pk, purpose=purpose)) == {
        ("/purpose", code)
    }
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()


def test_whoever_has_not_the_right_or_not_the_household_reads_nothing(registry: Registry, household: Household) -> None:
    for user in (registry.stranger, registry.leader):
        with pytest.raises(Household.DoesNotExist):
            unmask(by=user, household_id=household.pk, purpose=PURPOSE)
    assert faults_of(lambda: unmask(by=registry.officer, household_id=household.pk, purpose=PURPOSE, person_id=0)) == {
        ("/person", "unknown")
    }


def test_what_cannot_be_logged_is_not_shown(registry: Registry, household: Household, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("communes.services.households.reading.tell", broken)
    with pytest.raises(OSError):
        unmask(by=registry.officer, household_id=household.pk, purpose=PURPOSE)


def test_who_has_seen_a_household_is_told_to_who_reviews(registry: Registry, household: Household) -> None:
    for _again in range(2):
        note_view(by=registry.officer, household_id=household.pk)
    note_view(by=registry.coordinator, household_id=household.pk)
    unmask(by=registry.officer, household_id=household.pk, purpose=PURPOSE)
    seen = seen_by(scope_of(registry.coordinator), household.pk, limit=9)
    assert [(one.who, one.unmasked, one.purpose) for one in seen] == [
        ("can-bo", True, PURPOSE),
        ("dieu-phoi", False, ""),
        ("can-bo", False, ""),
    ]
    with pytest.raises(Forbidden):
        seen_by(scope_of(registry.officer), household.pk, limit=9)
    with pytest.raises(Household.DoesNotExist):
        seen_by(scope_of(registry.stranger), household.pk, limit=9)


def test_files_of_its_unit_are_told_of_and_files_of_another_unit_are_not(
    registry: Registry, household: Household
) -> None:
    for asked, kind in ((Asked(registry.unit.pk), "xlsx"), (Asked(), "csv"), (Asked(registry.ward.pk), "xlsx")):
        release_register(by=registry.coordinator, asked=asked, kind=kind)
    seen = seen_by(scope_of(registry.coordinator), household.pk, limit=9)
    assert [(one.who, one.file) for one in seen] == [("dieu-phoi", "csv"), ("dieu-phoi", "xlsx")]


def test_files_made_after_it_left_are_not_told_of(registry: Registry, household: Household) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    end_household(by=registry.officer, household_id=household.pk, on=yesterday, because="moved_out")
    release_register(by=registry.coordinator, asked=Asked(registry.unit.pk), kind="xlsx")
    assert seen_by(scope_of(registry.coordinator), household.pk, limit=9) == []


def test_a_whole_number_finds_its_owner_and_a_part_finds_nobody(registry: Registry, household: Household) -> None:
    scope = scope_of(registry.officer)

    def found(q: str, who: Any = scope) -> list[str]:
        return [one.code for one in households_of(who, RegistryFilter(q=q))]

    assert found(NUMBER) == found("022 280 001 234") == ["H1"]
    assert found(NUMBER[:9]) == found("022280001235") == []
    assert found(NUMBER, scope_of(registry.stranger)) == []


def test_the_page_of_a_household_holds_no_number(registry: Registry, household: Household) -> None:
    view = household_on(scope_of(registry.officer), household.pk, START)
    assert [(member.relation, member.identity) for member in view.members] == [("head", "•" * 12), ("child", "")]
    assert view.place is not None and (view.place.unit_uid, view.place.area_type) == ("hai-son", "rural")
    assert NUMBER not in repr(view) and "Chủ Hộ" not in repr(view.members)


def test_nothing_of_people_comes_into_the_log_of_the_server(
    registry: Registry, household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        unmask(by=registry.officer, household_id=household.pk, purpose=PURPOSE)
        faults_of(lambda: register_household(by=registry.officer, entry=entry(code="H2")))
    text = "".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert NUMBER not in text and "Chủ Hộ" not in text


# --- Another key ---


@pytest.fixture
def keys(settings: Any) -> Any:
    def use(*given: str) -> None:
        settings.DATA_KEYS, settings.DATA_KEYS_FILE = given, None

    return use


def test_numbers_go_under_the_newest_key_while_they_are_used(registry: Registry, keys: Any) -> None:
    keys(OLD)
    entries = [entry(code=f"H{n}", members=family(number=f"0222800{n:05d}")) for n in range(7)]
    households = register_households(by=registry.officer, entries=entries)
    before = dict(Person.objects.values_list("pk", "identity_text"))
    keys(NEW, OLD)
    # Found, refused twice and read under either.
    assert faults_of(
        lambda: register_household(by=registry.officer, entry=entry(code="X", members=family(number="022280000003")))
    ) == {("/members/0/identity_number", "used")}
    correct_person(
        by=registry.officer,
        household_id=households[0].pk,
        person_id=households[0].members.get(relation="head").person_id,
        changes={"identity_number": "022280009999"},
    )
    done = rotate_keys()
    assert (done.count, done.keys) == (6, (ciphers.name_of(NEW),))
    keys(NEW)
    read = [unmask(by=registry.officer, household_id=h.pk, purpose=PURPOSE).numbers.popitem()[1] for h in households]
    assert read == ["022280009999", *(f"0222800{n:05d}" for n in range(1, 7))]
    assert not set(before.values()) - {""} & set(Person.objects.values_list("identity_text", flat=True))
    assert rotate_keys().count == 0
    assert AuditEvent.objects.filter(kind="data_keys.rotated").count() == 1
    assert checks.keys_of_identity_numbers(databases=["default"]) == []


def test_a_number_that_is_corrected_meanwhile_stays_corrected(registry: Registry, keys: Any, monkeypatch: Any) -> None:
    keys(OLD)
    household = register_household(by=registry.officer, entry=entry())
    head = household.members.get(relation="head").person_id
    keys(NEW, OLD)
    real = ciphers.Keyring.show

    def meanwhile(self: Any, *asked: str) -> str:
        text = real(self, *asked)
        monkeypatch.setattr(ciphers.Keyring, "show", real)
        correct_person(
            by=registry.officer, household_id=household.pk, person_id=head, changes={"identity_number": "022280009999"}
        )
        return text

    monkeypatch.setattr(ciphers.Keyring, "show", meanwhile)
    assert rotate_keys().count == 0
    assert unmask(by=registry.officer, household_id=household.pk, purpose=PURPOSE).numbers == {head: "022280009999"}


def test_the_command_says_what_it_did_and_a_lost_key_stops_it(registry: Registry, keys: Any) -> None:
    keys(OLD)
    register_household(by=registry.officer, entry=entry())
    keys(NEW)
    assert [found.id for found in checks.keys_of_identity_numbers(databases=["default"])] == [checks.LOST_KEY]
    with pytest.raises(CommandError, match="not readable"):
        call_command("rotate_data_keys", stdout=StringIO())
    keys(NEW, OLD)
    said = StringIO()
    call_command("rotate_data_keys", stdout=said)
    assert "1 identity numbers" in said.getvalue() and ciphers.name_of(NEW) in said.getvalue()


def test_a_portal_that_stores_no_number_asks_for_no_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = (), tmp_path / "data_keys"
    assert checks.keys_of_identity_numbers(databases=["default"]) == []
    assert not (tmp_path / "data_keys").exists()
