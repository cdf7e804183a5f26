"""The registry's page as two readers ask for it, whole: the view with its counts, classes and template.

A search is posted, and the reader is led to its page: both requests count. Filters are those of the page: unit,
village, state, class; a deep page is one that is paged to.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.bench.figures import percentile

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 10
LIST_MS = 150
PAGE = "/households/"
SEARCHES = (
    "nguyen van an", "Nguyễn Văn Ân", "tang xuan uyen", "voòng", "nguyen", "uyên", "hoa", "2200012", "12345",
    "to 5", "an", "zzz", "nguyễn tổ 7 hòa", "đặng thị", "tran minh", "vu van dung", "chíu",
)  # fmt: skip
STANDARD = "central_2022_2025"
UNIT, VILLAGE = "don-vi-3", "don-vi-3-5"
CLASSES = ("poor", "near_poor")
# Where the reader has paged to: the last page whose number the page still tells, and one far beyond.
DEEP = (9_950, 200_000)

Asked = tuple[str, dict[str, str], str]


def asked(reader: str) -> Iterator[Asked]:
    """Yield what a reader asks for: words for the table, the filters, and what is searched for."""
    own = {"unit": UNIT} if reader == "coordinator" else {}
    yield "everything", {}, ""
    for q in SEARCHES:
        yield repr(q), {}, q
    yield "unit", own, ""
    yield "unit and village", {**own, "village": VILLAGE}, ""
    yield "village, 'nguyen'", {**own, "village": VILLAGE}, "nguyen"
    for state in ("gone", "all"):
        yield f"state {state}", {"state": state}, ""
    for status in CLASSES:
        chosen = {"of_class": f"{STANDARD}:{status}"}
        yield status, chosen, ""
        yield f"{status} of the unit", {**own, **chosen}, ""
        yield f"{status} of the village", {**own, "village": VILLAGE, **chosen}, ""
        for q in ("nguyễn văn", "hoa", "tang xuan uyen"):
            yield f"{status}, {q!r}", chosen, q
    for start in DEEP if reader == "coordinator" else (500,):
        yield f"from {start} on", {"start": str(start)}, ""
        yield f"poor, from {start} on", {"of_class": f"{STANDARD}:poor", "start": str(start)}, ""
    yield "'nguyen', from 500 on", {"start": "500"}, "nguyen"


def looked_up() -> dict[str, list[float]]:
    """Ask for every page by both readers and tell the times; a filter that the page did not take is an error."""
    took: list[float] = []
    for reader in ("coordinator", "officer"):
        client = _signed_in(f"bench-{reader}")
        for words, filters, q in asked(reader):
            _ask(client, filters, q)
            own = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                _ask(client, filters, q)
                own.append((time.perf_counter() - begun) * 1000)
            took += own
            name = f"{reader}: {words}"
            print(f"{name:48} p50 {percentile(own, 0.5):7.1f} ms   max {max(own):7.1f} ms", flush=True)
    p50, p95 = percentile(took, 0.5), percentile(took, 0.95)
    print(f"{'all pages of the register':48} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms", flush=True)
    return {"registry_p95_ms": [round(p95, 1), LIST_MS]}


def _signed_in(username: str) -> Client:
    from django.test import Client

    from mongcai_portal.accounts.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=username), backend="mongcai_portal.accounts.backends.PasswordBackend")
    return client


def _ask(client: Client, filters: dict[str, str], q: str) -> None:
    """Go to the page, by posting where something is searched for."""
    path = f"{PAGE}?{urlencode(filters)}" if filters else PAGE
    if q:
        answer = client.post(PAGE, {**filters, "q": q})
        assert answer.status_code == 302, (answer.status_code, filters)
        path = answer["Location"]
        if "start" in filters:
            path += f"&start={filters['start']}"
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200, (answer.status_code, path)
    for value in (filters.get("of_class"), filters.get("village"), filters.get("unit")):
        assert value is None or f'value="{value}" selected' in page, (value, "was not taken")
