"""A value that the register gives, as the form and the page of a report show it: read, not typed."""

from __future__ import annotations

from typing import Any

import pytest

from indicators.models import Report, ReportedValue
from tests.factories.derived import ELEMENT, make_derived_world, make_register
from tests.factories.world import World, make_report

from .conftest import cell_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: Any) -> World:
    world = make_derived_world()
    make_register(world)
    return world


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


def test_the_form_has_no_field_for_it_and_says_where_it_is_from(as_person: Any, report: Report) -> None:
    page = as_person("officer").get(f"/reports/{report.pk}/")
    html = page.content.decode()
    assert f'name="v:{ELEMENT}:"' not in html and f'name="s:{ELEMENT}:"' not in html
    assert "Tính từ sổ hộ ngày 31/12/2023" in html and cell_of(page, f"{ELEMENT}:").text.startswith("2")
    assert 'name="v:plan:"' in html


def test_a_reader_sees_it_and_no_number_of_households(as_person: Any, report: Report) -> None:
    html = as_person("leader").get(f"/reports/{report.pk}/").content.decode()
    assert "Tính từ sổ hộ ngày 31/12/2023" in html
    assert "250" not in html


def test_a_window_that_sends_it_anyway_is_told(as_person: Any, report: Report) -> None:
    client = as_person("officer")
    data = posted(client.get(f"/reports/{report.pk}/"))
    page = client.post(f"/reports/{report.pk}/", data | {f"v:{ELEMENT}:": "0,1", "v:houses:": "0"})
    assert page.status_code == 422 and "không nhập tay" in page.content.decode()
    row = ReportedValue.objects.get(report=report, element__code=ELEMENT)
    assert row.number == 2 and ReportedValue.objects.filter(report=report, element__code="houses").exists()
