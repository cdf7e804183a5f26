"""A portal in an empty place is the one that was backed up: same figures, files, people, keys and audit trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.backup.conftest import Source, ask
from tests.components import database_is_postgres
from tests.portal import Portal

# The portal, and what it answers.
Restored = tuple[Portal, dict[str, Any]]

pytestmark = pytest.mark.worker


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(database_is_postgres, id="same_database"),
        pytest.param(lambda: False, id="from_postgresql_to_sqlite", marks=pytest.mark.postgres),
    ],
)
def restored(request: pytest.FixtureRequest, source: Source, empty_place: Callable[..., Portal]) -> Restored:
    portal = empty_place(postgres=request.param())
    portal.manage("restore", str(source.archive))
    return portal, ask(portal, f"after({source.session!r}, {source.token!r})")


def test_a_restored_portal_answers_as_the_one_that_was_backed_up(source: Source, restored: Restored) -> None:
    _portal, after = restored
    by_code = {row["code"]: row for row in after["measures"]["results"]}
    attained = by_code["ntm.attained.standard"]
    assert (attained["numerator"], attained["denominator"]) == (4, 5)
    assert after["measures"] == source.before["measures"]
    assert len(after["sent"]) == 1 and len(after["files"]) > 15
    assert after["files"] == source.before["files"]
    # The session goes on and the letter's link works: both are signed with the key.
    assert (after["page"], after["token"]) == (source.before["page"], True) == (200, True)
    assert after["events"] == source.before["events"]
    assert after["told"] == [*source.before["told"], "backup.restored"]
    # A number that stood for something is not given out again.
    assert after["next"] > source.before["next"] > 1


def test_the_data_of_an_older_version_are_brought_to_this_one(source: Source, restored: Restored) -> None:
    assert source.before["waiting"]
    assert restored[1]["waiting"] == []


def test_the_key_and_the_files_are_readable_by_the_portal_only(source: Source, restored: Restored) -> None:
    var = restored[0].var
    for key in ("secret_key", "data_keys"):
        assert (var / key).read_text() == (source.portal.var / key).read_text()
    assert restored[1]["digest"] == source.before["digest"]
    paths = [var / "secret_key", var / "data_keys", *(path for path in (var / "files").rglob("*") if path.is_file())]
    assert len(paths) > 15
    assert {path.stat().st_mode & 0o777 for path in [*paths, source.archive]} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (var / "files").rglob("*") if path.is_dir()} == {0o700}


def test_a_backup_sees_one_moment_and_nobody_waits_for_it(source: Source) -> None:
    before, meanwhile, after = source.while_others_write
    assert (meanwhile, after) == (before, before + 1)


def test_what_stands_in_the_place_is_set_aside_when_told_so(empty_place: Callable[..., Portal]) -> None:
    """And a return that fails, at whichever of its steps, leaves database, files and key where they stand."""
    place = empty_place(postgres=database_is_postgres())
    told = ask(place, "set_aside()")
    stands = [["old"], ["old.txt"], False, "600", 0]
    aside = 2 if database_is_postgres() else 3  # files and key; the tables of a server move within its database
    assert told["seen"] == {
        "rows": stands,
        "files": stands,
        "key": stands,
        "database": stands,
        "last": [["new"], ["new.txt"], True, "600", aside],
    }
    assert (told["kept"], told["key"]) == ("old", True)
    if not database_is_postgres():
        assert (place.var / "portal.sqlite3.before-last").stat().st_size > 0
