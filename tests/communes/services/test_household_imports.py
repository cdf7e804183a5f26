"""A file of households is checked by cell, taken over whole or not at all, once, and undone as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from communes.models import (
    Household,
    HouseholdImport,
    HouseholdMember,
    HouseholdSource,
    HouseholdStay,
    ImportContent,
    ImportedHousehold,
    ImportFault,
    Person,
)
from communes.models.counts import CountedVillage, HouseholdCount
from communes.services.counts import prove_counts
from communes.services.household_imports import (
    accept_import,
    check_again,
    declare_import,
    declare_words,
    discard_import,
    send_import,
    undo_import,
)
from communes.services.household_imports import work as work_module
from communes.services.household_imports.contents import first_layout, glance
from communes.services.households import (
    add_member,
    correct_household,
    correct_person,
    register_household,
    rotate_keys,
    unmask,
)
from communes.services.households.entries import MemberEntry
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import ciphers, jobs
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.models import Job
from tests.factories.household_files import CHILD, HEAD, LAYOUT, ON, OTHER, checked, file_of, run_jobs, sent, workbook
from tests.factories.registers import NUMBER, Registry, entry, family, faults_of, someone

pytestmark = pytest.mark.django_db


def applied(by: Any, *rows: tuple[Any, ...], **over: Any) -> HouseholdImport:
    row = checked(by, *rows, **over)
    accept_import(by=by, import_id=row.pk, doubts_right=True)
    run_jobs()
    row.refresh_from_db()
    return row


def told(row: HouseholdImport) -> set[tuple[int, str, str]]:
    return {(fault.row, fault.field, fault.code) for fault in row.faults.all()}


def stored() -> dict[str, int]:
    models = (Household, HouseholdStay, HouseholdMember, Person, ImportedHousehold)
    return {model.__name__: model.objects.count() for model in models}


# --- Sending ---


def test_a_file_is_kept_encrypted_until_it_is_decided(registry: Registry) -> None:
    content = workbook(HEAD)
    row = send_import(by=registry.officer, file=file_of(HEAD), on=ON)
    kept = ImportContent.objects.get(owner=row)
    assert (row.status, row.unit, row.on) == ("sent", registry.unit, ON)
    assert b"PK" not in bytes(kept.sealed)[:64] and content[:40] not in bytes(kept.sealed)
    discard_import(by=registry.officer, import_id=row.pk)
    assert not ImportContent.objects.exists()


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"file": None}, ("/file", "missing")),
        ({"on": None}, ("/on", "required")),
        ({"on": date(2999, 1, 1)}, ("/on", "in_future")),
        ({"unit_id": 987654}, ("/unit", "unknown")),
        ({"source_id": 987654}, ("/source", "unknown")),
    ],
)
def test_what_is_wrong_with_a_sending_is_named(registry: Registry, over: Any, fault: tuple[str, str]) -> None:
    given = {"file": file_of(HEAD), "on": ON, **over}
    assert fault in faults_of(lambda: send_import(by=registry.officer, **given))
    assert not HouseholdImport.objects.exists()


def test_another_content_under_the_name_of_a_workbook_is_refused(registry: Registry) -> None:
    file = file_of(HEAD)
    file.file.write(b"%PDF-1.4")
    file.file.seek(0)
    assert ("/file", "type_mismatch") in faults_of(lambda: send_import(by=registry.officer, file=file, on=ON))


def test_only_who_brings_files_sends_any_and_for_the_own_unit(registry: Registry) -> None:
    with pytest.raises(Forbidden):
        send_import(by=registry.leader, file=file_of(HEAD), on=ON)
    wrong = faults_of(lambda: send_import(by=registry.officer, file=file_of(HEAD), on=ON, unit_id=registry.ward.pk))
    assert wrong == {("/unit", "unknown")}
    assert send_import(by=registry.coordinator, file=file_of(HEAD), on=ON).unit is None


@pytest.mark.parametrize(
    "act",
    [
        lambda by, pk: declare_import(by=by, import_id=pk, layout=LAYOUT),
        lambda by, pk: check_again(by=by, import_id=pk),
        lambda by, pk: accept_import(by=by, import_id=pk),
        lambda by, pk: undo_import(by=by, import_id=pk),
        lambda by, pk: discard_import(by=by, import_id=pk),
    ],
)
def test_an_import_of_another_unit_does_not_exist(registry: Registry, act: Callable[[Any, int], Any]) -> None:
    row = checked(registry.officer)
    with pytest.raises(HouseholdImport.DoesNotExist):
        act(registry.stranger, row.pk)
    with pytest.raises(Forbidden):
        act(registry.leader, row.pk)


# --- Declaring ---


def test_a_new_file_is_proposed_by_its_headings_and_shows_no_number(registry: Registry) -> None:
    row = sent(registry.officer)
    layout = first_layout(row)
    assert (layout.sheet, layout.head_first, layout.head_last, layout.data_first) == ("Danh sách hộ", 3, 3, 4)
    assert layout.columns == LAYOUT.columns and layout.day_shapes == ()
    seen = glance(row, layout)
    assert seen.headings[4] == "Họ và tên" and seen.samples[8] == ("•••",) and NUMBER not in repr(seen)


def test_every_fault_of_a_declaration_is_named(registry: Registry) -> None:
    row = sent(registry.officer)
    wrong = replace(LAYOUT, columns={"name": 4, "sex": 4}, day_shapes=("dmy", "mdy"))
    assert faults_of(lambda: declare_import(by=registry.officer, import_id=row.pk, layout=wrong)) >= {
        ("/columns/code", "required"), ("/columns/village", "required"), ("/columns/relation", "required"),
        ("/columns/sex", "twice"), ("/day_shapes", "two_orders"),
    }  # fmt: skip
    row.refresh_from_db()
    assert row.status == "sent"


def test_a_declaration_is_kept_for_its_source_and_finds_moved_columns(registry: Registry) -> None:
    first = sent(registry.officer)
    declare_import(by=registry.officer, import_id=first.pk, layout=LAYOUT, save_as=" Phần  mềm hộ nghèo ")
    source = HouseholdSource.objects.get()
    assert (source.name, source.unit) == ("Phần mềm hộ nghèo", registry.unit)
    headings = ("STT", "Họ và tên", "Mã hộ", "Thôn", "Quan hệ với chủ hộ", "Ngày sinh")
    file = file_of((1, "A", "H9", "Thôn Một", "Chủ hộ", "1980"), headings=headings)
    second = send_import(by=registry.officer, file=file, on=ON, source_id=source.pk)
    layout = first_layout(second)
    assert layout.columns == {"code": 3, "village": 4, "name": 2, "relation": 5, "birth_date": 6}
    assert layout.day_shapes == LAYOUT.day_shapes
    assert faults_of(lambda: send_import(by=registry.stranger, file=file_of(), on=ON, source_id=source.pk)) == {
        ("/source", "unknown")
    }


# --- The dry run ---


def test_a_dry_run_counts_what_would_come_and_stores_nothing_of_it(registry: Registry) -> None:
    row = checked(registry.officer)
    assert row.status == "ready", told(row)
    assert row.counts == {"rows": 3, "households": 2, "people": 3, "same": 0, "faults": 0, "doubts": 0}
    assert set(stored().values()) == {0}


def test_every_fault_is_told_by_cell(registry: Registry) -> None:
    row = checked(
        registry.officer,
        HEAD[:5] + ("01/01/2030", *HEAD[6:]),
        ("H2", "Thôn Lạ", None, "Hai Chủ", "Chủ hộ", "1980", "Nam", "12", "1 triệu"),
        ("H2", "Thôn Lạ", None, "Hai Chủ Nữa", "Chủ hộ", "1981", "Nam", None, None),
        ("H3", "Thôn Hai", None, "Không Chủ", "Con", "1980", None, None, None),
        ("H4", "Thôn Hai", None, "Chủ Bốn", "Chủ hộ", "1980", None, None, None),
        ("H4", "Thôn Hai", None, "Con Bốn Mươi", "Con", "1984", None, None, None),
        ("H1", "Thôn Hai", None, "Mã Dùng Lại", "Chủ hộ", "1980", None, None, None),
    )
    assert row.status == "faulty"
    assert told(row) == {
        (4, "birth_date", "in_future"), (5, "village", "unknown_village"), (5, "identity_number", "malformed"),
        (5, "income", "not_a_number"), (6, "relation", "two_heads"), (7, "relation", "no_head"),
        (9, "birth_date", "child_too_old"), (10, "code", "code_reused"),
    }  # fmt: skip
    assert row.faults.get(code="malformed").column == 8
    with pytest.raises(Stale):
        accept_import(by=registry.officer, import_id=row.pk)


def test_a_village_of_another_unit_is_not_the_officers(registry: Registry) -> None:
    other = ("H1", "Khu Trà Cổ", *HEAD[2:])
    assert told(checked(registry.officer, other)) == {(4, "village", "unknown_village")}
    assert checked(registry.coordinator, other).status == "ready"


def test_what_the_register_holds_is_found_by_code_number_and_name(registry: Registry) -> None:
    register_household(by=registry.officer, entry=entry(code="H1", members=family(number="022280009999")))
    head = MemberEntry(relation="head", person=someone("Lê Văn Hoà", date(1970, 5, 6), identity_number=NUMBER))
    register_household(by=registry.officer, entry=entry(code="H9", members=(head,)))
    row = checked(
        registry.officer,
        ("H1", "Thôn Một", None, "Người Khác", "Chủ hộ", "1990", None, None, None),
        ("H2", "Thôn Một", None, "Số Đã Có", "Chủ hộ", "1990", None, NUMBER, None),
        ("H3", "Thôn Một", None, "LÊ VĂN HÒA", "Chủ hộ", "06/05/1970", None, None, None),
    )
    assert told(row) == {(4, "code", "code_used"), (5, "identity_number", "number_known"), (6, "name", "person_known")}
    assert row.faults.get(code="person_known").doubt


def test_a_code_that_is_somebodys_number_is_refused_though_the_file_has_no_column_of_numbers(
    registry: Registry,
) -> None:
    register_household(by=registry.officer, entry=entry(code="H9", members=family(number="100123456")))
    row = checked(
        registry.officer,
        ("022280005678", "Thôn Một", "Tổ 5 022280005678", "Người Một", "Chủ hộ", "1990", None, None, None),
        ("100123456", "Thôn Một", None, "Người Hai", "Chủ hộ", "1990", None, None, None),
        ("100123457", "Thôn Một", None, "Người Ba", "Chủ hộ", "1990", None, None, None),
    )
    assert told(row) == {(4, "code", "code_is_number"), (4, "address", "holds_number"), (5, "code", "refused")}
    shown = " ".join(f"{fault.given} {fault.told}" for fault in row.faults.all())
    assert "022280005678" not in shown and "100123456" not in shown


def test_one_name_and_year_of_birth_in_a_village_are_asked_about_and_may_be_right(registry: Registry) -> None:
    head = MemberEntry(relation="head", person=someone("Lê Văn Hoà", date(1970, 1, 1), birth_precision="year"))
    register_household(by=registry.officer, entry=entry(code="H9", members=(head,)))

    def home(code: str, name: str, born: str, village: str = "Thôn Một") -> tuple[Any, ...]:
        return (code, village, None, name, "Chủ hộ", born, None, None, None)

    row = checked(
        registry.officer,
        home("H1", "Lê Văn Hòa", "1970"), home("H2", "Chíu A Sáng", "1980"), home("H3", "CHÍU A SÁNG", "1980"),
        home("H4", "Chíu A Sáng", "1981"), home("H5", "Chíu A Sáng", "1980", "Thôn Hai"),
    )  # fmt: skip
    assert told(row) == {(4, "name", "person_known"), (6, "name", "person_twice")}
    assert row.status == "ready" and all(fault.doubt for fault in row.faults.all())
    with pytest.raises(Invalid):
        accept_import(by=registry.officer, import_id=row.pk)
    accept_import(by=registry.officer, import_id=row.pk, doubts_right=True)
    run_jobs()
    assert Household.objects.filter(code__in=["H1", "H2", "H3", "H4", "H5"]).count() == 5


def test_a_number_under_an_older_key_is_found_too(registry: Registry, settings: Any) -> None:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = ("a" * 64,), None
    register_household(by=registry.officer, entry=entry(code="H9"))
    settings.DATA_KEYS = ("b" * 64, "a" * 64)
    assert (4, "identity_number", "number_known") in told(checked(registry.officer, HEAD))


def test_no_fault_holds_an_identity_number(registry: Registry) -> None:
    row = checked(registry.officer, (NUMBER,) * 9, (NUMBER + "1",) * 9, HEAD, ("H5", *HEAD[1:]))
    text = repr(list(row.faults.values()))
    assert row.faults.count() > 8 and NUMBER not in text and NUMBER not in repr(list(AuditEvent.objects.values()))


def test_another_check_replaces_what_the_first_found(registry: Registry) -> None:
    row = checked(registry.officer, layout=replace(LAYOUT, day_shapes=("mdy",)))
    assert told(row)
    declare_import(by=registry.officer, import_id=row.pk, layout=LAYOUT)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, told(row)) == ("ready", set())


def test_a_sheet_without_rows_is_a_fault(registry: Registry) -> None:
    assert told(checked(registry.officer, layout=replace(LAYOUT, data_first=90))) == {(90, "", "empty")}


def test_words_that_nobody_understands_are_declared(registry: Registry) -> None:
    row = checked(
        registry.officer, HEAD, ("H1", "Thôn Một", "Tổ 5", "Cháu Thử", "Cháu", "2010", "2", None, None),
        ("H2", "Xóm Hai cũ", *OTHER[2:]),
    )  # fmt: skip
    assert told(row) == {(5, "relation", "unknown_word"), (5, "sex", "unknown_word"), (6, "village", "unknown_village")}
    said = {("relation", "Cháu"): "grandchild", ("sex", "2"): "female", ("village", "Xóm Hai cũ"): "thon-2"}
    declare_words(by=registry.officer, import_id=row.pk, said={**said, ("village", "x"): "thon-tra-co"})
    run_jobs()
    row.refresh_from_db()
    assert (row.status, told(row)) == ("ready", set())
    assert "thon-tra-co" not in repr(row.layout)


# --- Taking over ---


def test_households_come_as_the_file_has_them(registry: Registry) -> None:
    row = applied(registry.officer)
    assert row.status == "applied" and row.applied_by == str(registry.officer)
    first, second = Household.objects.order_by("code")
    assert (first.code, first.village, first.head_name, first.size, first.valid_from, first.address) == (
        "H1", registry.village, "Chủ Hộ Thử", 2, ON, "Tổ 5",
    )  # fmt: skip
    assert [m.relation for m in first.members.order_by("pk")] == ["head", "child"]
    assert first.stays.get().village == registry.village
    head = first.members.get(relation="head").person
    assert (head.birth_date, head.sex) == (date(1980, 1, 2), "male")
    assert unmask(by=registry.officer, household_id=first.pk, purpose="Kiểm tra số sau khi nhập").numbers == {
        head.pk: NUMBER
    }
    assert second.members.get().person.birth_precision == "year"
    assert [(link.row, link.income) for link in row.households.order_by("row")] == [(4, 1_500_000), (6, 900_000)]
    assert not ImportContent.objects.exists() and not ImportFault.objects.exists()
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds.count("household.registered") == 2 and kinds.count("households.imported") == 1


def test_what_was_imported_can_be_changed_like_any_household(registry: Registry) -> None:
    applied(registry.officer)
    household = Household.objects.get(code="H1")
    new = someone("Con Mới", date(2020, 1, 1))
    add_member(by=registry.officer, household_id=household.pk, relation="child", person=new, on=date(2024, 2, 1))
    register_household(by=registry.officer, entry=_entry("H7"))
    assert Household.objects.get(code="H1").size == 3


def _entry(code: str) -> Any:
    """A household of which nobody stands in the files."""
    return entry(code=code, members=family(someone("Con Nhà Khác", date(2011, 1, 1)), number="022280007777"))


def test_the_counts_beside_the_register_follow_an_import_and_its_undoing(registry: Registry) -> None:
    row = applied(registry.officer)
    assert prove_counts()[1] == [] and HouseholdCount.objects.exists()
    undo_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    assert prove_counts()[1] == [] and not HouseholdCount.objects.exists()


def test_confirming_twice_stores_once(registry: Registry) -> None:
    row = checked(registry.officer)
    accept_import(by=registry.officer, import_id=row.pk)
    accept_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    accept_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    assert stored() == {"Household": 2, "HouseholdStay": 2, "HouseholdMember": 3, "Person": 3, "ImportedHousehold": 2}


def test_the_same_file_again_brings_nothing(registry: Registry) -> None:
    applied(registry.officer)
    before = stored()
    again = applied(registry.officer)
    assert (again.status, again.counts["same"], again.counts["households"], told(again)) == ("applied", 2, 0, set())
    assert stored() == before


def test_a_longer_file_brings_what_is_new(registry: Registry) -> None:
    applied(registry.officer, HEAD, CHILD)
    again = applied(registry.officer, HEAD, CHILD, OTHER)
    assert (again.counts["same"], again.counts["households"]) == (1, 1)
    assert Household.objects.count() == 2


def test_doubts_are_looked_at_before_anything_is_stored(registry: Registry) -> None:
    rows = (HEAD[:7] + (None, None), ("H2", *HEAD[1:7], None, None))
    row = checked(registry.officer, *rows)
    assert (row.status, row.counts["doubts"]) == ("ready", 1)
    assert faults_of(lambda: accept_import(by=registry.officer, import_id=row.pk)) == {("/doubts_right", "required")}
    accept_import(by=registry.officer, import_id=row.pk, doubts_right=True)
    run_jobs()
    assert Household.objects.count() == 2


def test_a_doubt_that_came_since_is_looked_at_too(registry: Registry) -> None:
    row = checked(registry.officer, HEAD[:7] + (None, None))
    register_household(
        by=registry.officer,
        entry=entry(code="H9", members=(MemberEntry(relation="head", person=someone("Chủ hộ thử", date(1980, 1, 2))),)),
    )
    accept_import(by=registry.officer, import_id=row.pk, doubts_right=True)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error, row.counts["doubts"]) == ("ready", "changed", 1)
    assert Household.objects.count() == 1


def test_what_was_registered_since_the_check_stops_the_whole_file(registry: Registry) -> None:
    row = checked(registry.officer)
    register_household(by=registry.officer, entry=_entry("H2"))
    accept_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error) == ("faulty", "changed")
    assert told(row) == {(6, "code", "code_used")} and Household.objects.count() == 1


def test_what_is_registered_at_the_same_moment_stops_it_too(registry: Registry, monkeypatch: Any) -> None:
    row = checked(registry.officer)
    accept_import(by=registry.officer, import_id=row.pk)
    from communes.services.household_imports import applying

    real = applying._prepared

    def meanwhile(*given: Any) -> Any:
        made = real(*given)
        register_household(by=registry.officer, entry=_entry("H2"))
        monkeypatch.setattr(applying, "_prepared", real)
        return made

    monkeypatch.setattr(applying, "_prepared", meanwhile)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, told(row)) == ("faulty", {(6, "code", "code_used")})
    assert stored()["Household"] == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_goes_on(
    registry: Registry, monkeypatch: Any
) -> None:
    row = checked(registry.officer)
    accept_import(by=registry.officer, import_id=row.pk)
    from communes.services.household_imports import applying

    real = applying.tell_many
    monkeypatch.setattr(applying, "tell_many", lambda **given: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        jobs.run_next()
    assert set(stored().values()) == {0}
    monkeypatch.setattr(applying, "tell_many", real)
    Job.objects.update(taken_at="2020-01-01T00:00Z")
    run_jobs()
    row.refresh_from_db()
    assert row.status == "applied" and Household.objects.count() == 2


@pytest.mark.parametrize("ended", [SystemExit, jobs.Cancelled])
def test_what_a_job_brought_and_did_not_count_is_counted_by_the_next_though_no_file_waits(
    registry: Registry, monkeypatch: Any, ended: type[BaseException]
) -> None:
    row = checked(registry.officer)
    accept_import(by=registry.officer, import_id=row.pk)
    monkeypatch.setattr(work_module, "count_stale", lambda step: (_ for _ in ()).throw(ended))
    with pytest.raises(ended):
        work_module.import_job(lambda *_at: None)
    row.refresh_from_db()
    assert row.status == "applied" and not HouseholdCount.objects.exists()
    monkeypatch.undo()
    assert work_module.import_job(lambda *_at: None) == {}
    assert HouseholdCount.objects.exists() and not CountedVillage.objects.filter(stale_since__isnull=False).exists()


def test_a_cancelled_job_leaves_the_file_as_it_was(registry: Registry) -> None:
    row = checked(registry.officer)
    accept_import(by=registry.officer, import_id=row.pk)
    job = Job.objects.get(state="waiting")
    real = work_module._WORK["applying"]
    work_module._WORK["applying"] = lambda *args, step, **kw: (jobs.cancel(job_id=job.pk, by="x"), step(1), real)
    try:
        jobs.run_next()
    finally:
        work_module._WORK["applying"] = real
    row.refresh_from_db()
    assert (row.status, row.error) == ("ready", "cancelled") and not Household.objects.exists()


def test_a_fault_of_the_program_is_told_without_its_words(registry: Registry, monkeypatch: Any, caplog: Any) -> None:
    row = sent(registry.officer)
    monkeypatch.setitem(work_module._WORK, "checking", lambda *a, **k: (_ for _ in ()).throw(KeyError(NUMBER)))
    declare_import(by=registry.officer, import_id=row.pk, layout=LAYOUT)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error) == ("sent", "failed") and NUMBER not in caplog.text


def test_who_has_lost_the_right_meanwhile_brings_nothing(registry: Registry) -> None:
    row = sent(registry.officer)
    declare_import(by=registry.officer, import_id=row.pk, layout=LAYOUT)
    registry.officer.role_assignments.all().delete()
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error) == ("sent", "forbidden")


def test_a_file_that_waits_without_a_job_is_taken_up(registry: Registry) -> None:
    row = sent(registry.officer)
    declare_import(by=registry.officer, import_id=row.pk, layout=LAYOUT)
    Job.objects.all().delete()
    work_module.wake_waiting()
    run_jobs()
    row.refresh_from_db()
    assert row.status == "ready"
    work_module.wake_waiting()
    assert not Job.objects.filter(state="waiting").exists()


def test_a_waiting_file_goes_under_the_newest_key(registry: Registry, settings: Any) -> None:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = ("a" * 64,), None
    row = sent(registry.officer)
    settings.DATA_KEYS = ("b" * 64, "a" * 64)
    assert rotate_keys().keys == (ciphers.name_of("b" * 64),)
    settings.DATA_KEYS = ("b" * 64,)
    assert first_layout(row).head_last == 3


# --- Undoing ---


def test_an_import_is_undone_as_if_it_had_never_come(registry: Registry) -> None:
    before = stored()
    row = applied(registry.officer)
    undo_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, stored()) == ("undone", before)
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds.count("household.withdrawn") == 2 and kinds.count("households.undone") == 1
    undo_import(by=registry.officer, import_id=row.pk)
    assert applied(registry.officer).counts["households"] == 2


def test_other_households_stay_when_an_import_is_undone(registry: Registry) -> None:
    register_household(by=registry.officer, entry=_entry("H7"))
    before = stored()
    row = applied(registry.officer)
    undo_import(by=registry.officer, import_id=row.pk)
    run_jobs()
    assert stored() == before


@pytest.mark.parametrize("what", ["correct", "person", "member", "review"])
def test_what_rests_on_a_household_keeps_the_import(registry: Registry, what: str) -> None:
    row = applied(registry.officer)
    household = Household.objects.get(code="H1")
    by = registry.officer
    if what == "correct":
        correct_household(by=by, household_id=household.pk, changes={"address": "Tổ 6"})
    elif what == "person":
        person = household.members.get(relation="child").person_id
        correct_person(by=by, household_id=household.pk, person_id=person, changes={"sex": "male"})
    elif what == "member":
        new = someone("Con Mới", date(2020, 1, 1))
        add_member(by=by, household_id=household.pk, relation="child", person=new, on=date(2024, 2, 1))
    else:
        from tests.factories.households import make_household, make_succession

        make_succession(household, make_household(registry.village, "X"))
    with pytest.raises(Invalid) as caught:
        undo_import(by=by, import_id=row.pk)
    assert "H1" in str(caught.value) and "H2" not in str(caught.value)
    row.refresh_from_db()
    assert row.status == "applied" and Household.objects.filter(code="H1").exists()


def test_what_comes_to_rest_on_it_while_the_job_waits_keeps_it_too(registry: Registry) -> None:
    row = applied(registry.officer)
    undo_import(by=registry.officer, import_id=row.pk)
    household = Household.objects.get(code="H1")
    correct_household(by=registry.officer, household_id=household.pk, changes={"address": "Tổ 6"})
    before = stored()
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error, stored()) == ("applied", "resting", before)


def test_a_change_at_the_same_moment_keeps_it_too(registry: Registry, monkeypatch: Any) -> None:
    row = applied(registry.officer)
    undo_import(by=registry.officer, import_id=row.pk)
    from communes.services.household_imports import undoing

    Household.objects.filter(code="H1").update(lock=1)
    monkeypatch.setattr(undoing, "resting_reasons", lambda pk: [])
    before = stored()
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.error, stored()) == ("applied", "resting", before)


def test_what_was_not_taken_over_is_not_undone(registry: Registry) -> None:
    row = checked(registry.officer)
    with pytest.raises(Stale):
        undo_import(by=registry.officer, import_id=row.pk)
    discard_import(by=registry.officer, import_id=row.pk)
    with pytest.raises(Stale):
        accept_import(by=registry.officer, import_id=row.pk)
    with pytest.raises(Stale):
        discard_import(by=registry.officer, import_id=row.pk)


# --- The database's own promises ---


def test_the_database_keeps_one_import_for_a_household(registry: Registry) -> None:
    row = applied(registry.officer)
    with pytest.raises(IntegrityError):
        ImportedHousehold.objects.bulk_create(
            [ImportedHousehold(household=Household.objects.get(code="H1"), owner=row, row=1)]
        )


def test_a_large_file_costs_a_fixed_number_of_queries_to_take_over(
    registry: Registry, django_assert_max_num_queries: Any
) -> None:
    rows = [(f"N{n}", "Thôn Một", None, f"Người Số {n}", "Chủ hộ", "1980", None, None, None) for n in range(120)]
    row = checked(registry.officer, *rows)
    accept_import(by=registry.officer, import_id=row.pk)
    with django_assert_max_num_queries(120):
        run_jobs()
    assert Household.objects.count() == 120
