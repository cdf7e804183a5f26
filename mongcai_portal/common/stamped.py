"""What a process keeps of a costly page for as long as the data behind it stands still: a stamp says whether it does.

Whoever changes a watched table leaves a note in the same transaction; a trigger of the database writes it, so that
no service, command or hand at the console can forget to. The stamp is read from those notes, always first: what is
then computed is at least as new as its stamp, and with the next stamp it is computed anew. An old figure is never
shown as a new one; where the triggers are not all in place nothing is kept at all.

On PostgreSQL every change adds a note, and nobody waits for anybody. The stamp is the sum of the changes of each table:
it only ever grows, by every commit, in whatever order they come; now and then the notes of a table become one with
their sum. SQLite has one writer at a time, who counts a single note of each table up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

from django.db import connection, models, transaction

from mongcai_portal.common.models import ChangeNote

T = TypeVar("T")
KEPT = 64  # pages a process keeps: some areas and days in two languages
KEPT_SIZE = 24_000_000  # characters of them, of which a page over a province may have two millions
PREFIX = "portal_note_"
EVENTS = ("insert", "update", "delete")
COMPACT_EVERY = 1000

_watched: dict[str, type[models.Model]] = {}
_kept: OrderedDict[Hashable, tuple[Stamp, Any, int]] = OrderedDict()
_lock = Lock()
_guarded = False


def watch(*tables: type[models.Model]) -> None:
    """Name the tables that kept pages are made from; their apps do so when they are ready."""
    _watched.update({table._meta.db_table: table for table in tables})


def watched_tables() -> frozenset[str]:
    """The names of the tables whose changes are noted."""
    return frozenset(_watched)


@dataclass(frozen=True, slots=True)
class Stamp:
    """How often each watched table was changed; None while a change could go unnoticed, and nothing may be kept."""

    sums: tuple[tuple[str, int], ...] | None

    def besides(self, *tables: type[models.Model]) -> Stamp:
        """The stamp without some tables: what is made of them must stand in the key."""
        passed = {table._meta.db_table for table in tables}
        return self if self.sums is None else Stamp(tuple(one for one in self.sums if one[0] not in passed))

    def of(self, *tables: type[models.Model]) -> Stamp:
        """The stamp of some tables only: of what is made from no other."""
        named = {table._meta.db_table for table in tables}
        return self if self.sums is None else Stamp(tuple(one for one in self.sums if one[0] in named))


def kept(
    key: Hashable,
    make: Callable[[], T],
    *,
    stamp: Stamp | None = None,
    stands: Callable[[T], bool] = lambda made: True,
    size: Callable[[T], int] = lambda made: 0,
) -> T:
    """Return what was made for the key while the data stood as it stands now, else make and keep it.

    `stamp` is one that was read before, for what is made of several parts. `stands` says of a result that it stays
    right while the data stands; what changes by the clock is not kept. `size` says how many characters a result has
    that has very many. `key` names everything besides the data that the result depends on: what was asked, by whom if
    that matters, the language, the day. What is kept is shared by threads and must never be changed. One query more
    than `make` costs. Inside a transaction nothing is kept: what it wrote may be taken back, and its stamp come again
    for something else.
    """
    stamp = stamp or stamp_now()
    if stamp.sums is None:
        return make()
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0] == stamp:
            _kept.move_to_end(key)
            return cast(T, found[1])
    made = make()
    if not stands(made):
        return made
    with _lock:
        _kept[key] = (stamp, made, size(made))
        _kept.move_to_end(key)
        while len(_kept) > 1 and (len(_kept) > KEPT or sum(entry[2] for entry in _kept.values()) > KEPT_SIZE):
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing of what was: a database that is rolled back or restored repeats its stamps.

    Whoever restores one under a portal restarts its processes; tests call this between one another.
    """
    with _lock:
        _kept.clear()


