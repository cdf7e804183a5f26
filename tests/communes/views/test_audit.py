"""The page of the log."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communes.services.access import assign_role
from communes.views import audit as views
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.roles import ROLES, Role, Scope
from mongcai_portal.accounts.services import change_user, create_user
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.services import record, seal_waiting
from tests.communes.conftest import Town


def text_of(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def client(town: Town) -> Any:
    return town.client(town.admin)


def tell(label: str, **more: Any) -> None:
    record(kind="report.sent_back", by=None, obj_type="report", obj_id=7, label=label, **more)


def test_the_log_says_who_did_what_to_which_object_and_what_changed(town: Town, client: Any) -> None:
    change_user(user=town.officer, by=town.admin, full_name="Lê Văn Ba", email="ba@mongcai.gov.vn")
    text = text_of(client.get("/audit/?kind=user.changed"))
    assert "sửa người dùng" in text and ">Admin</a>" in text and "Lê Văn Ba" in text and "trước › họ và tên" in text
    assert "b•••@mongcai.gov.vn" in text and "ba@mongcai.gov.vn" not in text


def test_what_was_stored_in_clear_is_masked_when_it_is_shown(client: Any) -> None:
    event = AuditEvent(
        kind="user.changed", object_type="user", object_id="1", channel="page", details={"phone": "0912345678"}
    )
    event.save(force_insert=True)
    assert "0912345678" not in text_of(client.get("/audit/"))
    assert "0912345678" not in client.get("/audit/export/?format=csv").content.decode()


def test_a_search_without_tones_finds_it_and_nothing_found_says_so(client: Any) -> None:
    tell("Hải Sơn · 2023", reason="Thiếu biểu đường")
    text = text_of(client.get("/audit/?q=thieu+bieu&who=he+thong"))
    assert "Hải Sơn · 2023" in text
    assert "Không có sự kiện nào khớp" in text_of(client.get("/audit/?q=khong-co-dau"))


@pytest.mark.parametrize("query", ["since=mai", "since=2024-02-01&until=2024-01-01", "kind=ăn", "before=9e9"])
def test_a_condition_that_cannot_be_read_is_told_and_the_others_hold(client: Any, query: str) -> None:
    tell("Hải Sơn · 2023")
    page = client.get(f"/audit/?q=hai+son&{query}")
    assert page.status_code == 200 and page.context["form"].errors
    assert "Hải Sơn · 2023" in text_of(page)


def test_a_name_an_object_and_a_unit_narrow_the_search(town: Town, client: Any) -> None:
    tell("Hải Sơn · 2023", unit_uid="hai-son")
    text = text_of(client.get("/audit/?type=report&id=7&unit=hai-son"))
    assert "Hải Sơn · 2023" in text and "báo cáo 7" in text and "sửa người dùng" not in text.partition("<tbody>")[2]
    own = client.get(f"/audit/?actor={town.admin.pk}")
    assert {event.actor for event in own.context["events"]} <= {str(town.admin.pk)}


def test_the_log_is_read_in_portions(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SIZE", 2)
    for n in range(5):
        tell(f"Xã {n}")
    first = client.get("/audit/?type=report")
    assert [e.obj for e in first.context["events"]] == ["Xã 4", "Xã 3"] and "Cũ hơn" in text_of(first)
    second = client.get(f"/audit/?type=report&before={first.context['page'].older}")
    assert [e.obj for e in second.context["events"]] == ["Xã 2", "Xã 1"] and "Mới hơn" in text_of(second)


@pytest.mark.parametrize("name", ["officer", "leader"])
def test_only_who_may_reads_the_log(town: Town, name: str) -> None:
    client = town.client(getattr(town, name))
    for path in ("/audit/", "/audit/export/?format=csv"):
        assert client.get(path).status_code == 403
    assert 'href="/audit/"' not in text_of(client.get("/reports/"))


def test_who_watches_one_commune_reads_its_events_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    role = Role("commune_watch", "Theo dõi xã", Scope.UNIT, ROLES["administrator"].permissions)
    monkeypatch.setitem(ROLES, role.code, role)
    watcher = create_user(username="theo.doi", by=None)
    assign_role(by=None, user=watcher, role=role.code, unit=town.commune)
    tell("Trong xã", unit_uid="hai-son")
    tell("Ngoài xã", unit_uid="tra-co")
    client = town.client(watcher)
    for page in (client.get("/audit/"), client.get("/audit/export/?format=csv")):
        assert "Trong xã" in text_of(page) and "Ngoài xã" not in text_of(page)


def test_the_search_leaves_as_a_file_and_that_is_recorded(town: Town, client: Any) -> None:
    tell("=SUM(1)", reason="x")
    tell("Vạn Ninh")
    csv = client.get("/audit/export/?format=csv&q=sum").content.decode("utf-8-sig")
    assert "'=SUM(1)" in csv and "Vạn Ninh" not in csv and "Có chữ: sum" in csv
    book = load_workbook(BytesIO(client.get("/audit/export/?format=xlsx&type=report").content))
    assert [row[4] for row in book.active.iter_rows(values_only=True) if row[3] == "báo cáo"] == ["Vạn Ninh", "=SUM(1)"]
    taken = AuditEvent.objects.filter(kind="audit.exported").order_by("pk")
    assert [(e.actor_name, e.details) for e in taken] == [
        ("Admin", {"asked": {"q": "sum"}, "rows": 1}),
        ("Admin", {"asked": {"type": "report"}, "rows": 2}),
    ]
    assert client.get("/audit/export/?format=pdf").status_code == 404


def test_a_file_that_is_cut_says_so(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LONGEST", 1)
    tell("Một")
    tell("Hai")
    csv = client.get("/audit/export/?format=csv&type=report").content.decode()
    assert "Chỉ có 1 sự kiện mới nhất" in csv and "Một" not in csv


def test_the_page_costs_the_same_with_fifty_events(town: Town, client: Any) -> None:
    def queries() -> int:
        client.get("/audit/")
        with CaptureQueriesContext(connection) as found:
            client.get("/audit/")
        return len(found)

    tell("Một", unit_uid="hai-son")
    few = queries()
    for n in range(50):
        user = User.objects.create(username=f"n{n}")
        record(kind="report.approved", by=user, obj_type="report", obj_id=n, label=f"Xã {n}", unit_uid="tra-co")
    assert queries() == few <= 6


def test_the_log_says_which_events_are_sealed(client: Any) -> None:
    tell("Xã đầu")
    seal_waiting()
    tell("Xã sau")
    later, first = client.get("/audit/?type=report").content.decode().split("<tbody>")[1].split("<tr>")[1:3]
    assert "đã niêm phong" in first and "Xã đầu" in first
    assert "đã niêm phong" not in later and "Xã sau" in later
