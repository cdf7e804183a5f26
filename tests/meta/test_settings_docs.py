"""Every setting that can come from outside is documented, and nothing is documented that no code reads."""

from __future__ import annotations

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
ENV_PY = (BASE / "mongcai_portal" / "env.py").read_text(encoding="utf-8")
TESTS_PY = "\n".join(path.read_text(encoding="utf-8") for path in sorted((BASE / "tests").glob("*.py")))
DOCUMENTED = set(re.findall(r"^([A-Z_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

_READ_BY_PORTAL = set(re.findall(r'_env\.\w+\(\s*"([A-Z_]+)"', ENV_PY))
_READ_BY_TESTS = set(re.findall(r'os\.environ\.get\("((?:TEST|PORTAL_TEST)_[A-Z_]+)"', TESTS_PY))


def test_every_name_that_is_read_is_documented() -> None:
    assert len(_READ_BY_PORTAL) > 10
    assert _READ_BY_PORTAL | _READ_BY_TESTS <= DOCUMENTED


def test_every_documented_name_is_read() -> None:
    assert DOCUMENTED <= _READ_BY_PORTAL | _READ_BY_TESTS


def test_only_env_py_reads_the_environment() -> None:
    """`os.environ` elsewhere would be a setting that nobody finds."""
    allowed = {"env.py", "celery.py", "wsgi.py", "processes.py", "supervise.py"}
    folders = ("mongcai_portal", "communes", "indicators", "programmes")
    readers = {
        path.name
        for folder in folders
        for path in (BASE / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= allowed
