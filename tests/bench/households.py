"""`make bench-households`: how long the register takes over a million households, on a PostgreSQL database of its own.

Everything is classified under two standards first. Then the registry's page is asked for, whole, as a coordinator and a
commune's officer look for households (`registry_page`); the bound speaks of the 95th percentile of all that they ask.
Households are written in portions of a thousand, as an import does.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import conclude
from tests.portal import BASE_DIR, Database, Portal

if TYPE_CHECKING:
    from communes.services.households import HouseholdEntry

HOUSEHOLDS = 1_000_000
WRITE_SECONDS, WRITTEN = 40, 20_000


def written() -> dict[str, list[float]]:
    """Write twenty thousand people in five thousand households, with their identity numbers encrypted."""
    from communes.models import Village
    from communes.services.households import register_households

    codes = list(Village.objects.order_by("pk").values_list("code", flat=True)[:50])
    begun = time.perf_counter()
    for portion in _portions(codes, WRITTEN // 4):
        register_households(by=None, entries=portion)
    took = time.perf_counter() - begun
    print(f"{'write 5 000 households, 20 000 people':40} {took:7.1f} s", flush=True)
    return {"write_20000_people_s": [round(took, 1), WRITE_SECONDS]}


def _portions(codes: list[str], households: int) -> Iterator[list[HouseholdEntry]]:
    from communes.services.households import MemberEntry
    from tests.bench.register import START
    from tests.factories.registers import entry, someone

    for start in range(0, households, 1000):
        yield [
            entry(
                code=f"GHI-{n}", village=codes[n % len(codes)], on=START,
                members=tuple(
                    MemberEntry(
                        relation="unrelated" if at else "head",
                        person=someone(f"Người {n} {at}", identity_number=f"022{n:07d}{at:02d}"),
                    )
                    for at in range(4)
                ),
            )
            for n in range(start, start + 1000)
        ]  # fmt: skip


def inside(households: int, parts: list[str]) -> int:
    import django

    django.setup()
    from tests.bench.classified import classified
    from tests.bench.household_import import imported
    from tests.bench.register import fill
    from tests.bench.registry_page import looked_up

    begun = time.perf_counter()
    fill(households)
    print(f"{households} households made in {time.perf_counter() - begun:.0f} s", flush=True)
    known = {"classify": lambda: classified(households), "list": looked_up, "write": written, "import": imported}
    if "list" in parts and "classify" not in parts:
        parts = ["classify", *parts]  # the page shows and asks for classes
    figures: dict[str, list[float]] = {}
    for part in sorted(parts, key=list(known).index) or known:
        figures |= known[part]()
    return conclude(figures, households=households, database="postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument(
        "--part", action="append", default=[], help="classify, list (classifies, too), write or import; all"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return inside(given.households, given.part)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        database = Database.create(postgres=True, folder=Path(folder))
        try:
            portal = Portal(Path(folder), database)
            portal.manage("migrate", "--verbosity=0")
            command = [sys.executable, "-m", "tests.bench.households", "--inside", f"--households={given.households}"]
            command += [f"--part={part}" for part in given.part]
            return subprocess.run(command, cwd=BASE_DIR, env=portal.environment, check=False).returncode
        finally:
            database.drop()


if __name__ == "__main__":
    sys.exit(main())
