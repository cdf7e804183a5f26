"""The bulk write of 1 000 values of a hundred communes, as another system sends it over HTTP.

`python -m tests.bench.bulk` on a portal's data opens the reports and prints what the write needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import requests

from tests.portal import BASE_DIR, Portal

PERIOD = "2024"
COMMUNES, ELEMENTS = 100, 10
BOUND_MS = 1000
# The first one makes the values, the others change every one of them.
WRITES = 10


def prepare() -> dict[str, Any]:
    """Open a draft for each commune, and connect a system that types for all of them."""
    from datetime import date

    from communes.models import Unit
    from communes.services.api_clients import create_api_client
    from indicators.models import Report
    from indicators.selectors.definitions import definitions_for
    from indicators.services.reports import open_period, open_report
    from mongcai_portal.accounts.models import User
    from programmes.services.country import PREFIX

    coordinator = User.objects.get(username="coordinator")
    period = open_period(by=coordinator, code=PERIOD, due_on=date(2025, 1, 15))
    units = list(Unit.objects.filter(uid__startswith=PREFIX).order_by("uid")[:COMMUNES])
    for unit in units:
        if not Report.objects.filter(unit=unit, period=period).exists():
            open_report(by=coordinator, unit=unit, period=period, illustrative=True)
    uids = [unit.uid for unit in units]
    made = create_api_client(by=None, name="bench", role="commune_officer", units=uids, scopes=["read", "write"])
    shares = [e.code for e in definitions_for(period).elements if e.value_type == "percent" and len(e.cells) == 1]
    return {"id": made.client_id, "secret": made.client_secret, "units": uids, "elements": shares[:ELEMENTS]}


def measure_bulk(portal: Portal) -> dict[str, list[float]]:
    """Return the slowest of the writes: a bound that one in ten may break is none for a nightly run."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.bulk"],
        cwd=BASE_DIR, env=portal.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        raise SystemExit(answer.stderr)
    given = json.loads(answer.stdout)
    token = requests.post(
        f"{portal.url}/oauth/token/",
        data={"grant_type": "client_credentials"},
        auth=(given["id"], given["secret"]),
        timeout=30,
    ).json()["access_token"]
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    took = []
    for number in range(WRITES):
        rows = [
            {"unit": unit, "period": PERIOD, "element": element, "value": f"{50 + number}.{position % 9 + 1}"}
            for unit in given["units"]
            for position, element in enumerate(given["elements"])
        ]
        begun = time.perf_counter()
        written = session.post(
            f"{portal.url}/api/v1/reported-values/bulk/",
            json=rows,
            headers={"Idempotency-Key": f"bench-{number}"},
            timeout=60,
        )
        took.append((time.perf_counter() - begun) * 1000)
        counts = written.json() if written.status_code == 200 else {}
        if counts.get("created" if number == 0 else "updated") != len(rows):
            raise SystemExit(f"bulk write: {written.status_code} {written.text[:500]}")
    took_sorted = sorted(took)
    print(
        f"{'bulk_write_1000':20} first {took[0]:6.0f} ms   p50 {took_sorted[len(took) // 2]:6.1f} ms   "
        f"max {took_sorted[-1]:6.1f} ms",
        flush=True,
    )
    return {f"bulk_write_{COMMUNES * ELEMENTS}_ms": [round(took_sorted[-1], 1), BOUND_MS]}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(prepare()))
