"""The files for a server agree with the portal: its settings, its limits, and the guide that names them."""

from __future__ import annotations

import gc
import json
import os
import re
import runpy
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

BASE = Path(__file__).resolve().parents[2]
DEPLOY = BASE / "deploy"
SERVER = (DEPLOY / "portal.env.example").read_text(encoding="utf-8")
GUIDE = (BASE / "docs" / "how-to" / "deploy-on-a-server.md").read_text(encoding="utf-8")


def test_every_setting_of_the_server_is_one_that_the_portal_documents() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", SERVER, re.MULTILINE))
    documented = set(re.findall(r"^([A-Z_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert "DATABASE_URL" in named
    assert named <= documented


def test_nginx_lets_through_what_the_portal_takes_and_a_little_more() -> None:
    """What is too large gets the portal's own page with the reason, up to a megabyte beyond the limit."""
    text = (DEPLOY / "nginx" / "mongcai-portal.conf").read_text(encoding="utf-8")
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert 0 < int(megabytes) * 1024 * 1024 - settings.MAX_REQUEST_BYTES <= 2 * 1024 * 1024


def test_nginx_has_words_of_its_own_for_people_and_programs_when_the_portal_is_away_or_slow() -> None:
    folder = DEPLOY / "nginx"
    text = (folder / "mongcai-portal.conf").read_text(encoding="utf-8")
    told = {
        name: int(given or status)
        for status, given, name in re.findall(r"error_page (\d+)\s+(?:=(\d+) )?/(\w+)\.\$portal_words;", text)
    }
    assert told == {"updating": 503, "slow": 504}
    for name, status in told.items():
        problem = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        assert set(problem) == {"type", "title", "status", "detail"}
        assert problem["status"] == status and problem["type"].startswith("urn:mongcai:problem:")
        assert f"<h1>{problem['title']}</h1>" in (folder / f"{name}.html").read_text(encoding="utf-8")
    # A page that loads itself again would hide that something sent may be lost.
    assert "refresh" in (folder / "updating.html").read_text() and "refresh" not in (folder / "slow.html").read_text()
    programs = re.search(r"map \$uri \$portal_words \{\s*~(\S+)\s+json;", text)
    assert programs
    asked = ("/api/v1/reports/", "/oauth/token/", "/", "/reports/api/", "/apiary")
    assert [bool(re.search(programs[1], path)) for path in asked] == [True, True, False, False, False]


def test_every_file_that_the_guide_names_is_there() -> None:
    paths = set(re.findall(r"(?<![\w/.-])deploy/[\w./-]+[\w]", GUIDE))
    assert len(paths) > 8
    assert [path for path in paths if not (BASE / path).exists()] == []


def test_the_services_start_programs_with_settings_that_exist() -> None:
    units = "\n".join(path.read_text(encoding="utf-8") for path in (DEPLOY / "systemd").glob("*.service"))
    started = re.findall(r"^ExecStart=(\S+) (.*)$", units, re.MULTILINE)
    programs = {Path(program).name for program, _arguments in started}
    assert programs == {"gunicorn", "celery", "python"}
    assert all((Path(sys.executable).parent / program).exists() for program in programs)
    assert any("manage.py backup /var/backups/mongcai-portal --keep" in arguments for _program, arguments in started)


def test_the_two_workers_of_a_server_take_every_queue_once() -> None:
    taken = []
    for name in ("evaluate", "other"):
        drop_in = DEPLOY / "systemd" / f"mongcai-portal-worker@{name}.service.d" / "queues.conf"
        (queues,) = re.findall(r"--queues (\S+?)\"", drop_in.read_text(encoding="utf-8"))
        taken.append(queues.split(","))
    assert taken[0] == ["portal.evaluate"], "nothing holds figures up"
    # The names as they are where PORTAL_QUEUE is not set.
    queues_of_a_server = [f"portal.{name}" for name in settings.QUEUE_NAMES]
    assert sorted(taken[0] + taken[1]) == sorted(queues_of_a_server)
    target = (DEPLOY / "systemd" / "mongcai-portal.target").read_text(encoding="utf-8")
    wanted = set(re.findall(r"mongcai-portal-\S+\.service", target))
    assert wanted == {
        "mongcai-portal-web.service",
        "mongcai-portal-beat.service",
        "mongcai-portal-worker@evaluate.service",
        "mongcai-portal-worker@other.service",
    }


def test_a_release_that_is_switched_to_brings_its_units_and_takes_those_of_the_other_away(tmp_path: Path) -> None:
    """Back to an older release, too: a worker told of queues that it does not know would take nothing."""
    portal, units = tmp_path / "opt", tmp_path / "units"
    own = units / "mongcai-portal-worker@3.service.d" / "override.conf"
    own.parent.mkdir(parents=True)
    own.write_text("of the machine")
    for release, names in {"old": ("web.service",), "new": ("web.service", "worker@.service.d/queues.conf")}.items():
        folder = portal / "releases" / release
        for name in names:
            (folder / "deploy/systemd" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "deploy/systemd" / name).write_text(release)
        (folder / ".venv/bin").mkdir(parents=True)
        (folder / ".venv/bin/python").symlink_to(sys.executable)
        (folder / ".env").symlink_to(tmp_path / "portal.env")
    script = (DEPLOY / "bin" / "switch-release").read_text(encoding="utf-8")
    for there, here in {"/opt/mongcai-portal": portal, "/etc/systemd/system": units, "/run/systemd": tmp_path}.items():
        assert there in script
        script = script.replace(there, str(here))

    def switch(release: str) -> dict[str, str]:
        subprocess.run(["sh", "-c", script, "switch-release", str(portal / "releases" / release)], check=True)
        assert (portal / "current").resolve() == portal / "releases" / release
        found = (path for path in units.rglob("*") if path.is_file() and path != own)
        return {str(path.relative_to(units)): path.read_text() for path in found}

    assert switch("old") == {"web.service": "old"}
    assert switch("new") == {"web.service": "new", "worker@.service.d/queues.conf": "new"}
    assert switch("old") == {"web.service": "old"}
    assert own.exists()


def test_a_folder_that_is_no_built_release_is_not_switched_to(tmp_path: Path) -> None:
    answer = subprocess.run(
        ["sh", str(DEPLOY / "bin" / "switch-release"), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1 and "is no release that was built" in answer.stderr


def test_the_settings_of_the_server_pass_the_deployment_check(tmp_path: Path) -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", SERVER, re.MULTILINE))
    # These two lead to places of a server.
    given |= {"PORTAL_VAR_DIR": str(tmp_path), "DATABASE_URL": "", "PORTAL_DATA_KEYS": "0f" * 32}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: +3",
        "Content-Length : 3",
        "Transfer-Encoding: gzip, x",
    ],
)
def test_a_request_whose_end_could_be_read_two_ways_is_refused_by_the_web_server(head: str) -> None:
    def parsed(head: str) -> Any:
        sent = f"POST / HTTP/1.1\r\nHost: a\r\n{head}\r\n\r\nabc".encode()
        return next(RequestParser(Config(), iter([sent]), ("127.0.0.1", 1)))

    assert parsed("Content-Length: 3").body.read() == b"abc"
    with pytest.raises(ParseException):
        parsed(head)
    # What would let such a request through again is not asked for.
    assert not re.search(r"permit_|tolerate_|strip_header_spaces", (BASE / "deploy/gunicorn.conf.py").read_text())


def test_what_is_loaded_before_web_processes_fork_is_kept_from_the_collector_without_its_rubbish() -> None:
    class Loop:
        pass

    hooks = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    assert hooks["preload_app"] is True  # nothing is loaded before the fork otherwise
    gc.disable()
    try:
        rubbish = Loop()
        rubbish.itself = rubbish  # type: ignore[attr-defined]
        seen = weakref.ref(rubbish)
        del rubbish
        frozen = gc.get_freeze_count()
        hooks["when_ready"](None)
        assert seen() is None
        assert gc.get_freeze_count() - frozen > 10_000
    finally:
        gc.unfreeze()
        gc.enable()
