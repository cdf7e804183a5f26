"""The log is sealed in the order in which it becomes visible, and whatever is done to it afterwards is named."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mongcai_portal.audit import chain, tasks
from mongcai_portal.audit.models import AuditEvent, AuditSeal
from mongcai_portal.audit.selectors import chain as reading
from mongcai_portal.audit.selectors.chain import LATE_AFTER, Break, head, prove
from mongcai_portal.audit.services import record, seal_waiting, sealing
from mongcai_portal.common.models.append_only import AppendOnly

pytestmark = pytest.mark.django_db


def tell(n: int = 1, *, pk: int | None = None, at: datetime | None = None) -> list[int]:
    made = []
    for number in range(n):
        event = AuditEvent(
            pk=pk,
            at=at or timezone.now(),
            kind="report.approved",
            object_type="report",
            object_id=str(number),
            channel="page",
            details={"b": [1, None, "đ"], "a": {"x": 96.4}},
        )
        event.save(force_insert=True)
        made.append(event.pk)
    return made


def broken(**more: Any) -> list[tuple[str, int | None, int | None]]:
    found: list[Break] = []
    proof = prove(found.append, **more)
    assert proof.broken == len(found)
    return [(one.code, one.seq, one.event) for one in found]


def raw(model: Any, **which: Any) -> Any:
    """Rows as whoever holds the database's password handles them."""
    return QuerySet(model).filter(**which)


@pytest.fixture
def five() -> list[int]:
    ids = tell(5)
    assert seal_waiting() == 5
    return ids


def test_what_waits_is_sealed_in_order_of_id_and_the_chain_holds(five: list[int]) -> None:
    later = tell(2)
    assert prove(lambda found: None).waiting == 2
    assert seal_waiting() == 2 and seal_waiting() == 0
    assert list(AuditSeal.objects.values_list("seq", "event_id")) == list(enumerate([*five, *later], 1))
    assert broken() == []
    proof = prove(lambda found: None)
    assert (proof.sealed, proof.waiting, proof.head) == (7, 0, str(head()))


def test_half_a_surrogate_pair_does_not_stop_the_sealing() -> None:
    event = dict.fromkeys(chain.SEALED) | {"object_label": "Xã “Bắc Sơn”"}
    assert chain.digest_of(event) == "bc080c25339cdcbd1b2aa32ebb21d562f968162b2401101073e18174a6e61aa8"
    halves = {chain.digest_of(event | {"details": {"x": half}}) for half in ("\ud800", "\udfff", "?", "\ufffd")}
    assert len(halves) == 4


def test_writing_an_event_touches_no_seal() -> None:
    with CaptureQueriesContext(connection) as found:
        record(kind="report.approved", by=None, obj_type="report", obj_id=1)
    assert len(found) == 1 and "seal" not in found[0]["sql"]


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "Người khác"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"details": {"a": {"x": 96.4}, "b": [1, None, "d"]}},
        {"object_id": "99"},
        {"request_id": "x"},
    ],
)
def test_an_altered_event_is_named(five: list[int], change: dict[str, Any]) -> None:
    raw(AuditEvent, pk=five[2]).update(**change)
    assert broken() == [("altered", 3, five[2])]


def test_a_removed_event_is_named_and_so_is_one_removed_with_its_seal(five: list[int]) -> None:
    raw(AuditEvent, pk=five[1]).delete()
    raw(AuditEvent, pk=five[3]).delete()
    raw(AuditSeal, seq=4).delete()
    assert broken() == [("removed", 2, five[1]), ("seal_removed", 4, None)]


def test_an_event_put_in_afterwards_is_named_and_never_sealed(five: list[int]) -> None:
    [forged] = tell(at=timezone.now() - LATE_AFTER - timedelta(minutes=1))
    tell()
    assert seal_waiting() == 1
    assert broken() == [("inserted", None, forged)]
    assert prove(lambda found: None).waiting == 0


def test_events_that_changed_places_are_named(five: list[int]) -> None:
    for model, field in ((AuditEvent, "id"), (AuditSeal, "seq")):
        values = [five[0], five[1]] if model is AuditEvent else [4, 5]
        raw(model, **{field: values[0]}).update(**{field: -1} if model is AuditEvent else {field: 99})
        raw(model, **{field: values[1]}).update(**{field: values[0]})
        raw(model, **{field: -1 if model is AuditEvent else 99}).update(**{field: values[1]})
    assert broken() == [
        ("altered", 1, five[0]),
        ("altered", 2, five[1]),
        ("seal_altered", 4, five[4]),
        ("seal_altered", 5, five[3]),
    ]


def test_a_seal_made_anew_to_fit_an_altered_event_is_given_away_by_the_next(five: list[int]) -> None:
    raw(AuditEvent, pk=five[2]).update(actor_name="Người khác")
    _seal_anew(3)
    assert broken() == [("seal_rewritten", 3, five[2])]


def test_a_whole_chain_made_anew_is_given_away_by_a_head_kept_elsewhere(five: list[int]) -> None:
    kept = {5: head().hash}
    assert broken(kept=kept) == []
    raw(AuditEvent, pk=five[4]).update(actor_name="Người khác")
    _seal_anew(5)
    assert broken() == [] and broken(kept=kept) == [("head_differs", 5, five[4])]
    raw(AuditSeal, seq=5).delete()
    assert broken(kept=kept) == [("head_differs", 5, None)], "nor was the end cut off unseen"


def _seal_anew(seq: int) -> None:
    seal = AuditSeal.objects.get(seq=seq)
    event = AuditEvent.objects.filter(pk=seal.event_id).values(*chain.SEALED).get()
    digest = chain.digest_of(event)
    forged = chain.link(previous=seal.previous, seq=seq, event_id=seal.event_id, digest=digest, seen_at=seal.seen_at)
    raw(AuditSeal, seq=seq).update(digest=digest, hash=forged)


