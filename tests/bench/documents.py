"""How long a period report takes to be produced, as its writer waits for it: figures, page, Word file, Excel file.

The report on the demonstration town has every section; that on the synthetic province has 500 communes.
"""

from __future__ import annotations

import time

import requests

from tests.factories.windows import HttpWindow, send
from tests.portal import Portal

TOWN = "mong-cai"
BOUND_S = 5.0
FIRST_YEARS = (2021, 2022, 2023)
UNTIL = "2023-12-30"  # the demonstration has drawn up the reports until the end of the year itself


def produce(window: HttpWindow, area: str, since: str) -> float:
    """Draft the report on an area, look at it and take both of its files; return the seconds from the button on."""
    form = window.get("/documents/new/").form("period")
    begun = time.perf_counter()
    page = send(window, form, area=area, since=since, until=UNTIL)
    for name in ("report.docx", "report.xlsx"):
        file = window.session.get(f"{window.url}{page.path}{name}", timeout=60)
        if file.status_code != 200 or not file.content.startswith(b"PK"):
            raise SystemExit(f"{area} since {since}: {page.path} {page.status}, {name} {file.status_code}")
    return time.perf_counter() - begun


def measure_documents(portal: Portal, session: requests.Session, province: str) -> dict[str, list[float]]:
    """Return the slowest of three reports on each area."""
    window, figures = HttpWindow(portal.url, session), {}
    for name, area in (("town", TOWN), ("province", province)):
        took = [produce(window, area, f"{year}-01-01") for year in FIRST_YEARS]
        print(f"{'report_' + name:20} first {took[0]:6.2f} s    max {max(took):6.2f} s", flush=True)
        figures[f"report_{name}_s"] = [round(max(took), 2), BOUND_S]
    return figures
