"""An identity number shows nowhere but in the one answer to whoever may read it and said what for.

Every role asks every address, for reading and for writing, over a register with known numbers; all answers,
files and log lines are searched for them.
"""

from __future__ import annotations

import gzip
import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from communes.models import Household, Person
from communes.services.households import register_household
from communes.services.households.persons import fields_of
from tests.factories.clients import make_caller
from tests.factories.registers import ADULT, CHILD, entry, family
from tests.factories.windows import BACKEND, LocalWindow, send
from tests.factories.world import World
from tests.meta.test_crawl import ASKERS, addresses, callers, is_api, objects_of, world

__all__ = ["world"]  # a fixture
pytestmark = pytest.mark.django_db

NUMBERS = ("022280004321", "022280008765")
# As a whole, without the part that says province, sex and century, and as people group it.
FORMS = tuple(text for n in NUMBERS for text in (n, n[3:], f"{n[:3]} {n[3:6]} {n[6:9]} {n[9:]}"))
PURPOSE = "Đối chiếu hồ sơ bảo hiểm y tế"


@pytest.fixture
def numbered(world: World) -> World:  # noqa: F811 - the fixture
    """Each commune's household has a head with a known number."""
    for unit, number in zip(world.communes, NUMBERS, strict=True):
        household = Household.objects.get(code=f"H-{unit.uid}")
        head = household.members.get(relation="head").person_id
        hidden = fields_of(replace(ADULT, identity_number=number))
        Person.objects.filter(pk=head).update(
            **{name: value for name, value in hidden.items() if name.startswith("identity_")}
        )
    return world


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def text_of(answer: Any) -> str:
    """Everything that an answer holds, as text; a sheet cell by cell, other archives part by part."""
    content = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        if "xl/workbook.xml" not in archive.namelist():
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        sheets = load_workbook(io.BytesIO(content), read_only=True).worksheets
        return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    return content.decode("utf-8", "replace") + str(answer.headers)


def shown_in(text: str) -> list[str]:
    return [form for form in FORMS if form in text]


def asked(client: Client, method: str, path: str, body: dict[str, str] | None = None) -> Any:
    """Ask once; whatever it did is undone."""
    with transaction.atomic():
        more: dict[str, Any] = {"content_type": "application/json"} if method != "get" and is_api(path) else {}
        answer = getattr(client, method)(path, body, **more)
        text = text_of(answer)
        transaction.set_rollback(True)
    return answer.status_code, text


