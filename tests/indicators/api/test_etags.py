"""What reads are known by: 304 to who has them already, and a version for the next write."""

import pytest

from mongcai_portal.common.api.etags import holds, tags_in
from tests.factories.clients import make_caller
from tests.factories.world import World, bring_to, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=2)


def ask(caller, path, **headers):
    return caller.client.get(f"/api/v1/{path}", headers=headers)


def test_who_has_it_already_is_sent_nothing(world):
    caller = make_caller("leader")
    first = ask(caller, "units/")
    again = ask(caller, "units/", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert ask(caller, "units/", **{"If-None-Match": f'"x", W/{first["ETag"]}'}).status_code == 304
    assert ask(caller, "units/", **{"If-None-Match": '"x"'}).content == first.content


def test_an_answer_is_one_callers_and_one_languages(world):
    answer = ask(make_caller("leader"), "units/")
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Authorization", "Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))


def test_languages_scopes_and_pages_have_tags_of_their_own(world):
    leader, officer = make_caller("leader"), make_caller("commune_officer", units=["commune-1"])
    tags = {
        ask(leader, "units/")["ETag"],
        ask(leader, "units/", **{"Accept-Language": "en"})["ETag"],
        ask(leader, "units/?page_size=1")["ETag"],
        ask(officer, "units/")["ETag"],
    }
    assert len(tags) == 4


def test_a_refusal_has_no_tag(world):
    answer = ask(make_caller("leader"), "units/?x=1")
    assert answer.status_code == 400 and "ETag" not in answer


def test_a_report_and_its_values_carry_the_version_of_one_state(world):
    report = bring_to(world, "draft")
    officer = make_caller("commune_officer", units=["commune-1"])
    detail, values = (ask(officer, f"reports/{report.pk}/{part}")["ETag"] for part in ("", "values/"))
    versions = {tags_in(tag)[0].partition(".")[0] for tag in (detail, values)}
    assert len(versions) == 1 and detail != values
    officer.put(f"reports/{report.pk}/values/", [{"element": "roads", "value": "12.5"}])
    after = ask(officer, f"reports/{report.pk}/", **{"If-None-Match": detail})
    assert after.status_code == 200
    assert not holds(detail, tags_in(after["ETag"])[0].partition(".")[0])


def test_a_moves_answer_carries_the_version_it_made(world):
    report = bring_to(world, "draft")
    officer = make_caller("commune_officer", units=["commune-1"])
    moved = officer.post(f"reports/{report.pk}/submit/")
    assert moved.status_code == 200
    assert ask(officer, f"reports/{report.pk}/")["ETag"] == moved["ETag"]
