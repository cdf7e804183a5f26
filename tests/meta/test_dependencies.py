"""What the portal is made of is listed to the last package; an audit without an answer does not pass for a good one."""

from __future__ import annotations

import json
import re
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement

from tests.dependencies import FINE, KNOWN, UNASKED, Findings, read_npm, read_pip, verdict

BASE = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)\s+# (\S.*)$")
# What every environment has to begin with.
GIVEN = {"pip", "setuptools", "wheel"}


def lines(name: str) -> list[str]:
    text = (BASE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_is_pinned_and_says_what_it_is_for() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert [line for line in lines(name) if not PINNED.match(line)] == []


def test_what_a_package_brings_in_is_listed_too() -> None:
    listed = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        listed |= {plain(found[1]): found[2] for line in lines(name) if (found := PINNED.match(line))}
    missing, asked, waiting = set(), set(), [(name, "") for name in listed]
    while waiting:
        name, extra = asking = waiting.pop()
        if asking in asked:
            continue
        asked.add(asking)
        for text in requires(name) or ():
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                if plain(wanted.name) not in listed.keys() | GIVEN:
                    missing.add(f"{wanted.name}, of {name}")
                waiting += [(plain(wanted.name), one) for one in ("", *wanted.extras)]
    assert sorted(missing) == []
    assert {name: version(name) for name in listed if version(name) != listed[name]} == {}


def test_front_end_packages_come_from_the_registry_with_a_digest_each() -> None:
    packages = json.loads((BASE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanting = [name for name, one in packages.items() if name and not one.get("integrity", "").startswith("sha512-")]
    assert len(packages) > 5 and wanting == []
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in packages[""]["dependencies"].values())


def pip(*packages: dict[str, object]) -> Findings:
    return read_pip(json.dumps({"dependencies": list(packages), "fixes": []}), "")


CLEAN = {"name": "a", "version": "1.0", "vulns": []}
FAULTY = {"name": "b", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"], "aliases": []}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1.0)"}
NPM = {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 9}}}


def test_nothing_known_of_everything_is_fine() -> None:
    assert verdict([pip(CLEAN), read_npm(json.dumps(NPM), "")]) == FINE


def test_a_known_fault_is_named_with_the_version_that_mends_it() -> None:
    found = pip(CLEAN, FAULTY, SKIPPED)
    assert found.known == ["b 1.0: CVE-2026-1 (mended in: 1.1)"]
    assert verdict([found]) == KNOWN
    faulty = read_npm(json.dumps(NPM | {"vulnerabilities": {"x": {"range": "<2", "severity": "high"}}}), "")
    assert (faulty.known, verdict([faulty])) == (["x <2: high"], KNOWN)


def test_a_package_that_was_skipped_is_not_a_package_without_faults() -> None:
    found = pip(CLEAN, SKIPPED)
    assert found.asked == 1 and "1 of 2" in found.unasked[0]
    assert verdict([found]) == UNASKED


def test_a_source_that_cannot_be_reached_is_said_to_be_so() -> None:
    broken = read_pip("", "Traceback …\nConnectionError: no such host\n")
    assert broken.unasked == ["ConnectionError: no such host"] and verdict([broken]) == UNASKED
    refused = read_npm('{"message": "405", "error": {}}', "npm error audit endpoint returned an error\n")
    assert refused.unasked == ["npm error audit endpoint returned an error"] and verdict([refused]) == UNASKED
    assert verdict([pip()]) == UNASKED


def test_the_check_of_the_code_does_not_ask_the_world() -> None:
    makefile = (BASE / "Makefile").read_text(encoding="utf-8")
    check = makefile[makefile.index("\ncheck:") :].partition("\n\n")[0]
    assert "tests.dependencies" not in check and "audit" not in check
    assert "tests.dependencies" in makefile