def test_no_address_shows_a_number_to_any_role(
    numbered: World, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may see numbers sends nothing; everyone else says what for, and sees none.

    The officer asks about both communes; to all others the one is as the other.
    """
    clients = dict(zip(ASKERS, callers(numbered), strict=True))
    own, foreign = (set(addresses(objects_of(numbered, n), monkeypatch).values()) for n in (0, 1))
    shown = {}
    read = 0
    for asker, pair in clients.items():
        if asker == "officer elsewhere":  # the officer
            continue
        body = {} if asker in ("officer", "coordinator") else {"purpose": PURPOSE}
        for path in sorted(own | foreign if asker == "officer" else own):
            client = pair[is_api(path)]
            code, text = asked(client, "get", path)
            answers = {"get": text, "post": asked(client, "post", path, body)[1]}
            read += code == 200
            if code == 200 and is_api(path):  # what is refused as such is refused as a file
                answers |= {kind: asked(client, "get", f"{path}?format={kind}")[1] for kind in ("csv", "xlsx")}
            shown |= {(asker, how, path): found for how, text in answers.items() if (found := shown_in(text))}
    assert shown == {}
    assert read > 100
    assert shown_in(lines.text) == []


def test_neither_the_log_nor_its_file_holds_a_number_that_was_read(
    numbered: World, lines: pytest.LogCaptureFixture
) -> None:
    officer = LocalWindow(numbered.people["officer"].username)
    household = Household.objects.get(code=f"H-{numbered.communes[0].uid}")
    page = send(officer, officer.get(f"/households/{household.pk}/unmask/").form("unmask"), purpose=PURPOSE)
    assert shown_in(page.html)
    caller = make_caller("coordinator", scopes=("households.identified",))
    answer = caller.post(f"households/{household.pk}/unmask/", {"purpose": PURPOSE})
    assert NUMBERS[0] in answer.content.decode()
    for name in ("coordinator", "administrator"):
        client = Client()
        client.force_login(numbered.people[name], backend=BACKEND)
        for path in ("/audit/", "/audit/export/?format=csv", "/audit/export/?format=xlsx", "/households/unmaskings/"):
            answer = client.get(path)
            text = text_of(answer)
            assert answer.status_code == 200 and PURPOSE in text, path
            assert shown_in(text) == [], path
            assert shown_in(text_of(client.get("/audit/", {"q": NUMBERS[0]}))) in ([], [NUMBERS[0], NUMBERS[0][3:]])
    assert shown_in(lines.text) == []


@pytest.mark.parametrize("path", ["/households/new/", "people/new/"])
def test_who_types_a_number_that_the_register_has_is_not_told_whose(
    numbered: World, lines: pytest.LogCaptureFixture, path: str
) -> None:
    """The other commune's number is refused without a word about its owner, and no log line holds it."""
    officer = LocalWindow(numbered.people["officer"].username)
    village = Household.objects.get(code=f"H-{numbered.communes[0].uid}").village.code
    if path == "/households/new/":
        form = officer.get(path).form("household")
        typed = {"code": "NEW", "village": village, "members-0-name": "Người Thử", "members-0-birth": "1980",
                 "members-0-identity_number": NUMBERS[1], "action": "save"}  # fmt: skip
    else:
        household = Household.objects.get(code=f"H-{numbered.communes[0].uid}")
        form = officer.get(f"/households/{household.pk}/{path}").form("change")
        typed = {"name": "Bé Thử", "birth": "2020", "relation": "child", "because": "entered", "on": "2023-01-01",
                 "identity_number": NUMBERS[1]}  # fmt: skip
    page = send(officer, form, **typed)
    assert page.status == 422 and "đã có trong sổ hộ" in page.text
    assert "H-" + numbered.communes[1].uid not in page.html
    assert shown_in(lines.text) == []


def test_what_goes_wrong_within_shows_no_number(
    numbered: World, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the page that says sorry nor the traceback in the log."""

    def broken(**_said: Any) -> Any:
        raise RuntimeError("the disk is gone")

    officer = LocalWindow(numbered.people["officer"].username)
    officer.client.raise_request_exception = False
    village = Household.objects.get(code=f"H-{numbered.communes[0].uid}").village.code
    form = officer.get("/households/new/").form("household")
    monkeypatch.setattr("communes.views.household_new.register_household", broken)
    page = send(
        officer, form, code="NEW", village=village, action="save", **{"members-0-name": "Người Thử",
        "members-0-identity_number": NUMBERS[1]}
    )  # fmt: skip
    assert page.status == 500 and shown_in(page.html) == []
    monkeypatch.setattr("communes.api.household_views.unmask", broken)
    caller = make_caller("coordinator", scopes=("households.identified",))
    caller.client.raise_request_exception = False
    household = Household.objects.get(code=f"H-{numbered.communes[0].uid}")
    answer = caller.post(f"households/{household.pk}/unmask/", {"purpose": PURPOSE})
    assert answer.status_code == 500 and shown_in(answer.content.decode()) == []
    assert "the disk is gone" in lines.text and shown_in(lines.text) == []


def test_faults_and_rows_say_no_number(numbered: World) -> None:
    members = family(CHILD, number=NUMBERS[0])
    said = entry(code="NEW", village="x", members=members, on=date(2999, 1, 1))
    with pytest.raises(Exception) as caught:  # noqa: B017 - whatever it is, it says no number
        register_household(by=None, entry=said)
    for one in (said, members[0], members[0].person, caught.value, *caught.value.faults, *_rows()):
        assert shown_in(f"{one} {one!r}") == []


def _rows() -> Iterator[Person]:
    yield from Person.objects.all()
