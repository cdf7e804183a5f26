"""Writes of one report say which version they rest on: stale 412, none 428, `*` whatever stands."""

import pytest

from indicators.models import Report, ReportedValue
from indicators.selectors import versions
from indicators.services import guard, values
from tests.factories.clients import make_caller
from tests.factories.world import World, bring_to, cells, make_world

pytestmark = pytest.mark.django_db
ROADS = [{"element": "roads", "value": "50"}]
# move → the status it starts from, the role that makes it, its body
MOVES = {
    "submit": ("draft", {"role": "commune_officer", "units": ["commune-1"]}, {}),
    "verify": ("submitted", {"role": "sector_verifier", "offices": ["a"]}, {"elements": ["plan"]}),
    "send-back": (
        "submitted",
        {"role": "sector_verifier", "offices": ["a"]},
        {"elements": [{"element": "plan", "reason": "x"}]},
    ),
    "approve": ("verified", {"role": "coordinator"}, {}),
    "reopen": ("approved", {"role": "coordinator"}, {"reason": "x"}),
}


@pytest.fixture
def world() -> World:
    return make_world()


def officer():
    return make_caller("commune_officer", units=["commune-1"])


def state(report: Report) -> tuple:
    row = Report.objects.get(pk=report.pk)
    return row.status, row.lock, row.revision, ReportedValue.objects.filter(report=report).count()


@pytest.mark.parametrize("move", MOVES)
def test_a_move_with_the_tag_just_read_is_made_and_with_an_older_one_refused(world, move):
    status, who, body = MOVES[move]
    report = bring_to(world, status)
    caller = make_caller(**who)
    old = f'"{"0" * 24}.{"1" * 24}"'
    before = state(report)
    assert caller.post(f"reports/{report.pk}/{move}/", body, if_match=None).status_code == 428
    refused = caller.post(f"reports/{report.pk}/{move}/", body, if_match=old)
    assert (refused.status_code, refused["Content-Type"]) == (412, "application/problem+json")
    assert refused.json()["type"] == "urn:mongcai:problem:precondition_failed"
    assert state(report) == before
    read = caller.get(f"reports/{report.pk}/")["ETag"]
    assert caller.post(f"reports/{report.pk}/{move}/", body, if_match=read).status_code == 200
    again = caller.post(f"reports/{report.pk}/{move}/", body, if_match=read)
    assert again.status_code == 412, "the move itself made the tag old"


def test_a_write_rests_on_the_version_that_was_read(world):
    report = bring_to(world, "draft")
    caller, path = officer(), f"reports/{report.pk}/values/"
    missing = caller.put(path, ROADS, if_match=None)
    assert (missing.status_code, missing.json()["status"]) == (428, 428)
    read = caller.get(path)["ETag"]
    written = caller.put(path, ROADS, if_match=read)
    assert written.status_code == 200
    assert caller.put(path, [{"element": "roads", "value": "60"}], if_match=read).status_code == 412
    assert ReportedValue.objects.get(element__code="roads").number == 50
    # The answer of a write serves for the next one.
    assert caller.put(path, [{"element": "roads", "value": "60"}], if_match=written["ETag"]).status_code == 200
    assert caller.put(path, [{"element": "roads", "value": "61"}], if_match="*").status_code == 200


def test_what_a_person_types_meanwhile_makes_the_tag_old(world):
    report = bring_to(world, "draft")
    caller, path = officer(), f"reports/{report.pk}/values/"
    read = caller.get(path)["ETag"]
    values.save_values(
        by=world.people["officer"], report_id=report.pk, cells=cells({("water", ""): "66"}), all_or_none=True
    )
    assert caller.put(path, ROADS, if_match=read).status_code == 412


def test_the_version_is_asked_while_the_report_is_held(world, monkeypatch):
    """Nothing can come between the question and the write: the row is taken before the version is read."""
    report = bring_to(world, "draft")
    caller, order = officer(), []
    read = caller.get(f"reports/{report.pk}/")["ETag"]
    real_hold, real_version = guard.hold, versions.report_version
    monkeypatch.setattr(guard, "hold", lambda one: (order.append("hold"), real_hold(one)))
    monkeypatch.setattr(guard, "report_version", lambda pk: (order.append("version"), real_version(pk))[1])
    assert caller.put(f"reports/{report.pk}/values/", ROADS, if_match=read).status_code == 200
    assert order == ["hold", "version"]


def test_a_tag_between_two_writes_of_one_moment_lets_one_through(world, monkeypatch):
    """Another window writes after this one was let in, before it writes: it finds out."""
    report = bring_to(world, "draft")
    caller, path = officer(), f"reports/{report.pk}/values/"
    read = caller.get(path)["ETag"]
    real = values.read_cells

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(values, "read_cells", real)
        values.save_values(
            by=world.people["officer"], report_id=report.pk, cells=cells({("roads", ""): "70"}), all_or_none=True
        )
        return real(*args, **kwargs)

    monkeypatch.setattr(values, "read_cells", meanwhile)
    assert caller.put(path, ROADS, if_match=read).status_code == 412
    assert ReportedValue.objects.get(element__code="roads").number == 70


def test_who_may_not_is_told_so_whatever_the_tag(world):
    report = bring_to(world, "verified")
    leader = make_caller("leader")
    for tag in ('"x.y"', None):
        assert leader.post(f"reports/{report.pk}/approve/", if_match=tag).status_code == 403
        assert officer().put("reports/999999/values/", ROADS, if_match=tag).status_code == 404


@pytest.mark.parametrize("header", ["x", '"', 'W/"', "*, *", '"a.b" "c.d"'])
def test_a_header_that_cannot_be_read_is_no_version_that_was_seen(world, header):
    report = bring_to(world, "draft")
    assert officer().put(f"reports/{report.pk}/values/", ROADS, if_match=header).status_code == 412
