"""`make load`: twenty officers type and five leaders read for two minutes, on PostgreSQL and on SQLite.

A portal of its own per database (web, worker and beat as `make run` starts them), everybody with an account of their
own. An officer has two reports: types into one a cell at a time, as the form saves them, hands it in at some moment,
and goes on with the other; between two cells passes as much time as a quick typist needs. A leader goes from page to
page: the overview, the matrix, the page of a commune. Times are the server's: from the first line of a request to the
last byte handed out, as gunicorn logs them. Readers have seen every page before the clock starts.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from tests.bench.crew import LEADERS, leader, officer
from tests.bench.figures import conclude, percentile
from tests.campaign.ledger import Ledger
from tests.campaign.people import Line, Reader, Typist
from tests.factories.live import LiveTown
from tests.portal import Portal, running_portal

OFFICERS = 20
COMMUNES = (
    "hai-son", "bac-son", "hai-dong", "hai-tien", "quang-nghia", "hai-xuan", "van-ninh", "vinh-trung", "vinh-thuc",
)  # fmt: skip
DAY = "2023-12-31"
OVERVIEW, MATRIX, UNIT = f"/?as_of={DAY}", f"/attainment/?level=standard&as_of={DAY}", f"/units/hai-son/?as_of={DAY}"
SAVE_BOUND, OVERVIEW_BOUND = 100, 60  # milliseconds, of the 95th percentile
WARM_UPS = 20
# One line of `mongcai_portal.access_log.FORMAT`.
_LINE = re.compile(r" (GET|POST) (\S+) (\d{3}) \S+ (\d+)ms \[")
_FAULTS = {
    "locked": re.compile(r"database (?:table )?is locked"),
    "tracebacks": re.compile(r"^Traceback", re.MULTILINE),
}


class Officer(Typist):
    """Types into one report until a moment of its own, hands it in, and types into the next."""

    def __init__(
        self,
        line: Line,
        rng: random.Random,
        stop: threading.Event,
        reports: tuple[int, int],
        seconds: float,
        pause: float,
    ) -> None:
        super().__init__(line, rng, stop, reports[0], pause)
        self.reports, self.seconds = reports, seconds

    def work(self) -> None:
        time.sleep(self.rng.uniform(0, 0.1) * self.seconds)  # people do not sit down in the same second
        until = time.monotonic() + self.rng.uniform(0.2, 0.8) * self.seconds
        for number, report in enumerate(self.reports):
            self.report, self.path = report, f"/reports/{report}/"
            tokens = self.opens()
            while not self.stop.is_set() and (number or time.monotonic() < until):
                key = self.rng.choice(sorted(tokens))
                tokens[key] = self.types(key, tokens[key])
                time.sleep(self.rng.uniform(0.5, 1.5) * self.pause)
            if not number:
                self.hands_in()


def what(method: str, path: str, status: str) -> str:
    """Name a line of the log; whatever is neither a cell saved nor a page of a leader counts as `other`."""
    if method == "POST":
        return "save" if re.fullmatch(r"/reports/\d+/", path) and status == "200" else "other"
    if path.startswith("/units/"):
        return "unit"
    return {"/": "overview", "/attainment/": "matrix"}.get(path, "other")


def server_times(log: str) -> dict[str, list[int]]:
    """Return milliseconds by what was asked for."""
    found: dict[str, list[int]] = defaultdict(list)
    for method, path, status, took in _LINE.findall(log):
        found[what(method, path, status)].append(int(took))
    return found


def logs(portal: Portal) -> str:
    return "".join(path.read_text() for path in sorted((portal.var / "log").glob("*.log*")))


def prepared(
    portal: Portal, rng: random.Random, ledger: Ledger, seconds: float, pause: float
) -> list[threading.Thread]:
    town, stop = LiveTown(portal), threading.Event()
    made: list[list[tuple[str, int]]] = []
    for status, months in (("filled", ("2024-01", "2024-02", "2024-03")), ("draft", ("2025-01", "2025-02", "2025-03"))):
        heap: list[tuple[str, int]] = []
        for month in months:
            heap += sorted(town.stage(status, *COMMUNES, period=month).items())
        made.append(heap[:OFFICERS])
    portal.run("-m", "tests.bench.crew", *(uid for uid, _report in made[0]))
    people: list[threading.Thread] = []
    for number, ((_uid, first), (_same, second)) in enumerate(zip(*made, strict=True)):
        line = Line(portal, ledger, officer(number))
        people.append(Officer(line, random.Random(rng.random()), stop, (first, second), seconds, pause))
    for number in range(LEADERS):
        line = Line(portal, ledger, leader(number))
        people.append(Reader(line, random.Random(rng.random()), stop, (OVERVIEW, OVERVIEW, MATRIX, UNIT), pause))
        for _again in range(WARM_UPS // LEADERS):
            for path in (OVERVIEW, MATRIX, UNIT):
                line.ask("GET", path)
    return people


def measure(given: argparse.Namespace, *, postgres: bool) -> dict[str, list[float]]:
    name, ledger, rng = "postgresql" if postgres else "sqlite", Ledger(), random.Random(given.seed)
    with running_portal(postgres=postgres) as portal:
        print(f"{name}: making {2 * OFFICERS} reports …", flush=True)
        people = prepared(portal, rng, ledger, given.seconds, given.pause)
        web = portal.var / "log" / "web.log"
        start = web.stat().st_size
        for person in people:
            person.start()
        time.sleep(given.seconds)
        for person in people:
            person.stop.set()  # type: ignore[attr-defined]
        for person in people:
            person.join()
        took = server_times(_from(web, start))
        text = logs(portal)
    errors = sum(n for status, n in ledger.answers.items() if status >= 400) + len(ledger.cut) + len(ledger.surprises)
    for line in (*ledger.wordless, *(told for _begun, _ended, told in ledger.cut), *ledger.surprises)[:20]:
        print(f"{name}: {line}")
    figures: dict[str, list[float]] = {f"{name}_errors": [errors, 0]}
    figures |= {f"{name}_{fault}": [len(pattern.findall(text)), 0] for fault, pattern in _FAULTS.items()}
    for asked in ("save", "overview", "matrix", "unit"):
        values = took[asked] or [math.inf]  # nothing measured holds no bound
        p95 = percentile(values, 0.95)
        bound = {"save": SAVE_BOUND, "overview": OVERVIEW_BOUND}.get(asked)
        print(
            f"{name} {asked:9} {len(took[asked]):5} times   p50 {percentile(values, 0.5):4} ms   p95 {p95:4} ms   "
            f"max {max(values):4} ms",
            flush=True,
        )
        if bound is not None:
            figures[f"{name}_{asked}_p95_ms"] = [p95, bound]
    answers = dict(sorted(Counter(ledger.answers).items()))
    print(f"{name}: {len(ledger.submitted)} reports handed in, answers by status {answers}", flush=True)
    return figures


def _from(path: Path, start: int) -> str:
    with path.open("rb") as file:
        file.seek(start)
        return file.read().decode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["postgresql", "sqlite", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two cells of one officer, on average")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    figures: dict[str, list[float]] = {}
    for name in ("postgresql", "sqlite"):
        if given.database in (name, "both"):
            figures |= measure(given, postgres=name == "postgresql")
    return conclude(figures, officers=OFFICERS, leaders=LEADERS, seconds=given.seconds)


if __name__ == "__main__":
    sys.exit(main())
