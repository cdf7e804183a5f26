"""`python -m tests [pytest arguments]`: the whole suite on SQLite, then on PostgreSQL where there is one."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.components import POSTGRES_URL, postgres_fault, required

# Whole portals and browsers run alone: they have processes enough, and some must be back within seconds.
PARTS = (["-n", "2", "-m", "not worker and not chromium"], ["-m", "worker or chromium"])
NO_TESTS = 5


def run(database_url: str, arguments: list[str]) -> int:
    """Run both parts on one database; a part may be empty when the arguments choose tests of the other only."""
    environment = {**os.environ, "DATABASE_URL": database_url, "PORTAL_TEST_RUN": str(os.getpid())}
    codes = [
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *part, *arguments], env=environment, check=False
        ).returncode
        for part in PARTS
    ]
    return min(codes) if set(codes) <= {0, NO_TESTS} else max(code for code in codes if code != NO_TESTS)


def main() -> int:
    arguments = sys.argv[1:]
    fault = postgres_fault()
    print("\n=== The suite on SQLite ===", flush=True)
    codes = [run("", arguments)]
    if fault is None:
        print("\n=== The suite on PostgreSQL ===", flush=True)
        codes.append(run(POSTGRES_URL, arguments))
    elif required():
        print(f"\nPORTAL_TEST_REQUIRE=all, but {fault}", file=sys.stderr)
        codes.append(3)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
