"""`make bench-latency`: how long after the coordinator's approval the leader's overview shows the new ratio.

A portal of its own (web, worker, beat; SQLite and the folder queue, or PostgreSQL with `--postgres`) approves fifty
verified reports one after another: five communes over ten months, each report turning its commune from attaining the
standard to not attaining it, or back, so that every single approval moves the ratio by one. Each is timed from the
start of the approving request until a page of the overview that shows the new ratio has come in whole.
"""

from __future__ import annotations

import argparse
import calendar
import re
import sys
import time
from datetime import date

import requests

from tests.bench.figures import conclude, percentile
from tests.factories.live import LiveTown
from tests.factories.windows import HttpWindow
from tests.portal import running_portal

BOUND_SECONDS = 2.0
GIVE_UP_SECONDS = 30
PAUSE_SECONDS = 0.02
# The communes of the standard's ratio, and whether they attain it when the demonstration has been loaded.
COMMUNES = {"hai-son": True, "bac-son": False, "quang-nghia": True, "vinh-trung": True, "vinh-thuc": True}
ATTAINED = re.compile(r'class="pair-second".*?class="fig">0*(\d+)<', re.DOTALL)


def shown(leader: HttpWindow, day: date) -> int:
    """Return how many communes the overview of the day says attain the standard."""
    answer = leader.get(f"/?as_of={day}")
    found = ATTAINED.search(answer.html)
    if answer.status != 200 or found is None:
        raise SystemExit(f"the overview of {day} shows no ratio ({answer.status})")
    return int(found[1])


def approve(coordinator: HttpWindow, report: int) -> tuple[float, float]:
    """Approve a report as its page does; return when the request began and how long its answer took."""
    form = coordinator.get(f"/reports/{report}/verify/").form(f"/reports/{report}/approve/")
    begun = time.perf_counter()
    answer: requests.Response = coordinator.session.post(
        coordinator.url + form.action, data=form.fields, allow_redirects=False, timeout=30
    )
    if answer.status_code != 302:
        raise SystemExit(f"report {report} was not approved: {answer.status_code}")
    return begun, time.perf_counter() - begun


def measure(town: LiveTown, months: int) -> tuple[list[float], list[float]]:
    """Return, per approval, the seconds to the fresh overview and to the answer of the approving request."""
    standing = dict(COMMUNES)
    work: list[tuple[date, dict[str, int], dict[str, bool]]] = []
    print(f"preparing {months * len(COMMUNES)} verified reports …", flush=True)
    for month in range(1, months + 1):
        standing = {uid: not attains for uid, attains in standing.items()}
        reports = town.stage(
            "verified",
            *(uid for uid, attains in standing.items() if attains),
            period=f"2024-{month:02d}",
            short=tuple(uid for uid, attains in standing.items() if not attains),
        )
        work.append((date(2024, month, calendar.monthrange(2024, month)[1]), reports, dict(standing)))
    coordinator, leader = town.window("coordinator"), town.window("leader")
    fresh, answered = [], []
    for day, reports, wanted in work:
        expected = shown(leader, day)
        for uid, report in reports.items():
            expected += 1 if wanted[uid] else -1
            begun, took = approve(coordinator, report)
            while (now := shown(leader, day)) != expected:
                if time.perf_counter() - begun > GIVE_UP_SECONDS:
                    raise SystemExit(f"report {report}: {now} shown, {expected} expected after {GIVE_UP_SECONDS} s")
                time.sleep(PAUSE_SECONDS)
            fresh.append(time.perf_counter() - begun)
            answered.append(took)
            print(f"{day:%Y-%m} {uid:12} {fresh[-1]:.3f} s", flush=True)
    return fresh, answered


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL database of its own")
    parser.add_argument("--months", type=int, default=10, help="reports of each of the five communes")
    given = parser.parse_args()
    with running_portal(postgres=given.postgres) as portal:
        fresh, answered = measure(LiveTown(portal), given.months)
    return conclude(
        {"approval_to_overview_p95_s": [round(percentile(fresh, 0.95), 3), BOUND_SECONDS]},
        approval_to_overview_p50_s=round(percentile(fresh, 0.5), 3),
        approval_to_overview_max_s=round(max(fresh), 3),
        approval_answered_p95_s=round(percentile(answered, 0.95), 3),
        approvals=len(fresh),
        database="postgresql" if given.postgres else "sqlite",
    )


if __name__ == "__main__":
    sys.exit(main())
