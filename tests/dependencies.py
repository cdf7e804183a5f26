"""`make audit`: are faults known of the packages that are pinned here?

Asks PyPI (pip-audit) and the npm registry (npm audit). An answer that was not got is told as such and never taken for
"nothing known": behind some mirrors pip-audit skips every package and says that it found nothing.

Ends with 0: every package was asked about and nothing is known; 1: something is known; 2: a source could not be asked
(and nothing is known of what could be). `make check` does not run it: it must not depend on what others publish today.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BASE = Path(__file__).resolve().parents[1]
FINE, KNOWN, UNASKED = 0, 1, 2
LONGEST = 300  # seconds for one source

Run = Callable[[Sequence[str]], tuple[str, str]]


@dataclass
class Findings:
    """What one source says: how many packages it was asked about, faults in words, and why it said nothing of some."""

    source: str
    asked: int = 0
    known: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def read_pip(out: str, err: str) -> Findings:
    """Read what `pip-audit --format json` printed."""
    findings = Findings("PyPI")
    try:
        packages = json.loads(out)["dependencies"]
    except (ValueError, KeyError):
        findings.unasked.append(_last_line(err))
        return findings
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped:
        findings.unasked.append(f"no answer about {len(skipped)} of {len(packages)} packages: {_some(skipped)}")
    findings.asked = len(packages) - len(skipped)
    for package in packages:
        for fault in package.get("vulns", ()):
            mended = ", ".join(fault.get("fix_versions", ())) or "no version yet"
            findings.known.append(f"{package['name']} {package['version']}: {fault['id']} (mended in: {mended})")
    return findings


def read_npm(out: str, err: str) -> Findings:
    """Read what `npm audit --json` printed."""
    findings = Findings("npm")
    try:
        body = json.loads(out)
        faults, counts = body["vulnerabilities"], body["metadata"]["dependencies"]
    except (ValueError, KeyError):
        findings.unasked.append(_last_line(err) or out.strip()[:200])
        return findings
    findings.asked = counts["total"]
    findings.known += [f"{name} {fault['range']}: {fault['severity']}" for name, fault in sorted(faults.items())]
    return findings


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and "complete log" not in line]
    return lines[-1].strip()[:200] if lines else "no answer"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def run(command: Sequence[str]) -> tuple[str, str]:
    """Run a tool of the environment and return what it printed."""
    own = str(Path(sys.executable).parent)
    try:
        done = subprocess.run(
            command, cwd=BASE, capture_output=True, text=True, timeout=LONGEST, check=False,
            env={**os.environ, "PATH": f"{own}{os.pathsep}{os.environ.get('PATH', '')}"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "", f"no answer within {LONGEST} s"
    return done.stdout, done.stderr


def audit(run: Run = run) -> list[Findings]:
    """Ask both sources."""
    pip = ["pip-audit", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json"]
    found = [read_pip(*run([*pip, "--requirement", name])) for name in ("requirements.txt", "requirements-dev.txt")]
    return [*found, read_npm(*run(["npm", "audit", "--json", "--package-lock-only"]))]


def verdict(found: Sequence[Findings]) -> int:
    """Return the exit code."""
    if any(one.known for one in found):
        return KNOWN
    return UNASKED if any(one.unasked or not one.asked for one in found) else FINE


def main() -> int:
    found = audit()
    for one in found:
        for fault in one.known:
            print(f"KNOWN FAULT  {one.source}: {fault}")
        for reason in one.unasked:
            print(f"NOT ASKED    {one.source}: {reason}")
        print(f"{one.source}: {one.asked} packages asked about, {len(one.known)} known faults")
    code = verdict(found)
    print({FINE: "Nothing is known.", KNOWN: "Faults are known.", UNASKED: "Not everything could be asked."}[code])
    return code


if __name__ == "__main__":
    sys.exit(main())
