"""Every list of the API keeps every convention: whoever adds a list and forgets one is told here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

from communes.models import PovertyStandard
from communes.services.counts import count_stale
from mongcai_portal.common.api.views import PortalViewSet
from mongcai_portal.common.jobs import ask as ask_job
from tests.factories.classifications import make_standard_year
from tests.factories.clients import make_caller
from tests.factories.windows import BACKEND
from tests.meta.test_routes import VALUES, _fill
from tests.meta.test_scopes import MAY_NAME_COMMUNES, VALUE, world  # noqa: F401 - the fixture
from tests.meta.test_scopes import objects_of as objects_in

pytestmark = pytest.mark.django_db
QUERY = {
    "/api/v1/measures/": {"as_of": "2023-12-31", "unit": "pho"},
    "/api/v1/measures/ntm.attained.standard/series/": {"as_of": "2023-12-31", "unit": "pho"},
    "/api/v1/targets/": {"as_of": "2023-12-31", "unit": "pho"},
    "/api/v1/households/statistics/": {"standard": "standard"},
    "/api/v1/households/statistics/flows/": {"standard": "standard", "from": "2022-12-31", "to": "2023-12-31"},
}
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def reads(patterns: Any = None, before: str = "/") -> Iterator[tuple[str, type[PortalViewSet], str]]:
    """Yield address, view class and action of every GET of a resource of the API."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = before + _fill(str(entry.pattern))
        if hasattr(entry, "url_patterns"):
            yield from reads(entry.url_patterns, here)
        elif issubclass(getattr(entry.callback, "cls", object), PortalViewSet) and "get" in entry.callback.actions:
            yield here, entry.callback.cls, entry.callback.actions["get"]


LISTS = sorted(
    {(path, view, action) for path, view, action in reads() if action in view.list_actions}, key=lambda one: one[0]
)


@pytest.fixture
def lists(world: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, type[PortalViewSet], str]]:  # noqa: F811
    """The lists, with numbers of the first commune's objects in their addresses."""
    monkeypatch.setitem(VALUES, "pk", objects_in(world, 0)["report"])
    for kind in ("recheck", "evaluate_all"):
        ask_job(kind=kind)
    make_standard_year(PovertyStandard.objects.get(code="standard"))
    count_stale()
    return [(path, view, action) for path, view, action in reads() if action in view.list_actions]


@pytest.fixture
def leader(world: Any) -> Client:  # noqa: F811
    """Another system in the role that reads everything; it says which language it reads."""
    return make_caller("coordinator", scopes=("read", "write", "households.identified", "households.aggregate")).client


def signed_in(world: Any, name: str) -> Client:  # noqa: F811
    client = Client()
    client.force_login(world.people[name], backend=BACKEND)
    return client


def ask(client: Client, path: str, language: str = "vi", **query: Any) -> Any:
    return client.get(f"{path}?{urlencode(QUERY.get(path, {}) | query)}", headers={"Accept-Language": language})