def _in_transaction() -> bool:
    """Whether a transaction is open, but for the one that a test runs in."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def stamp_now() -> Stamp:
    """Read the stamp of the data: one query, none inside a transaction."""
    global _guarded
    if _in_transaction() or not _guarded and _missing():
        return Stamp(None)
    _guarded = True
    with connection.cursor() as cursor:
        # Every page asks this, and for Django to write it takes longer than for a database to answer it.
        cursor.execute("SELECT watched, SUM(changes) FROM common_changenote GROUP BY watched ORDER BY watched")
        return Stamp(tuple((watched, int(changes)) for watched, changes in cursor.fetchall()))


# --- The triggers ---------------------------------------------------------------------------------------------------


def guard(**_signal: Any) -> None:
    """Put the triggers in place that are not; after every migration, for changing a table of SQLite loses its own."""
    missing = _missing()
    if not missing:
        return
    present = set(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table, event in sorted(missing):
            if {table, ChangeNote._meta.db_table} <= present:
                template = _POSTGRESQL[event] if connection.vendor == "postgresql" else _SQLITE
                cursor.execute(
                    template.format(name=_name(table, event), table=table, event=event, when=_when(table, event))
                )


def _events() -> tuple[str, ...]:
    return (*EVENTS, "truncate") if connection.vendor == "postgresql" else EVENTS


def _name(table: str, event: str) -> str:
    return f"{PREFIX}{table}_{event}"


def _when(table: str, event: str) -> str:
    """SQLite's condition that a row became another one."""
    if event != "update":
        return ""
    columns = [connection.ops.quote_name(str(field.column)) for field in _watched[table]._meta.concrete_fields]
    return "WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)


def _missing() -> set[tuple[str, str]]:
    """The triggers that are not there, as (table, event): one query."""
    catalogue = {
        # Of the tables in use: those that a restore has set aside, in another schema, keep triggers of this name.
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname LIKE %s "
        "AND tgrelid IN (SELECT oid FROM pg_class WHERE pg_table_is_visible(oid))",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue, [f"{PREFIX}%"])
        there = {row[0] for row in cursor.fetchall()}
    return {(table, event) for table in _watched for event in _events() if _name(table, event) not in there}


# A statement that touches no row changes nothing, nor does one that leaves every row as it was: whoever saves a cell
# holds its report so (`lock = lock`), many times a second. Old notes are left to whoever holds them: nobody waits here.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE made bigint;
BEGIN
  IF TG_OP <> 'TRUNCATE' THEN
    IF NOT EXISTS (SELECT FROM changed) THEN RETURN NULL; END IF;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NOT EXISTS (SELECT * FROM changed EXCEPT SELECT * FROM before) THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO common_changenote (watched, changes) VALUES (TG_TABLE_NAME, 1) RETURNING id INTO made;
  IF made % {COMPACT_EVERY} = 0 THEN
    WITH gone AS (
      DELETE FROM common_changenote
      WHERE id IN (SELECT id FROM common_changenote WHERE id < made FOR UPDATE SKIP LOCKED)
      RETURNING watched, changes)
    INSERT INTO common_changenote (watched, changes) SELECT watched, sum(changes) FROM gone GROUP BY watched;
  END IF;
  RETURN NULL;
END $$
"""
_AFTER = "CREATE TRIGGER {name} AFTER {event} ON {table} "
_RUN = "FOR EACH STATEMENT EXECUTE FUNCTION portal_note_change()"
_POSTGRESQL = {
    "insert": _AFTER + "REFERENCING NEW TABLE AS changed " + _RUN,
    "update": _AFTER + "REFERENCING OLD TABLE AS before NEW TABLE AS changed " + _RUN,
    "delete": _AFTER + "REFERENCING OLD TABLE AS changed " + _RUN,
    "truncate": _AFTER + _RUN,
}
_SQLITE = (
    "CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN "
    "INSERT INTO common_changenote (watched, changes) SELECT '{table}', 0 "
    "WHERE NOT EXISTS (SELECT 1 FROM common_changenote WHERE watched = '{table}'); "
    "UPDATE common_changenote SET changes = changes + 1 WHERE watched = '{table}'; "
    "END"
)
