"""The guide for other systems does what it says: its commands run, in order, against a portal."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.live import LiveTown
from tests.portal import BASE_DIR, Portal

GUIDE = (BASE_DIR / "docs" / "how-to" / "connect-another-system.md").read_text(encoding="utf-8")
PERIOD = "2024-06"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{re.escape(kind)}\n(.*?)^```$", GUIDE, re.M | re.S)


def run(arguments: list[str], script: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        arguments, input=script, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.worker
def test_the_commands_of_the_guide_do_what_it_says(live_portal: Portal, tmp_path: Path) -> None:
    town = LiveTown(live_portal)
    town.stage("draft", "hai-son", period=PERIOD)
    [command] = blocks("sh server")
    made = json.loads(live_portal.manage(*shlex.split(command)[1:]))
    environment = {
        "PORTAL": live_portal.url,
        "CLIENT_ID": made["client_id"],
        "CLIENT_SECRET": made["client_secret"],
    }

    told = run(["bash", "-eu", "-o", "pipefail"], "\n".join([*blocks("sh"), "echo"]), tmp_path, environment)
    assert '"code":"ntm.recognised.advanced"' in told.replace('": "', '":"')
    assert "asked again: 304" in told
    answer = {"created": 3, "updated": 0, "unchanged": 0, "rejected": []}
    assert [json.loads(found) for found in re.findall(r'\{"created".*?\]\}', told)] == [answer, answer]
    assert json.loads((tmp_path / "units.json").read_text())["results"]

    [program] = blocks("python")
    saved, late = run([sys.executable, "-"], program, tmp_path, environment).splitlines()
    assert saved == "200 1" and late.startswith("412 ")
    assert town.rows(
        "SELECT v.state, v.number FROM indicators_reportedvalue v JOIN indicators_report r ON r.id = v.report_id"
        " JOIN indicators_period p ON p.id = r.period_id JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE p.code = '{PERIOD}' AND e.code = 'per_capita_income'"
    ) == [("value", 62)]
