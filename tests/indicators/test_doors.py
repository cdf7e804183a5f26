"""One engine behind every door: the same bad input has the same code and words in the form, a workbook and the API."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from indicators.forms.entry import EntryForm
from indicators.models import DataElement, Report, ReportedValue
from indicators.selectors.definitions import definitions_for
from indicators.services.archive import stage_import
from indicators.services.values import save_values
from tests.factories.clients import ApiCaller, make_caller
from tests.factories.files import MEDIA_TYPES
from tests.factories.world import World, make_report, make_world

pytestmark = pytest.mark.django_db
HEADINGS = ("Xã", "Kỳ", "Mã số liệu", "Giá trị", "Tình trạng", "Lý do", "Ghi chú")
LONG = "x" * 2001
# element, part, value as a person types it, value as the API sends it, state, reason, note → the code.
Bad = tuple[str, str, Any, Any, str, str, str, str]
BAD: dict[str, Bad] = {
    "letters": ("roads", "", "chín mươi", "chín mươi", "", "", "", "not_a_number"),
    "over 100": ("roads", "", "142", "142", "", "", "", "over_100"),
    "negative": ("houses", "", "-1", "-1", "", "", "", "negative"),
    "half a house": ("houses", "", "1,5", "1.5", "", "", "", "not_whole"),
    "too many digits": ("water", "", "1234567890123", "1234567890123", "", "", "", "too_long"),
    "no such answer": ("plan", "", "có lẽ", "có lẽ", "", "", "", "wrong_type"),
    "not on the scale": ("schooling", "14.1.c", "mức độ 9", "mức độ 9", "", "", "", "not_in_scale"),
    "a value and a state": ("roads", "", "5", "5", "no_data", "", "", "value_and_state"),
    "no such state": ("roads", "", "", None, "lost", "", "", "unknown_state"),
    "not applicable, but why": ("roads", "", "", None, "not_applicable", "", "", "reason_required"),
    "an endless reason": ("roads", "", "", None, "not_applicable", LONG, "", "too_long"),
    "an endless note": ("roads", "", "5", "5", "", "", LONG, "too_long"),
    "a note and nothing else": ("roads", "", "", None, "", "", "so lại", "note_alone"),
    # A form has no field for what it does not ask, and its reason is hidden beside a value.
    "a reason for a value": ("roads", "", "5", "5", "", "vì sao", "", "reason_without_state"),
    "no such element": ("castles", "", "5", "5", "", "", "", "unknown_element"),
    "an element of other periods": ("spare", "", "5", "5", "", "", "", "not_asked"),
    "no such part": ("insured", "child", "5", "5", "", "", "", "unknown_part"),
    "a whole that is typed in parts": ("insured", "", "5", "5", "", "", "", "unknown_part"),
}
NOT_IN_FORM = {
    "a reason for a value",
    "no such element",
    "an element of other periods",
    "no such part",
    "a whole that is typed in parts",
}
Told = tuple[str, str]


@pytest.fixture
def world() -> World:
    world = make_world()
    DataElement.objects.create(
        code="spare", name_vi="Dư", name_en="Spare", value_type="percent", unit="%", office=world.offices["a"]
    )
    return world


@pytest.fixture
def caller(world: World) -> ApiCaller:
    return make_caller("commune_officer", units=["commune-1"])


def by_form(world: World, report: Report, bad: Bad) -> list[Told]:
    """What the page's own reading and saving says."""
    element, part, typed, _sent, state, reason, note, _code = bad
    name = f"{element}:{part}"
    data = {f"k:{name}": "0~~~", f"v:{name}": typed, f"s:{name}": state, f"r:{name}": reason, f"n:{name}": note}
    form = EntryForm({**data, "language": "vi"}, definitions_for(report.period))
    result = save_values(by=world.people["officer"], report_id=report.pk, cells=form.cells, all_or_none=False)
    return [(fault.code, fault.message) for fault in result.faults]


def by_page(world: World, report: Report, bad: Bad) -> str:
    """What the page shows at the cell."""
    element, part, typed, _sent, state, reason, note, _code = bad
    name = f"{element}:{part}"
    client = Client()
    client.force_login(world.people["officer"], backend="mongcai_portal.accounts.backends.PasswordBackend")
    data = {f"k:{name}": "0~~~", f"v:{name}": typed, f"s:{name}": state, f"r:{name}": reason, f"n:{name}": note}
    answer = client.post(f"/reports/{report.pk}/", {**data, "language": "vi"}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    return str(answer.json()["cells"][name]["message"])


def by_workbook(world: World, bad: Bad) -> list[Told]:
    element, part, typed, _sent, state, reason, note, _code = bad
    book = Workbook()
    book.active.title = "Số liệu"
    book.active.append(HEADINGS)
    word = {"no_data": "chưa có số liệu", "not_applicable": "không áp dụng"}.get(state, state)
    book.active.append(("Thử 1", 2022, f"{element}:{part}" if part else element, typed, word, reason, note))
    stream = BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("a.xlsx", stream.getvalue(), MEDIA_TYPES["xlsx"])
    staged = stage_import(by=world.people["coordinator"], file=file, number_format="vi")
    return [(fault["code"], fault["message"]) for fault in staged.faults]


def item(bad: Bad) -> dict[str, Any]:
    element, part, _typed, sent, state, reason, note, _code = bad
    said: dict[str, Any] = {"element": element}
    if sent is not None:
        said["value"] = {part: sent} if part else sent
    return said | {name: text for name, text in (("state", state), ("reason", reason), ("note", note)) if text}


def by_api(answer: Any) -> list[Told]:
    assert answer.status_code == 400, answer.content
    return [(fault["code"], fault["detail"]) for fault in answer.json()["errors"]]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_refused_with_one_code_and_one_message_at_every_door(world, caller, name):
    bad, report = BAD[name], make_report(world)
    told = {
        "put": by_api(caller.put(f"reports/{report.pk}/values/", [item(bad)])),
        "bulk": by_api(
            caller.post(
                "reported-values/bulk/",
                [{"unit": "commune-1", "period": "2023", **item(bad)}],
                **{"Idempotency-Key": "k"},
            )
        ),
        "workbook": by_workbook(world, bad),
    }
    if name not in NOT_IN_FORM:
        told["form"] = by_form(world, report, bad)
    [(code, message)] = told["put"]
    assert code == bad[-1]
    # A suggestion is written as its reader writes numbers.
    assert {door: [(c, m.replace("14.2", "14,2")) for c, m in found] for door, found in told.items()} == dict.fromkeys(
        told, [(code, message.replace("14.2", "14,2"))]
    )
    assert not ReportedValue.objects.exists()


def test_the_page_shows_the_engines_words_at_the_cell(world):
    bad, report = BAD["a value and a state"], make_report(world)
    assert by_page(world, report, bad) == by_form(world, report, bad)[0][1]
