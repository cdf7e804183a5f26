"""Rows of a report's form filled into their looks are the rows that the template draws one by one."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from indicators.models import Period, Report
from indicators.presenters import entry_rows
from indicators.presenters.entry_rows import drawn_rows
from indicators.presenters.evidence import limits
from indicators.presenters.report_views import RowView
from indicators.presenters.reports import sections_of
from indicators.selectors.entry import report_state
from indicators.services import values, verification
from tests.factories.world import bring_to, make_report, make_world

pytestmark = pytest.mark.django_db
HOSTILE = """<b onclick="x">%(token0)s 100% & {{ row }} 'đ' \ue000lines\ue001"""


@pytest.fixture
def world():
    return make_world()


def rows_of(report: Report) -> list[RowView]:
    report = Report.objects.get(pk=report.pk)
    return [row for section in sections_of(report_state(report)) for row in section.rows]


def plainly(rows: list[RowView], report: Report, *, editable: bool) -> str:
    context = {"report": report, "editable": editable, **limits()}
    return "\n".join(render_to_string(entry_rows.TEMPLATE, {"row": row, **context}).strip("\n") for row in rows)


def save(world, report, element, **given):
    cell = values.CellInput(**{"element": element, "part": "", "raw": "", "language": "plain", **given})
    result = values.save_values(by=world.people["officer"], report_id=report.pk, cells=[cell], all_or_none=True)
    assert not result.faults


def _stages(world):
    """A report as it goes its way: each yields another set of looks."""
    earlier = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=earlier))
    report = make_report(world)
    yield "empty", report
    bring_to(world, "draft", report=report)
    yield "filled", report
    save(world, report, "roads", raw="0", note=HOSTILE)
    save(world, report, "houses", state="no_data", reason=HOSTILE)
    yield "explained", report
    bring_to(world, "submitted", report=report, changes={("roads", ""): "12.5"})
    yield "submitted", report
    verification.send_back(by=world.people["verifier_all"], report_id=report.pk, returns={"roads": HOSTILE})
    yield "returned", report
    bring_to(world, "verified", report=report, changes={("roads", ""): "13.5"})
    yield "verified", report


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("editable", [True, False], ids=["form", "read"])
def test_rows_are_what_the_template_draws_at_every_stage(world, language, editable):
    seen = set()
    for stage, report in _stages(world):
        with translation.override(language):
            rows = rows_of(report)
            expected = plainly(rows, report, editable=editable)
            for _again in range(2):
                assert str(drawn_rows(rows, report, editable=editable)) == expected, stage
        seen.add(expected)
    assert len(seen) == 6, "each stage looks different"


def test_another_text_needs_no_other_look(world):
    report, other = make_report(world), make_report(world, world.communes[1])
    bring_to(world, "draft", report=report)
    drawn_rows(rows_of(report), report, editable=True)
    before = entry_rows._stencil.cache_info().misses
    for number in count(1):
        save(world, report, "roads", raw=f"{number}.5", note=f"lần {number}")
        drawn = drawn_rows(rows_of(report), report, editable=True)
        assert f"lần {number}<" in drawn and f'value="{number},5"' in drawn
        if number == 3:
            break
    assert entry_rows._stencil.cache_info().misses == before + 1, "a note came once, and with it one look"
    assert f"/reports/{other.pk}/" in drawn_rows(rows_of(other), other, editable=True)


def test_no_look_is_kept_beyond_the_limit_of_a_file(world, settings):
    report = make_report(world)
    first = drawn_rows(rows_of(report), report, editable=True)
    settings.EVIDENCE_MAX_FILES = 77
    second = drawn_rows(rows_of(report), report, editable=True)
    assert "77" in second and "77 tệp" not in first
