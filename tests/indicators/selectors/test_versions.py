"""A report's version changes with everything that a writer could overwrite."""

import pytest

from indicators.models import Report
from indicators.selectors.versions import report_version
from indicators.services import reports
from indicators.services.values import CellInput, save_values
from tests.factories.world import bring_to, fresh, make_world

pytestmark = pytest.mark.django_db


def type_roads(world, report, value):
    cells = [CellInput("roads", raw=value, language="plain")]
    save_values(by=fresh(world.people["officer"]), report_id=report.pk, cells=cells, all_or_none=True)


def test_every_save_and_every_move_is_another_version():
    world = make_world()
    report = bring_to(world, "draft")
    seen = [report_version(report.pk)]
    for value in ("12", "13", "12"):
        type_roads(world, report, value)
        seen.append(report_version(report.pk))
    reports.submit(by=fresh(world.people["officer"]), report_id=report.pk)
    seen.append(report_version(report.pk))
    assert len(set(seen)) == len(seen)


def test_a_save_that_changes_nothing_is_the_same_version(django_assert_num_queries):
    world = make_world()
    report = bring_to(world, "draft")
    type_roads(world, report, "12")
    before = report_version(report.pk)
    type_roads(world, report, "12")
    with django_assert_num_queries(1):
        assert report_version(report.pk) == before


def test_there_is_no_version_of_what_is_not_there():
    with pytest.raises(Report.DoesNotExist):
        report_version(404)
