"""What the log tells of households to who sees none: that something was done, by whom and when, and no class."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from communes.models import RoleAssignment
from communes.presenters.audit import field_label
from communes.services.households import ListRead, note_file, note_list
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.services import About, record, record_many
from tests.communes.conftest import Town, person
from tests.factories.clients import make_caller
from tests.factories.reviews import DECIDED, bring_to, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import make_person

pytestmark = pytest.mark.django_db
KIND, OBJECT, DETAILS = 2, 4, 7  # columns of a file


@pytest.fixture
def admin(town: Town) -> Client:
    return town.client(town.admin)


@pytest.fixture
def coordinator(town: Town) -> Client:
    return town.client(person("dieuphoi", "coordinator"))


def file_of(client: Client, query: str, kind: str = "csv") -> list[list[str]]:
    """The lines of a file below its headings."""
    content = client.get(f"/audit/export/?format={kind}&{query}").content
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    else:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    start = next(at for at, row in enumerate(rows) if row and row[0] == "Lúc")
    return [row for row in rows[start + 1 :] if any(row)]


def shown(client: Client, query: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(one.obj, one.details) for one in client.get(f"/audit/?{query}").context["events"]]


def _after(status: str) -> str:
    return f"sau › {field_label('standard')}: {status}"


def classify(town: Town, poor: int, near_poor: int = 0, unit: str = "hai-son") -> None:
    """The events of a decision over so many households."""
    found = ["poor"] * poor + ["near_poor"] * near_poor
    about = [
        About("household", n, f"H-{n}", unit, {"number": "12/QĐ", "after": {"standard": status}})
        for n, status in enumerate(found, start=1)
    ]
    record_many(kind="household.classified", by=town.officer, about=about)


def test_one_line_says_that_a_person_classified_households_that_day_and_neither_which_nor_as_what(
    town: Town, admin: Client, coordinator: Client
) -> None:
    classify(town, poor=3, near_poor=2)
    query = "kind=household.classified&unit=hai-son"
    assert shown(admin, query) == [("", [])]
    page = admin.get(f"/audit/?{query}").content.decode()
    assert "Officer" in page and "ghi kết quả phân loại hộ" in page and "gộp một dòng" in page
    for kind in ("csv", "xlsx"):
        (line,) = file_of(admin, query, kind)
        assert (line[1], line[OBJECT], line[DETAILS]) == ("Officer", "", "")
        told = [(row[OBJECT], set(row[DETAILS].split("; "))) for row in file_of(coordinator, query, kind)]
        assert [code for code, _details in told] == ["H-5", "H-4", "H-3", "H-2", "H-1"]
        said = [status for _code, details in told for status in ("near_poor", "poor") if _after(status) in details]
        assert said == ["near_poor", "near_poor", "poor", "poor", "poor"]
    assert len(shown(coordinator, query)) == 5
    assert "gộp một dòng" not in coordinator.get(f"/audit/?{query}").content.decode()


def test_each_person_unit_and_day_has_a_line_of_its_own(town: Town, admin: Client) -> None:
    other = person("canbo2", "commune_officer", unit=town.ward)
    yesterday = timezone.now() - timedelta(days=1)
    for at in (yesterday, timezone.now()):
        for unit, by in (("hai-son", town.officer), ("hai-son", other), ("tra-co", other)):
            for number in "12":
                AuditEvent(
                    at=at, kind="review.finished", object_type="household", object_id=number, unit_uid=unit,
                    object_label=f"H-{number}", actor_id=str(by.pk), actor_name=str(by), channel="page",
                ).save(force_insert=True)  # fmt: skip
    lines = file_of(admin, "kind=review.finished")
    assert len(lines) == len({(row[0][:10], row[1], row[5]) for row in lines}) == 6


@pytest.mark.parametrize("asked", ["q=poor", "q=H-3", "q=12", "q=hai+son", "type=household&id=3"])
def test_neither_words_nor_a_households_number_find_what_is_closed(
    town: Town, admin: Client, coordinator: Client, asked: str
) -> None:
    classify(town, poor=3)
    query = f"kind=household.classified&{asked}"
    assert shown(admin, query) == [] and file_of(admin, query) == []
    assert shown(coordinator, query) != [] and file_of(coordinator, query) != []


def test_a_whole_round_tells_an_administrator_of_no_household_no_class_and_no_count() -> None:
    commune = make_commune()
    with on(DECIDED):
        bring_to(commune, "decided")
    clients = {}
    for user in (make_person("quan-tri", "administrator"), commune.coordinator):
        clients[user.username] = Client()
        clients[user.username].force_login(user, backend=BACKEND)
    full, part = (file_of(clients[name], "unit=hai-son") for name in ("dieu-phoi", "quan-tri"))
    assert {row[KIND] for row in part} == {row[KIND] for row in full}  # nothing that was done is kept back
    assert {"P1", "N1", "N2"} <= {row[OBJECT] for row in full} and any("số hộ: 3" in row[DETAILS] for row in full)
    text = "\n".join(cell for row in part for cell in row)
    for closed in ("P1", "N1", "N2", "poor", "số hộ", "sau ›"):
        assert closed not in text, closed
    assert "215/QĐ-UBND" in text
    for kind in ("household.classified", "review.saved", "review.finished"):
        lines = file_of(clients["quan-tri"], f"kind={kind}")
        assert len(lines) == len({row[1] for row in lines})
    for kind in ("review.opened", "review.submitted", "review.decided"):
        assert file_of(clients["quan-tri"], f"kind={kind}&q=3") == []


def test_lists_and_files_of_a_class_say_that_they_were_read_and_not_how_many_stood_in_them(
    town: Town, admin: Client, coordinator: Client
) -> None:
    reader = person("docso", "coordinator")
    read = ListRead(("hai-son",), {"of_class": "standard:poor", "pages": "1"}, 7)
    note_list(by=reader, read=read)
    note_file(by=reader, read=read, kind="csv")
    record(
        kind="poverty_tables.exported", by=reader, obj_type="poverty_tables", obj_id="", label="standard",
        unit_uid="hai-son", standard="standard", year=2023, tables=[14], rows=7, exact=True,
    )  # fmt: skip
    record(
        kind="opening_list.recorded", by=reader, obj_type="opening_list", obj_id=1, label="45/QĐ", unit_uid="hai-son",
        number="45/QĐ", counts={"new": 7},
    )  # fmt: skip
    coordinator.get("/audit/export/?format=csv&kind=opening_list.recorded&q=45")
    kinds = ("households.listed", "households.exported", "poverty_tables.exported", "opening_list.recorded")
    for kind in (*kinds, "audit.exported"):
        ((_obj, told),) = shown(coordinator, f"kind={kind}")
        assert any(text in ("7", "1") for _name, text in told), kind
        ((_obj, told),) = shown(admin, f"kind={kind}")
        assert not any(text in ("7", "1", "standard:poor") for _name, text in told), kind
        assert shown(admin, f"kind={kind}&q=7") == []
    ((_obj, told),) = shown(admin, "kind=households.exported")
    assert "csv" in [text for _name, text in told]


def test_who_also_looks_after_one_commune_reads_its_households_and_no_others(town: Town) -> None:
    both = person("haivai", "administrator")
    RoleAssignment.objects.create(user=both, role="commune_officer", unit=town.commune)
    classify(town, poor=2)
    classify(town, poor=2, unit="tra-co")
    client = town.client(both)
    assert [obj for obj, _told in shown(client, "kind=household.classified&unit=hai-son")] == ["H-2", "H-1"]
    assert shown(client, "kind=household.classified&unit=tra-co") == [("", [])]
    assert [obj for obj, _told in shown(client, "kind=household.classified&q=poor")] == ["H-2", "H-1"]


def test_readings_of_identity_numbers_stay_open_to_who_reviews_them(town: Town, admin: Client) -> None:
    for number in (1, 2):
        record(
            kind="household.unmasked", by=town.officer, obj_type="household", obj_id=number, label=f"H-{number}",
            unit_uid="hai-son", purpose="Đối chiếu hồ sơ", people=[number],
        )  # fmt: skip
    assert [obj for obj, _told in shown(admin, "kind=household.unmasked&q=doi+chieu")] == ["H-2", "H-1"]
    page = admin.get("/households/unmaskings/").content.decode()
    assert "H-1" in page and "H-2" in page and "Đối chiếu hồ sơ" in page


def test_the_api_has_no_address_of_the_log(town: Town) -> None:
    caller = make_caller("administrator")
    assert caller.get("units/").status_code == 200
    assert [caller.get(path).status_code for path in ("audit/", "events/")] == [404, 404]
