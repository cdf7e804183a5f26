"""What is asked of a portal before and after: run by `manage.py shell` inside that portal, answers in JSON."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from indicators.models import Evidence
from indicators.services.evidence import attach
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.backup.place import new_place
from mongcai_portal.backup.snapshot import files_folder, one_moment
from mongcai_portal.common import ciphers
from mongcai_portal.common.models import Heartbeat, Source
from mongcai_portal.common.models.files import files_storage
from tests.factories.demo import element_of, report_of
from tests.factories.files import upload
from tests.portal import PASSWORD

MADE = ["backup.made", "backup.restored"]


def before(migration: str, folder: str) -> None:
    """Take a portal back a version, let it live a little, tell what must be the same elsewhere, and back it up."""
    call_command("migrate", "oauth2_provider", migration, verbosity=0)
    life = _live_in_it()
    told = {**life, "answers": _answers(**life), "moments": _looked_while_others_write()}
    call_command("backup", folder)
    _say(told)


def after(session: str, token: str) -> None:
    _say(_answers(session, token))


def _live_in_it() -> dict[str, str]:
    """Someone signs in, asks for a new password and sends a file; the newest row of a table goes again."""
    leader = User.objects.get(username="leader")
    client = Client(headers={"host": "localhost"})
    client.post("/login/", {"username": leader.username, "password": PASSWORD})
    leader.refresh_from_db()  # signing in is written down, and a link made before it would be spent
    officer = User.objects.get(username="officer.bacson")
    element = element_of("10").code
    attach(by=officer, report_id=report_of("bac-son").pk, element=element, files=[upload("Biên bản họp thôn.pdf")])
    Source.objects.create(code="gone", title="…").delete()
    return {"session": client.cookies["sessionid"].value, "token": default_token_generator.make_token(leader)}


def _answers(session: str, token: str) -> dict[str, Any]:
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session
    leader = User.objects.get(username="leader")
    events = AuditEvent.objects.exclude(kind__in=MADE).order_by("pk").values_list()
    following = Source.objects.create(code="next", title="…")
    following_pk = following.pk
    following.delete()
    return {
        "measures": client.get("/api/v1/measures/", {"as_of": "2023-12-31"}).json(),
        "page": client.get("/").status_code,
        # Found by the key that identity numbers are encrypted with, which is made here when it is asked for first.
        "digest": ciphers.keyring().indexes("022199001234", "test")[0],
        "token": default_token_generator.check_token(leader, token),
        "files": {e.file.name: hashlib.sha256(e.file.read()).hexdigest() for e in Evidence.objects.order_by("pk")},
        "sent": list(Evidence.objects.filter(name="Biên bản họp thôn.pdf").values_list("size", "sha256")),
        "events": [len(events), hashlib.sha256(_text(list(events)).encode()).hexdigest()],
        "waiting": [str(step) for step, _ in _plan()],
        "next": following_pk,
        "told": list(AuditEvent.objects.filter(kind__in=MADE).order_by("pk").values_list("kind", flat=True)),
    }


def _looked_while_others_write() -> list[int]:
    """What one moment sees of a row that another connection writes meanwhile, and what is seen after it."""
    seen: list[int] = []
    with one_moment():
        seen.append(Heartbeat.objects.count())
        writer = threading.Thread(target=_write)
        writer.start()
        writer.join()  # does not wait for the reader
        seen.append(Heartbeat.objects.count())
    seen.append(Heartbeat.objects.count())
    return seen


def _write() -> None:
    Heartbeat.objects.create(component="beat", at=timezone.now() - timedelta(days=1))
    connection.close()


def set_aside() -> None:
    """Tries to put something new into a place that has a table, a file and a key: four fail, the last does not."""
    _run("CREATE TABLE old (n integer)")
    files_storage().save("old.txt", ContentFile(b"old"))
    seen = {}
    for what in ("rows", "files", "key", "database"):
        try:
            _new(what, failing=what)
        except (InterruptedError, OSError, OperationalError):
            seen[what] = _place()
    _new("last")
    seen["last"] = _place()
    kept = settings.VAR_DIR / "files.before-last" / "old.txt"
    key = settings.VAR_DIR / "secret_key.before-last"
    _say({"seen": seen, "kept": kept.read_text(), "key": key.read_text() == settings.SECRET_KEY})


def _new(mark: str, failing: str = "") -> None:
    """One try, with a fault at the last moment of one of its steps."""
    files = settings.VAR_DIR / "given"
    files.mkdir(exist_ok=True)
    (files / "new.txt").write_text("new")
    ends_at = {"files": files_folder(), "key": settings.SECRET_KEY_FILE, "database": _file_of_database()}.get(failing)
    rename = os.rename

    def renamed(source: Path, target: Path) -> None:
        # What takes a step back is not hindered.
        if target == ends_at and ".before-" not in source.name:
            raise OSError(28, "No space left on device")
        rename(source, target)

    commits = patch.object(connection, "commit", side_effect=OperationalError("the server went away"))
    with (
        patch("os.rename", renamed),
        commits if failing == "database" and connection.vendor == "postgresql" else nullcontext(),
        new_place(files=files, key="new key", mark=mark, set_aside=True),
    ):
        _run("CREATE TABLE new (n integer)")
        if failing == "rows":
            raise InterruptedError


def _file_of_database() -> Path | None:
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def _place() -> list[Any]:
    """What stands in the place, and what of it is set aside."""
    key = settings.VAR_DIR / "secret_key"
    aside = [path.name for path in settings.VAR_DIR.iterdir() if ".before-" in path.name or "restoring" in path.name]
    files = [path.name for path in files_folder().iterdir()]
    return [_tables(), files, key.read_text() == "new key", f"{key.stat().st_mode & 0o777:o}", len(aside)]


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _text(rows: object) -> str:
    return json.dumps(rows, sort_keys=True, default=str)


def _plan() -> Any:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def _say(answer: object) -> None:
    print("ANSWER", json.dumps(answer))
