"""The register leaves as a file for whoever may: masked, or for a purpose that stands in the log before it does."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from communes.models import Household
from communes.presenters.household_export import COLUMNS, write_register
from communes.rules.register_files.layout import Layout
from communes.selectors.household_export import Asked
from communes.services.household_export import release_register
from communes.services.household_imports import declare_import, send_import
from communes.services.household_imports.contents import first_layout
from communes.services.households import end_household, register_household
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.errors import Forbidden
from tests.factories.household_files import run_jobs
from tests.factories.registers import NUMBER, Registry, entry, family, faults_of, someone
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db
URL = "/households/export/"
PURPOSE = "Đối chiếu với công an xã"


@pytest.fixture
def register(registry: Registry) -> Registry:
    """Two households of a commune and one of a ward; a name that a spreadsheet would compute."""
    first = entry(code="H1", address="=1+1", members=family(someone("Con Thử", date(2010, 6, 1), ethnicity="09")))
    head = replace(entry().members[0], person=someone("Bà Năm", date(1950, 1, 1), birth_precision="year", sex="female"))
    register_household(by=registry.officer, entry=first)
    register_household(by=registry.officer, entry=entry(code="H2", members=(head,), farming=True))
    other = entry(code="H3", village="thon-tra-co", members=family(number="022280005678"))
    register_household(by=registry.stranger, entry=other)
    return registry


def window(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def csv_rows(content: bytes) -> list[list[str]]:
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    return rows[rows.index([]) + 1 :]


def test_numbers_are_masked_and_nothing_is_a_formula(register: Registry) -> None:
    answer = window(register.officer).post(URL, {"format": "csv", "unit": register.unit.pk})
    assert answer["Content-Disposition"].endswith('.csv"') and "no-store" in answer["Cache-Control"]
    content = body(answer)
    rows = csv_rows(content)
    assert NUMBER not in content.decode() and len(rows) == 4
    first = dict(zip(COLUMNS, next(row for row in rows if row[0] == "H1"), strict=True))
    assert first["identity_number"] == "•" * 12 and first["address"] == "'=1+1" and first["relation"] == "chủ hộ"
    assert first["village"] == "Thôn Một" and first["unit"] == "Hải Sơn" and first["birth_date"] == "1980-01-02"
    assert {row[6] for row in rows if row[0] == "H2"} == {"1950"}
    event = AuditEvent.objects.get(kind="households.exported")
    assert event.details["rows"] == 3 and event.details["numbers"] is False


def test_the_workbook_has_the_same_and_no_formula(register: Registry) -> None:
    answer = window(register.officer).post(URL, {"format": "xlsx", "unit": register.unit.pk})
    content = body(answer)
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    cells = [cell for line in sheet for cell in line]
    assert not any(cell.data_type == "f" for cell in cells) and NUMBER not in repr([cell.value for cell in cells])
    assert any(cell.value == "=1+1" and cell.quotePrefix for cell in cells)


def test_numbers_leave_for_a_purpose_that_stands_in_each_households_log(register: Registry) -> None:
    officer = window(register.officer)
    refused = officer.post(URL, {"format": "csv", "unit": register.unit.pk, "numbers": "on", "purpose": "ngắn"})
    assert refused.status_code == 422 and not AuditEvent.objects.filter(kind="household.unmasked").exists()
    given = {"format": "csv", "unit": register.unit.pk, "numbers": "on", "purpose": PURPOSE}
    assert NUMBER in body(officer.post(URL, given)).decode()
    noted = AuditEvent.objects.get(kind="household.unmasked")
    assert (noted.object_label, noted.details["purpose"]) == ("H1", PURPOSE) and NUMBER not in repr(noted.details)
    assert AuditEvent.objects.get(kind="households.exported").details["purpose"] == PURPOSE


def test_what_cannot_be_logged_does_not_leave(register: Registry, monkeypatch: Any) -> None:
    from communes.services import household_export

    monkeypatch.setattr(household_export, "record_many", lambda **given: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        window(register.officer).post(URL, {"format": "csv", "unit": register.unit.pk})


def test_everyone_takes_out_the_own_units_only(register: Registry) -> None:
    def codes(user: Any, **over: Any) -> set[str]:
        rows = csv_rows(body(window(user).post(URL, {"format": "csv", **over})))
        return {row[0] for row in rows[1:]}

    assert codes(register.coordinator) == {"H1", "H2", "H3"}
    assert codes(register.coordinator, unit=register.ward.pk) == {"H3"}
    assert codes(register.stranger, unit=register.ward.pk) == {"H3"}
    assert window(register.stranger).post(URL, {"format": "csv", "unit": register.unit.pk}).status_code == 422
    asked = Asked(register.unit.pk)
    assert faults_of(lambda: release_register(by=register.stranger, asked=asked, kind="csv")) == {("/unit", "unknown")}
    assert window(register.leader).get(URL).status_code == 403
    with pytest.raises(Forbidden):
        release_register(by=register.leader, asked=Asked(), kind="csv")


def test_without_the_right_to_numbers_none_is_offered_or_given(register: Registry, monkeypatch: Any) -> None:
    role = ROLES["commune_officer"]
    less = replace(role, permissions=role.permissions - {Permission.HOUSEHOLDS_UNMASK})
    monkeypatch.setitem(ROLES, "commune_officer", less)
    officer = window(register.officer)
    assert 'name="numbers"' not in officer.get(URL).content.decode()
    given = {"format": "csv", "unit": register.unit.pk, "numbers": "on", "purpose": PURPOSE}
    assert NUMBER not in body(officer.post(URL, given)).decode()
    with pytest.raises(Forbidden):
        fresh = type(register.officer).objects.get(pk=register.officer.pk)  # what someone may is read once a request
        release_register(by=fresh, asked=Asked(numbers=True), kind="csv", purpose=PURPOSE)


def test_who_has_left_the_register_is_not_in_it(register: Registry) -> None:
    household = Household.objects.get(code="H2")
    end_household(by=register.officer, household_id=household.pk, on=date(2024, 1, 1), because="moved_out")
    rows = csv_rows(body(window(register.officer).post(URL, {"format": "csv", "unit": register.unit.pk})))
    assert {row[0] for row in rows[1:]} == {"H1"}


def test_too_many_people_for_one_file_are_refused(register: Registry, monkeypatch: Any) -> None:
    monkeypatch.setattr("communes.services.household_export.LONGEST", 2)
    asked = Asked()
    assert faults_of(lambda: release_register(by=register.coordinator, asked=asked, kind="csv")) == {
        ("/unit", "too_many")
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_left_can_be_brought_again(register: Registry, language: str) -> None:
    with translation.override(language):
        asked = Asked(register.unit.pk, numbers=True)
        released = release_register(by=register.officer, asked=asked, kind="xlsx", purpose=PURPOSE)
        out = BytesIO()
        write_register("xlsx", released, out)
    file = SimpleUploadedFile("so-ho.xlsx", out.getvalue(), KINDS["xlsx"].media_type)
    row = send_import(by=register.officer, file=file, on=entry().on)
    layout = first_layout(row)
    assert set(layout.columns) == set(COLUMNS), set(COLUMNS) - set(layout.columns)
    ready: Layout = replace(layout, day_shapes=("true_date", "year"))
    declare_import(by=register.officer, import_id=row.pk, layout=ready)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.counts["same"], row.counts["households"]) == ("ready", 2, 0), list(row.faults.values())
