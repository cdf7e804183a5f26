"""The log is added to, and nothing else."""

import pytest
from django.db import IntegrityError, transaction

from mongcai_portal.accounts import services
from mongcai_portal.audit.context import Channel, current, origin
from mongcai_portal.audit.masking import mask
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.models.event import AppendOnly
from mongcai_portal.audit.selectors import events_by, events_of
from mongcai_portal.audit.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return record(kind="report.sent_back", by=None, obj_type="report", obj_id=7, label="Hải Sơn 2023", reason="thiếu")


def test_event_keeps_names_as_text(event):
    event.refresh_from_db()
    assert (event.actor_id, event.actor_name) == ("", "Hệ thống")
    assert (event.object_type, event.object_id, event.details) == ("report", "7", {"reason": "thiếu"})


@pytest.mark.parametrize(
    "attempt",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(reason="khác"),
        lambda event: AuditEvent.objects.bulk_update([event], ["details"]),
        lambda event: AuditEvent.objects.get(pk=event.pk).save(),
    ],
)
def test_event_is_never_changed_or_removed(event, attempt):
    with pytest.raises(AppendOnly):
        attempt(event)
    assert AuditEvent.objects.get().details == {"reason": "thiếu"}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "", "channel": "page"}, "audit_event_kind_not_empty"),
        ({"kind": "x", "channel": "fax"}, "channel_known"),
    ],
)
def test_database_keeps_the_promise(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AuditEvent.objects.create(object_type="x", object_id="1", **fields)


def test_event_is_gone_when_its_transaction_fails():
    with pytest.raises(RuntimeError), transaction.atomic():
        record(kind="report.approved", by=None, obj_type="report", obj_id=1)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


def test_kind_outside_the_vocabulary_is_refused(event):
    with pytest.raises(ValueError):
        record(kind="report.eaten", by=None, obj_type="report", obj_id=1)
    assert event.kind_label == "trả lại số liệu"


def test_page_gives_channel_and_request_id(client):
    response = client.post("/login/", {"username": "ai", "password": "sai"}, headers={"X-Request-ID": "proxy-12345"})
    event = AuditEvent.objects.get(kind="login.failed")
    assert (event.channel, event.request_id) == ("page", "proxy-12345")
    assert response["X-Request-ID"] == "proxy-12345"


def test_malformed_request_id_is_replaced(client):
    assert client.get("/login/", headers={"X-Request-ID": "a b\tc"})["X-Request-ID"].isalnum()


def test_channel_of_a_task_holds_inside_its_block_only():
    with origin(Channel.TASK, "task-1"):
        assert record(kind="evaluation.done", by=None, obj_type="report", obj_id=1).channel == "task"
    assert current().channel == Channel.COMMAND


def test_selectors_find_by_object_and_by_person(event):
    user = services.create_user(username="coordinator", by=None)
    record(kind="report.approved", by=user, obj_type="report", obj_id=7)
    assert [found.kind for found in events_of(obj_type="report", obj_id=7)] == ["report.approved", "report.sent_back"]
    assert [found.kind for found in events_of(obj_type="report", obj_id=7, kinds=("report.approved",))] == [
        "report.approved"
    ]
    assert events_by(actor_id=user.pk).count() == 1


def test_personal_fields_are_masked_however_deep():
    details = {
        "password": "bí mật",
        "before": {"phone": "0912345678", "name": "Hà"},
        "email": {"before": "ha@x.vn", "after": None},
        "members": [{"identity_number": "022199001234"}],
        "count": 3,
    }
    assert mask(details) == {
        "password": "•••",
        "before": {"phone": "0•••", "name": "Hà"},
        "email": {"before": "h•••@x.vn", "after": None},
        "members": [{"identity_number": "0•••"}],
        "count": 3,
    }


def test_of_sensitive_fields_only_that_they_changed_is_told():
    details = {
        "before": {"ethnicity": "09", "health_insurance": False, "work": "", "person_name": "Đỗ Thị Thử"},
        "ethnicity": {"before": "09", "after": None},
        "purpose": "Đối chiếu hồ sơ",
    }
    assert mask(details) == {
        "before": {"ethnicity": "•••", "health_insurance": "•••", "work": "", "person_name": "Đ•••"},
        "ethnicity": {"before": "•••", "after": None},
        "purpose": "Đối chiếu hồ sơ",
    }


def test_events_of_a_celery_task_say_so():
    from celery.app.task import Context

    from mongcai_portal.celery import PortalTask, app

    def write():
        return record(kind="recheck.done", by=None, obj_type="x", obj_id=1)

    task = app.task(write, name="tests.write")
    try:
        assert isinstance(task, PortalTask)
        task.push_request(Context(id="id-of-the-task").__dict__)
        event = task()
        assert (event.channel, event.request_id) == ("task", "id-of-the-task")
    finally:
        task.pop_request()
        app.tasks.unregister("tests.write")
