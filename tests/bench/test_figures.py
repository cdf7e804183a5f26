"""The last line of a bench holds figures with their bounds and the verdict, whatever else was to be said."""

from __future__ import annotations

import json
import math
import re

import pytest

from tests.bench.figures import conclude
from tests.portal import BASE_DIR


@pytest.mark.parametrize(
    ("figures", "ok"),
    [
        ({"errors": [0, 0], "save_p95_ms": [99.9, 100]}, True),
        ({"errors": [0, 0], "save_p95_ms": [100.1, 100]}, False),
        ({"errors": [1, 0], "save_p95_ms": [20, 100]}, False),
    ],
)
def test_the_last_line_holds_figures_with_bounds_and_whether_all_are_kept(
    figures: dict[str, list[float]], ok: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    code = conclude(figures, officers=20, database="sqlite", faults={"web killed": 6})
    *before, last = capsys.readouterr().out.splitlines()
    assert before == ["officers: 20, database: sqlite, faults: {'web killed': 6}"]
    assert json.loads(last) == {**figures, "ok": ok}
    assert code == (0 if ok else 1)


def test_what_could_not_be_measured_keeps_no_bound(capsys: pytest.CaptureFixture[str]) -> None:
    assert (conclude({"save_p95_ms": [math.inf, 100]}), conclude({})) == (1, 1)
    unmeasured, nothing = capsys.readouterr().out.splitlines()
    assert json.loads(unmeasured) == {"save_p95_ms": [None, 100], "ok": False}
    assert json.loads(nothing) == {"ok": False}


def test_every_command_with_bounds_ends_with_that_line() -> None:
    makefile = (BASE_DIR / "Makefile").read_text(encoding="utf-8")
    folders = r"tests\.(?:bench\.\w+|campaign|walk)\b"
    modules = {BASE_DIR.joinpath(*name.split(".")) for name in re.findall(folders, makefile)}
    files = [path / "__main__.py" if path.is_dir() else path.with_suffix(".py") for path in modules]
    assert len(files) == 6
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "return conclude(" in text and '"ok"' not in text, file
