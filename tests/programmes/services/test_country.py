"""A synthetic province: complete, marked, repeatable, and without a trace in the town's own figures."""

from __future__ import annotations

from datetime import date

import pytest

from communes.models import UnitVersion
from communes.services.units import load_units
from indicators.models import Attainment, Report, ReportedValue
from indicators.services.recheck import recheck
from mongcai_portal.common.errors import Invalid
from programmes.selectors.measures import values_in
from programmes.selectors.world import load_world
from programmes.services.country import PREFIX, PROVINCE, make_country
from tests.factories.demo import demonstration

pytestmark = pytest.mark.django_db

DAY = date(2023, 12, 31)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, built):
    with django_db_blocker.unblock(), demonstration(built):
        yield


def figures(area: str | None = None):
    return {
        value.code: (value.numerator, value.denominator, value.value)
        for value in values_in(load_world(DAY, area) if area else load_world(DAY))
    }


def test_it_is_refused_without_a_demonstration_to_copy():
    load_units(by=None)
    with pytest.raises(Invalid) as refused:
        make_country(communes=3, by=None)
    assert [fault.code for fault in refused.value.faults] == ["no_demonstration"]
    assert not UnitVersion.objects.filter(unit__uid=PROVINCE).exists()


@pytest.mark.parametrize("communes", [0, -1, 5001])
def test_a_number_out_of_bounds_is_refused(demo, communes):
    with pytest.raises(Invalid) as refused:
        make_country(communes=communes, by=None)
    assert [fault.code for fault in refused.value.faults] == ["out_of_bounds"]


def test_every_commune_reports_and_is_judged_as_the_demonstration_is(demo):
    before = figures()
    done = make_country(communes=12, by=None)
    own = Report.objects.filter(unit__uid__startswith=PREFIX)
    assert (done.communes, done.reports, own.count()) == (12, 36, 36)
    assert own.filter(illustrative=True, status="approved").count() == 36
    assert Attainment.objects.filter(unit__uid__startswith=PREFIX).values("unit", "period").distinct().count() == 36
    sample = Report.objects.filter(illustrative=True).exclude(unit__uid__startswith=PREFIX).first()
    copy = own.filter(period=sample.period).first()
    assert ReportedValue.objects.filter(report=copy).count() == ReportedValue.objects.filter(report=sample).count()
    assert set(UnitVersion.objects.filter(unit__uid__startswith=PREFIX).values_list("provenance", flat=True)) == {
        "illustrative"
    }
    assert recheck() == []
    assert figures() == before
    assert figures(PROVINCE)["ntm.recognised.standard"][:2] == (12, 12)


def test_asking_again_makes_nothing_and_more_makes_the_rest(demo):
    make_country(communes=2, by=None)
    again = make_country(communes=2, by=None)
    assert (again.communes, again.reports, again.recognitions, again.evaluated) == (0, 0, 0, 0)
    more = make_country(communes=3, by=None)
    assert (more.communes, more.reports) == (1, 3)
    with pytest.raises(Invalid) as refused:
        make_country(communes=2, by=None)
    assert [fault.code for fault in refused.value.faults] == ["fewer_than_stored"]


def test_loading_the_units_again_leaves_its_group_members(demo):
    make_country(communes=2, by=None)
    load_units(by=None)
    assert figures(PROVINCE)["ntm.recognised.standard"][1] == 2