def test_every_break_is_named_once_however_many_portions_are_read(
    five: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 2)
    assert broken() == []
    raw(AuditEvent, pk=five[2]).delete()
    raw(AuditEvent, pk=five[4]).update(kind="x")
    raw(AuditSeal, seq=1).update(seen_at=F("seen_at") - timedelta(days=1))
    assert broken() == [("seal_altered", 1, five[0]), ("removed", 3, five[2]), ("altered", 5, five[4])]


def test_a_lower_id_that_becomes_visible_late_is_sealed_after_the_higher_ones() -> None:
    [first] = tell(pk=1001)
    [third] = tell(pk=1003)
    assert seal_waiting() == 2
    [second] = tell(pk=1002, at=timezone.now() - LATE_AFTER / 2)
    assert seal_waiting() == 1
    assert list(AuditSeal.objects.values_list("event_id", flat=True)) == [first, third, second]
    assert broken() == []
    raw(AuditEvent, pk=second).delete()
    assert broken() == [("removed", 3, second)]


def test_a_day_without_a_worker_and_many_portions_make_no_event_look_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PORTION", 2)
    yesterday = timezone.now() - timedelta(days=1)
    for hours in (0, 5, 10, 15, 20):
        tell(at=yesterday + timedelta(hours=hours))
    # Killed after the first portion: the rest goes on from there.
    assert sealing._seal_portion() == (2, True)
    assert seal_waiting() == 3
    assert broken() == [] and AuditSeal.objects.get(seq=2).seen_at is None


def test_two_jobs_at_once_make_one_chain(five: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    stale = head()
    tell()
    assert seal_waiting() == 1
    tell(2)
    monkeypatch.setattr(sealing, "head", lambda: stale)  # what the slower job had read
    assert seal_waiting() == 0
    monkeypatch.undo()
    assert seal_waiting() == 2
    assert broken() == [] and AuditSeal.objects.count() == 8


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"seq": 0, "event_id": 9, "previous": "x"}, "audit_seal_seq_from_one"),
        ({"seq": 3, "event_id": 9, "previous": "x"}, "seq|pkey"),
        ({"seq": 9, "event_id": 3, "previous": "x"}, "event"),
        ({"seq": 9, "event_id": 9, "previous": "same"}, "previous|no_fork"),
    ],
)
def test_database_keeps_one_chain(fields: dict[str, Any], constraint: str) -> None:
    AuditSeal.objects.bulk_create([AuditSeal(seq=3, event_id=3, digest="", previous="same", hash="")])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AuditSeal.objects.bulk_create([AuditSeal(digest="", hash="", **fields)])


def test_a_seal_is_never_changed_or_removed(five: list[int]) -> None:
    seal = AuditSeal.objects.get(seq=2)
    for attempt in (seal.save, seal.delete, AuditSeal.objects.all().delete, lambda: AuditSeal.objects.update(seq=9)):
        with pytest.raises(AppendOnly):
            attempt()


def test_every_column_of_an_event_is_sealed_or_follows_from_those_that_are() -> None:
    assert {field.name for field in AuditEvent._meta.concrete_fields} == {*chain.SEALED, *chain.DERIVED}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_after_later_ids_were_sealed_joins_the_chain() -> None:
    written, sealed, ids = threading.Event(), threading.Event(), []

    def slow() -> None:
        try:
            with transaction.atomic():
                ids.extend(tell())
                written.set()
                sealed.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    [later] = tell()
    assert seal_waiting() == 1
    sealed.set()
    thread.join()
    assert ids[0] < later and seal_waiting() == 1 and broken() == []
    assert list(AuditSeal.objects.values_list("event_id", flat=True)) == [later, ids[0]]


@pytest.mark.django_db(transaction=True)
def test_jobs_that_really_run_at_once_make_one_chain() -> None:
    tell(40)
    start, faults = threading.Barrier(3), []

    def job() -> None:
        try:
            start.wait(20)
            seal_waiting()
        except Exception as fault:  # told below, in the test's own thread
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=job) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert AuditSeal.objects.count() == 40 and broken() == []


def verify(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_proves_the_chain_and_prints_its_head(five: list[int]) -> None:
    tell()
    code, text = verify()
    assert (code, text) == (0, f"5 sealed, 1 waiting, 0 broken\nhead {head()}\n")
    assert verify("--head", str(head()))[0] == 0


def test_the_command_names_what_is_broken_and_fails(five: list[int]) -> None:
    raw(AuditEvent, pk=five[0]).update(kind="x")
    code, text = verify("--head", f"7:{'0' * 64}")
    assert code == 1
    assert f"event {five[0]}, seal 1: altered: is not what was sealed\n" in text
    assert "seal 7: head_differs:" in text and "5 sealed, 0 waiting, 2 broken" in text


def test_the_command_refuses_a_head_it_cannot_read() -> None:
    with pytest.raises(CommandError, match="SEQ:HASH"):
        call_command("verify_audit", "--head", "5-abc")


def test_an_empty_log_is_whole() -> None:
    assert verify() == (0, "0 sealed, 0 waiting, 0 broken\n")


def test_the_tasks_seal_and_complain_by_night(five: list[int], caplog: pytest.LogCaptureFixture) -> None:
    tell()
    with caplog.at_level("INFO"):
        tasks.seal()
        assert f"head {head()}" in caplog.text and "ERROR" not in caplog.text
        raw(AuditEvent, pk=five[0]).delete()
        tasks.verify()
    assert f"audit log broken: removed (seal 1, event {five[0]})" in caplog.text
