"""The files for a server agree with the portal: its settings, its limits, and the guide that names them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

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
