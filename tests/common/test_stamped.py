"""Pages that are kept while the data stands: a hit, a miss, and no way to show an old figure as a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import F

from communes.models import Unit
from indicators.models import Period
from mongcai_portal.common import stamped
from mongcai_portal.common.models import ChangeNote, Source

pytestmark = pytest.mark.django_db


def period(code: str = "2031") -> Period:
    return Period(code=code, starts_on=date(2031, 1, 1), ends_on=date(2031, 12, 31), due_on=date(2032, 1, 15))


def counting() -> tuple[list[int], Callable[[], int]]:
    """Return a list that grows each time the function runs, and the function."""
    runs: list[int] = []

    def make() -> int:
        runs.append(1)
        return len(runs)

    return runs, make


def test_what_was_made_is_given_again_while_nothing_changes() -> None:
    runs, make = counting()
    assert [stamped.kept("a", make), stamped.kept("a", make), stamped.kept("a", make)] == [1, 1, 1]
    assert len(runs) == 1


def test_another_question_reader_or_language_gets_an_answer_of_its_own() -> None:
    _runs, make = counting()
    keys = [("a", 1, "vi"), ("a", 2, "vi"), ("a", 1, "en"), ("b", 1, "vi")]
    assert [stamped.kept(key, make) for key in keys] == [1, 2, 3, 4]
    assert [stamped.kept(key, make) for key in keys] == [1, 2, 3, 4]


def test_every_way_of_writing_a_watched_table_makes_it_anew() -> None:
    _runs, make = counting()
    seen = [stamped.kept("a", make)]

    def look() -> None:
        seen.append(stamped.kept("a", make))

    period().save()
    look()
    Period.objects.bulk_create([period("2032"), period("2033")])
    look()
    Period.objects.filter(code="2032").update(code="2034")
    look()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_period SET code = '2035' WHERE code = '2034'")
    look()
    Period.objects.filter(code="2035").delete()
    look()
    assert seen == [1, 2, 3, 4, 5, 6]


def test_what_changes_no_row_or_another_table_leaves_it_standing() -> None:
    _runs, make = counting()
    stamped.kept("a", make)
    Period.objects.filter(code="nowhere").update(code="2030")
    Period.objects.update(code=F("code"))  # how whoever writes its values holds a report
    Period.objects.filter(code="nowhere").delete()
    assert stamped.kept("a", make) == 1


def test_inside_a_transaction_nothing_is_kept_for_it_may_be_taken_back() -> None:
    _runs, make = counting()
    stamped.kept("a", make)
    with transaction.atomic():
        period().save()
        assert [stamped.kept("a", make), stamped.kept("a", make)] == [2, 3]
        transaction.set_rollback(True)
    assert stamped.kept("a", lambda: 99) == 1, "what stood before it stands again"
    period("2032").save()
    assert stamped.kept("a", make) == 4


def test_a_change_while_the_answer_is_made_makes_the_next_one_anew() -> None:
    def make() -> int:
        period().save()
        return Period.objects.filter(code="2031").count()

    assert stamped.kept("a", make) == 1
    assert stamped.kept("a", lambda: 99) == 99


def test_each_commit_makes_another_stamp_in_whatever_order_they_come() -> None:
    ChangeNote.objects.all().delete()
    seen = {stamped.stamp_now()}
    for pk, watched in ((11, "a"), (10, "b"), (13, "b"), (12, "a"), (1000, "a")):
        ChangeNote.objects.create(pk=pk, watched=watched)
        seen.add(stamped.stamp_now())
    # The notes of a table become one with their sum: nothing changed, and the stamp neither.
    assert ChangeNote.objects.filter(watched="a").delete()[0] == 3
    ChangeNote.objects.create(pk=1001, watched="a", changes=3)
    assert stamped.stamp_now() in seen
    ChangeNote.objects.create(pk=9, watched="b")  # an older one that was committed late
    seen.add(stamped.stamp_now())
    assert len(seen) == 7


def test_old_notes_become_one_with_their_sum() -> None:
    if connection.vendor == "sqlite":
        period().save()
        Period.objects.update(code="2032")
        assert ChangeNote.objects.filter(watched="indicators_period").count() == 1, "one writer counts one note up"
        return
    ChangeNote.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('common_changenote', 'id'))")
        (at,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence('common_changenote', 'id'), %s)", [at + 1998 - at % 1000])
    notes = [
        ChangeNote(pk=at + n, watched=watched) for n, watched in enumerate(["indicators_period", "b"] * 5, start=1)
    ]
    ChangeNote.objects.bulk_create(notes)
    for code in ("2031", "2032"):
        period(code).save()
    assert stamped.stamp_now().sums == (("b", 5), ("indicators_period", 7))
    assert ChangeNote.objects.count() == 3, "the sums, and the note of the change that made them"


def test_a_table_that_stands_in_the_key_may_change() -> None:
    runs, make = counting()

    def look() -> int:
        return stamped.kept("a", make, stamp=stamped.stamp_now().besides(Period))

    assert look() == 1
    period().save()
    assert look() == 1
    Source.objects.create(code="x", title="x")
    assert look() == 2
    with transaction.atomic():
        assert look() == 3, "nothing is kept inside a transaction"
    assert len(runs) == 3


def test_nothing_is_kept_where_a_trigger_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamped, "_guarded", False)
    monkeypatch.setitem(stamped._watched, "portal_of_no_trigger", Unit)
    _runs, make = counting()
    assert [stamped.kept("a", make), stamped.kept("a", make)] == [1, 2]


def test_a_trigger_that_was_lost_is_put_back_after_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    on = " ON common_source" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER portal_note_common_source_update{on}")
    assert stamped._missing() == {("common_source", "update")}
    stamped.guard()
    assert stamped._missing() == set()
    before = stamped.stamp_now()
    Source.objects.update(title="khác")
    changed = stamped.stamp_now() != before
    assert changed == Source.objects.exists()


@pytest.mark.postgres
def test_triggers_of_tables_that_a_restore_has_set_aside_guard_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before_restore")
        cursor.execute("ALTER TABLE common_source SET SCHEMA before_restore")
        cursor.execute("CREATE TABLE common_source (LIKE before_restore.common_source INCLUDING ALL)")
    assert stamped._missing() == {("common_source", event) for event in stamped._events()}
    stamped.guard()
    assert stamped._missing() == set()
    before = stamped.stamp_now()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE common_source")
    assert stamped.stamp_now() != before


def test_only_so_much_is_kept_and_the_newest_stays_whatever_its_size() -> None:
    half = stamped.KEPT_SIZE // 2
    for n in range(3):
        stamped.kept(n, lambda: "large", size=lambda _made: half)
    assert [stamped.kept(n, lambda: "anew", size=lambda _made: half) for n in (2, 1)] == ["large", "large"]
    assert stamped.kept(0, lambda: "anew", size=lambda _made: 3 * half) == "anew"
    assert stamped.kept(0, lambda: "again") == "anew"
    assert stamped.kept(1, lambda: "anew") == "anew"


def test_only_so_many_are_kept_and_the_last_used_stay() -> None:
    _runs, make = counting()
    stamped.kept("first", make)
    for n in range(stamped.KEPT - 1):
        stamped.kept(n, make)
    stamped.kept("first", make)
    stamped.kept("one more", make)
    assert stamped.kept("first", make) == 1
    assert stamped.kept(0, lambda: "anew") == "anew"
