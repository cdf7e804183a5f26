"""The log is found by folded texts and whole days, and read in portions that stay the same while it grows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mongcai_portal.accounts.services import create_user
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import AuditFilter, page_of, search
from mongcai_portal.audit.services import About, record, record_many

pytestmark = pytest.mark.django_db


def make(label: str = "Hải Sơn · 2023", *, at: datetime | None = None, **more: Any) -> AuditEvent:
    event = AuditEvent(
        kind=more.pop("kind", "report.approved"),
        object_type=more.pop("obj_type", "report"),
        object_id="7",
        object_label=label,
        channel="page",
        at=at or datetime(2024, 1, 10, tzinfo=UTC),
        **more,
    )
    event.save(force_insert=True)
    return event


def labels(**wanted: Any) -> list[str]:
    return [event.object_label for event in search(AuditFilter(**wanted))]


@pytest.fixture
def told() -> None:
    someone = create_user(username="ha", by=None, full_name="Nguyễn Thị Hà")
    record(kind="report.sent_back", by=someone, obj_type="report", obj_id=7, label="Hải Sơn", reason="Thiếu biểu Đường")
    record(kind="report.approved", by=None, obj_type="report", obj_id=8, label="Vạn Ninh", unit_uid="van-ninh")


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"who": "NGUYEN ha"}, ["Hải Sơn"]),
        ({"who": "Nguyễn"}, ["Hải Sơn"]),
        ({"q": "thieu bieu duong"}, ["Hải Sơn"]),
        ({"q": "van ninh"}, ["Vạn Ninh"]),
        ({"q": "hai son", "who": "he thong"}, []),
        ({"kind": "report.approved"}, ["Vạn Ninh"]),
        ({"obj_type": "report", "obj_id": "7"}, ["Hải Sơn"]),
        ({"unit": "van-ninh"}, ["Vạn Ninh"]),
    ],
)
def test_an_event_is_found_whatever_its_tones(wanted: dict[str, str], found: list[str]) -> None:
    assert labels(**{"obj_type": "report", **wanted}) == found


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2024, 1, 10), date(2024, 1, 10), ["trong", "đầu"]),
        (date(2024, 1, 11), None, ["sau"]),
        (None, date(2024, 1, 9), ["trước"]),
    ],
)
def test_days_are_whole_days_of_vietnam(since: date | None, until: date | None, found: list[str]) -> None:
    make("trước", at=datetime(2024, 1, 9, 16, 59, 59, tzinfo=UTC))
    make("đầu", at=datetime(2024, 1, 9, 17, tzinfo=UTC))
    make("trong", at=datetime(2024, 1, 10, 16, 59, 59, tzinfo=UTC))
    make("sau", at=datetime(2024, 1, 10, 17, tzinfo=UTC))
    assert labels(since=since, until=until) == found


def test_portions_go_on_where_the_last_ended_while_the_log_grows() -> None:
    ids = [make(str(n)).pk for n in range(7)]
    rows = search(AuditFilter())
    first = page_of(rows, size=3)
    assert ([e.object_label for e in first.events], first.newer) == (["6", "5", "4"], None)
    make("mới")
    second = page_of(rows, before=first.older, size=3)
    assert [e.object_label for e in second.events] == ["3", "2", "1"]
    last = page_of(rows, before=second.older, size=3)
    assert ([e.object_label for e in last.events], last.older) == (["0"], None)
    back = page_of(rows, after=last.newer, size=3)
    assert [e.object_label for e in back.events] == ["3", "2", "1"]
    newest = page_of(rows, after=ids[5], size=3)
    assert ([e.object_label for e in newest.events], newest.newer) == (["mới", "6"], None)


def test_a_portion_is_one_query_however_long_the_log() -> None:
    for _ in range(30):
        make()
    with CaptureQueriesContext(connection) as found:
        page_of(search(AuditFilter(who="x", q="y", kind="login")), size=10)
    assert len(found) == 1


def test_many_events_of_one_act_are_one_query_and_found_like_others() -> None:
    about = [About("report", n, f"Xã {n}", "hai-son", {"reason": "Mở kỳ"}) for n in range(20)]
    with CaptureQueriesContext(connection) as found:
        record_many(kind="report.opened", by=None, about=about)
    assert len(found) == 1
    assert len(labels(q="mo ky hai son", who="he thong")) == 20
    with pytest.raises(ValueError, match="eaten"):
        record_many(kind="report.eaten", by=None, about=about)


def test_secrets_and_personal_fields_are_not_found_either() -> None:
    record(kind="user.changed", by=None, obj_type="user", obj_id=1, password="bi-mat", after={"email": "ha@x.vn"})
    assert "bi" not in AuditEvent.objects.get().search_key and labels(q="ha x.vn") == []


def test_events_that_stood_before_get_their_keys_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("mongcai_portal.audit.migrations.0002_search_keys")
    for n in range(5):
        make(f"Hải Sơn {n}", actor_name="Nguyễn Hà", details={"reason": "Thiếu"})
    assert not search(AuditFilter(q="hai son")).exists()

    class Raw:
        """The model as the migration sees it: without the guard of today's queryset."""

        class objects:
            @staticmethod
            def filter(**found: Any) -> Any:
                return AuditEvent._base_manager.filter(**found)

            @staticmethod
            def bulk_update(events: Any, fields: Any) -> None:
                from django.db.models import QuerySet

                QuerySet(AuditEvent).bulk_update(events, fields)

    monkeypatch.setattr(migration, "BATCH", 2)
    monkeypatch.setattr(apps, "get_model", lambda *name: Raw)
    migration.fill(apps, None)
    assert search(AuditFilter(q="hai son thieu", who="nguyen ha")).count() == 5
