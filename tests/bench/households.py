"""`make bench-households`: how long the register takes over a million households, on a PostgreSQL database of its own.

The registry's list is asked as a coordinator and as a commune's officer look for households: by parts of names with and
without tone marks, by code, by village; the bound speaks of the 95th percentile of all of them. Households are written
in portions of a thousand, as an import does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.pages import percentile
from tests.portal import BASE_DIR, Database, Portal

if TYPE_CHECKING:
    from communes.services.households import HouseholdEntry

HOUSEHOLDS = 1_000_000
ROUNDS = 10
LIST_MS, WRITE_SECONDS, WRITTEN = 150, 40, 20_000
SEARCHES = (
    "", "nguyen van an", "Nguyễn Văn Ân", "tang xuan uyen", "voòng", "nguyen", "uyên", "hoa", "2200012345", "12345",
    "to 5", "an", "zzz", "nguyễn tổ 7 hòa", "đặng thị", "tran minh", "vu van dung", "chíu",
)  # fmt: skip


def looked_up() -> dict[str, list[float]]:
    """Ask for the first fifty households of every search, by both readers, and tell the slowest kinds."""
    from communes.models import Village
    from communes.scope import scope_of
    from communes.selectors.households import RegistryFilter, registry_page
    from mongcai_portal.accounts.models import User

    readers = {name: User.objects.get(username=f"bench-{name}") for name in ("coordinator", "officer")}
    village = Village.objects.order_by("pk").values_list("pk", flat=True)[29]
    asked: list[tuple[str, Callable[[], object]]] = []
    for name, user in readers.items():
        for q in SEARCHES:
            wanted = RegistryFilter(q=q)
            asked.append((f"{name} {q!r}", lambda u=user, w=wanted: registry_page(scope_of(u), w)))  # type: ignore[misc]
    one = RegistryFilter(q="nguyen", villages=(village,))
    asked.append(("coordinator, one village", lambda: registry_page(scope_of(readers["coordinator"]), one)))
    took: list[float] = []
    for name, look in asked:
        look()
        own = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            look()
            own.append((time.perf_counter() - begun) * 1000)
        took += own
        print(f"{name:40} p50 {percentile(own, 0.5):7.1f} ms   max {max(own):7.1f} ms", flush=True)
    print(f"{'all':40} p50 {percentile(took, 0.5):7.1f} ms   p95 {percentile(took, 0.95):7.1f} ms", flush=True)
    return {"registry_p95_ms": [round(percentile(took, 0.95), 1), LIST_MS]}


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

    begun = time.perf_counter()
    fill(households)
    print(f"{households} households made in {time.perf_counter() - begun:.0f} s", flush=True)
    known = {"list": looked_up, "write": written, "classify": lambda: classified(households)}
    known["import"] = imported
    figures: dict[str, list[float]] = {}
    for part in parts or known:
        figures |= known[part]()
    ok = all(value <= bound for value, bound in figures.values())
    print(json.dumps({**figures, "households": households, "database": "postgresql", "ok": ok}))
    return 0 if ok else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--part", action="append", default=[], help="list, write or classify; all when none is named")
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