def results(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert set(body) == {"next", "previous", "results"}
    return list(body["results"])


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.content
    text = answer.getvalue().decode()
    assert text.startswith(BOM) and text.count(BOM) == 1
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_the_lists_are_found() -> None:
    paths = {path for path, _view, _action in LISTS}
    assert {"/api/v1/units/", "/api/v1/reports/", "/api/v1/reports/1/values/", "/api/v1/measures/"} <= paths
    assert len(paths) >= 10


def test_a_list_is_paged_by_cursor_to_its_end_and_back(lists: Any, leader: Client) -> None:
    for path, _view, _action in lists:
        whole = results(ask(leader, path, page_size=1000))
        assert whole, path
        size = max(1, len(whole) // 2)
        page = ask(leader, path, page_size=size)
        seen, last = results(page), page
        while page.json()["next"]:
            last = page
            page = leader.get(page.json()["next"])
            seen += results(page)
        assert seen == whole, path
        if page is not last:
            assert results(leader.get(page.json()["previous"])) == results(last), path


def test_fields_are_chosen_and_unknown_ones_all_named(lists: Any, leader: Client) -> None:
    for path, view, action in lists:
        names = list(view.serializer_classes.get(action, view.serializer_class)().fields)
        whole = results(ask(leader, path))
        assert list(whole[0]) == names, path
        assert results(ask(leader, path, fields=names[1])) == [{names[1]: row[names[1]]} for row in whole], path
        turned = results(ask(leader, path, fields=",".join(reversed(names))))
        assert (turned, list(turned[0])) == (whole, names[::-1]), path
        refused = ask(leader, path, fields=f"{names[0]},colour,shape")
        assert refused.status_code == 400, path
        faults = [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]]
        assert faults == [("/fields", "unknown_field")] * 2, path


def test_who_has_the_list_already_is_told_so_in_every_format(lists: Any, leader: Client) -> None:
    for path, _view, _action in lists:
        tags = set()
        for kind in ("json", "csv", "xlsx"):
            first = ask(leader, path, format=kind)
            again = leader.get(
                f"{path}?{urlencode(QUERY.get(path, {}) | {'format': kind})}",
                headers={"If-None-Match": first["ETag"], "Accept-Language": "vi"},
            )
            assert (again.status_code, again["ETag"]) == (304, first["ETag"]), (path, kind)
            assert "private" in again["Cache-Control"], path
            assert {"Accept-Language", "Authorization", "Cookie"} <= set(again["Vary"].split(", ")), path
            tags.add(first["ETag"])
        assert len(tags) == 3, path


def test_a_file_holds_the_whole_list_with_headings_in_the_language_asked(lists: Any, leader: Client) -> None:
    for path, _view, _action in lists:
        whole = results(ask(leader, path, page_size=1000))
        vietnamese, english = (ask(leader, path, language, format="csv") for language in ("vi", "en"))
        assert vietnamese["Content-Type"] == "text/csv; charset=utf-8"
        assert ".csv" in vietnamese["Content-Disposition"]
        head, *rows = table(vietnamese)
        assert len(rows) == len(whole), path
        assert all(heading.strip() for heading in head) and len(set(head)) == len(head), (path, head)
        translated = table(english)[0]
        assert len(translated) == len(head)
        # Codes of the table itself (uid) may be the same; the rest is another language.
        assert sum(a != b for a, b in zip(head, translated, strict=True)) >= len(head) - 1, (path, head, translated)
        sheet = load_workbook(io.BytesIO(ask(leader, path, format="xlsx").getvalue())).active
        assert [cell.value for cell in sheet[1]] == head, path
        assert sheet.max_row == len(whole) + 1, path


def test_the_columns_of_a_file_are_the_fields_in_the_order_named(lists: Any, leader: Client) -> None:
    for path, view, action in lists:
        names = list(view.serializer_classes.get(action, view.serializer_class)().fields)
        first, second = names[0], names[1]
        one, other = (table(ask(leader, path, format="csv", fields=f)) for f in (f"{second},{first}", first))
        assert [row[-1] for row in one] == [row[0] for row in other], path


def test_unknown_names_and_formats_are_refused_and_all_named(lists: Any, leader: Client) -> None:
    for path, _view, _action in lists:
        answer = ask(leader, path, colour="red", format="pdf", page_size=1)
        assert answer.status_code == 400, path
        assert answer["Content-Type"] == "application/problem+json", path
        faults = {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
        assert faults == {"/colour": "unknown_parameter", "/format": "invalid_choice"}, path


def test_an_ordering_sorts_both_ways_over_all_pages(lists: Any, leader: Client) -> None:
    found = 0
    for path, view, _action in lists:
        if not (view.orderings and path.count("/") == 4):
            continue
        for name in view.orderings:
            up, down = (results(ask(leader, path, ordering=sign + name, page_size=1000)) for sign in ("", "-"))
            assert up == down[::-1], (path, name)
            page = ask(leader, path, ordering=f"-{name}", page_size=1)
            seen = results(page)
            while page.json()["next"]:
                page = leader.get(page.json()["next"])
                seen += results(page)
            assert seen == down, (path, name)
            found += 1
        refused = ask(leader, path, ordering="colour")
        assert {f["pointer"] for f in refused.json()["errors"]} == {"/ordering"}, path
    assert found > 8


def test_a_cursor_of_another_order_is_refused(leader: Client) -> None:
    following = ask(leader, "/api/v1/units/", page_size=1).json()["next"]
    assert leader.get(following).status_code == 200
    answer = leader.get(f"{following}&ordering=uid")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/cursor"]


def test_a_file_shows_nothing_of_another_commune(world: Any, lists: Any) -> None:  # noqa: F811
    officer, other = signed_in(world, "officer"), world.communes[1]
    marks = [other.uid, "Xã Thử 2", VALUE, VALUE.replace(".", ","), f"{other.uid}/QĐ", "other_officer"]
    marks += [f"H-{other.uid}", f"Thôn {other.uid}"]
    read = 0
    for path, _view, _action in lists:
        for kind in ("csv", "xlsx"):
            answer = ask(officer, path, format=kind)
            if answer.status_code == 403:
                continue
            read += 1
            text = answer.getvalue().decode() if kind == "csv" else cells_of(answer.getvalue())
            assert [mark for mark in marks if mark in text] == [] or path in MAY_NAME_COMMUNES, (path, kind)
    assert read > 12


def cells_of(content: bytes) -> str:
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_every_object_takes_fields_and_is_known_by_a_tag(world: Any) -> None:  # noqa: F811
    given, client = objects_in(world, 0), signed_in(world, "coordinator")
    job = ask_job(kind="recheck")
    asked = 0
    for path, view, action in list(reads()):
        if action in view.list_actions or action == "picture":
            continue  # a chart is drawn of data that this town has not
        numbers = {
            "attainment": given["attainment"], "jobs": str(job.pk), "households": given["household_id"],
            "budget-lines": given["line_id"],
            "ocop-products": given["product_id"],
            "targets": given["target_id"],
            "documents": given["paper_id"],
            "tasks": given["task_id"],
            "difficulties": given["difficulty_id"],
        }  # fmt: skip
        number = numbers.get(path.split("/")[3], given["report"])
        path = path.replace("/1/", f"/{number}/").replace(
            "/criteria-sets/ntm.attained.standard/", "/criteria-sets/SMALL/"
        )
        path = path.replace("/data-elements/ntm.attained.standard/", "/data-elements/roads/")
        path = path.replace("/programmes/ntm.attained.standard/", "/programmes/NTM/")
        path = path.replace("/units/bac-son/", f"/units/{given['uid']}/")
        query = {"set": "SMALL", "period": "2023"} if path.endswith("/matrix/") else {}
        if "/measures/" in path:
            query = QUERY["/api/v1/measures/"]
        whole = client.get(path, query)
        assert whole.status_code == 200, (path, whole.content)
        assert client.get(path, query, headers={"If-None-Match": whole["ETag"]}).status_code == 304, path
        if action in view.file_actions:
            continue  # no JSON of which fields could be asked for
        names = list(whole.json())
        some = client.get(path, {**query, "fields": f"{names[-1]},{names[0]}"})
        assert some.json() == {names[-1]: whole.json()[names[-1]], names[0]: whole.json()[names[0]]}, path
        refused = client.get(path, {**query, "fields": "colour", "format": "csv"})
        assert {fault["pointer"] for fault in refused.json()["errors"]} == {"/fields", "/format"}, path
        asked += 1
    assert asked >= 8
