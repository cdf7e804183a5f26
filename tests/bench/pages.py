"""`make bench-pages`: how long the leader's pages and the API take over a synthetic province of 500 communes.

A portal of its own (PostgreSQL; web, worker and beat as `make run` starts them) is asked one request after another:
once as it stands after its start, then, after twenty more that are not counted, two hundred times; the overview besides
after each of ten changes of the data behind it; at last reports are written and values sent by the thousand. A bound
speaks of the 95th percentile, of the changes of their median, of reports and writes of the slowest. Queries are counted
in a process of its own, on the same data.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg2
import requests

from tests.bench.bulk import measure_bulk
from tests.bench.documents import measure_documents
from tests.bench.figures import conclude, percentile
from tests.factories.live import LiveTown
from tests.portal import BASE_DIR, Portal, running_portal

DAY = "2023-12-31"
PROVINCE = "tinh-gia-lap"
WARM_UPS, REQUESTS, CHANGES = 20, 200, 10
LOADED_SECONDS = 5  # worker and beat still load when the web answers already; no reader comes in the second of a start


@dataclass(frozen=True)
class Page:
    """What is asked, by whom, and what must hold: milliseconds at first and again, bytes over the wire, queries."""

    name: str
    path: str
    first_ms: float | None = None
    again_ms: float | None = None
    kilobytes: float | None = None
    queries: int | None = None
    api: bool = False


PAGES = (
    Page("overview", f"/?unit={PROVINCE}&as_of={DAY}", first_ms=250, again_ms=80),
    Page("matrix_500x19", f"/attainment/?level=standard&as_of={DAY}", again_ms=200, kilobytes=150),
    Page("api_units_50", f"/api/v1/units/?as_of={DAY}&page_size=50", again_ms=40, queries=6, api=True),
    Page("api_attainment_50", f"/api/v1/attainment/?as_of={DAY}&page_size=50", again_ms=40, queries=6, api=True),
    Page("api_reports_50", "/api/v1/reports/?page_size=50", again_ms=40, queries=6, api=True),
    Page("api_recognitions_50", "/api/v1/recognitions/?page_size=50", again_ms=40, queries=6, api=True),
    Page(
        "api_measures", f"/api/v1/measures/?unit={PROVINCE}&as_of={DAY}&page_size=50", again_ms=40, queries=6, api=True
    ),
)


def wire_bytes(answer: requests.Response) -> int:
    """Return how long the body was on the wire, compressed as the browser asked for it."""
    return int(answer.headers.get("Content-Length") or answer.raw.tell())


def ask(session: requests.Session, url: str) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = session.get(url, timeout=60)
    took = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")
    return took, wire_bytes(answer)


def queries(portal: Portal, username: str, path: str) -> int:
    """Count the queries of the second time, in a process of its own on the portal's data."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.queries", username, path],
        cwd=BASE_DIR, env=portal.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return int(answer.stdout)


def measure(portal: Portal, sessions: Mapping[bool, requests.Session], requests_each: int) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {}
    for page in PAGES:
        session, url = sessions[page.api], portal.url + page.path
        first, size = ask(session, url)
        for _ in range(WARM_UPS):
            ask(session, url)
        took = [ask(session, url)[0] for _ in range(requests_each)]
        p95 = percentile(took, 0.95)
        print(
            f"{page.name:20} first {first:6.0f} ms   p50 {percentile(took, 0.5):6.1f} ms   p95 {p95:6.1f} ms   "
            f"max {max(took):6.1f} ms   {size / 1000:6.1f} kB",
            flush=True,
        )
        for name, value, bound in (
            ("first_ms", first, page.first_ms),
            ("p95_ms", p95, page.again_ms),
            ("kB", size / 1000, page.kilobytes),
        ):
            if bound is not None:
                figures[f"{page.name}_{name}"] = [round(value, 1), bound]
        if page.queries is not None:
            figures[f"{page.name}_queries"] = [queries(portal, "leader", page.path), page.queries]
    return figures


def settle(portal: Portal) -> None:
    """Do at once what PostgreSQL does by itself in the minutes after a load, beside whatever is measured then."""
    url = portal.environment["DATABASE_URL"]
    if url.startswith("postgres"):
        connection = psycopg2.connect(url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        connection.close()


def measure_changes(portal: Portal, session: requests.Session) -> dict[str, list[float]]:
    """Time the overview right after what it shows was changed: a process computes and draws it from the database."""
    page, took = PAGES[0], []
    for _ in range(CHANGES):
        portal.run("-m", "tests.bench.change")
        took.append(ask(session, portal.url + page.path)[0])
    print(f"{page.name:20} changed p50 {percentile(took, 0.5):6.1f} ms   max {max(took):6.1f} ms", flush=True)
    return {f"{page.name}_changed_ms": [round(percentile(took, 0.5), 1), float(page.first_ms or 0)]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=500)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    given = parser.parse_args()
    with running_portal(postgres=not given.sqlite) as portal:
        print(f"making {given.communes} communes …", flush=True)
        print(portal.manage("make_country", f"--communes={given.communes}"), end="", flush=True)
        settle(portal)
        api = requests.Session()
        api.headers["Authorization"] = f"Bearer {LiveTown(portal).token('leader')}"
        leader = portal.session("leader")
        # The first request is timed as a leader meets it after a night's restart: new processes, nothing kept.
        portal.stop()
        portal.start()
        time.sleep(LOADED_SECONDS)
        for session in (leader, api):
            session.headers["Accept-Encoding"] = "gzip, br"
        figures = measure(portal, {False: leader, True: api}, given.requests)
        figures |= measure_changes(portal, leader)
        figures |= measure_documents(portal, portal.session("coordinator"), PROVINCE)
        figures |= measure_bulk(portal)
    return conclude(figures, communes=given.communes, database="sqlite" if given.sqlite else "postgresql")


if __name__ == "__main__":
    sys.exit(main())
