"""Measures as other systems read them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import UnitGroupMember
from mongcai_portal.common.stamped import watched_tables
from programmes.selectors.measures import area_figures
from tests.factories.board import Board, board
from tests.factories.clients import make_caller, pointers
from tests.factories.world import make_communes

pytestmark = pytest.mark.django_db
END = "2023-12-31"
SHAPE = {
    "code", "label", "unit", "unit_label", "direction", "as_of", "area", "group", "numerator", "denominator", "value",
    "baseline", "target", "status", "provenance", "computed_at", "data_up_to", "explanation_url",
}  # fmt: skip


@pytest.fixture
def town() -> Board:
    town = board()
    first, second, *_ = town.communes
    town.recognise(first, "advanced", date(2022, 5, 1))
    town.recognise(second, "standard", date(2021, 5, 1))
    town.report(town.communes[:3], "2023", {"standard": "met"})
    town.aim("ntm.recognised.advanced", 2025, "60")
    town.observe("poverty.poor.count", date(2023, 12, 31), "0")
    return town


def by_code(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return {row["code"]: row for row in answer.json()["results"]}


def test_a_ratio_has_the_one_shape_of_measures(town):
    row = by_code(make_caller("leader").get("measures/", as_of=END))["ntm.recognised.advanced"]
    assert SHAPE <= set(row)
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 5, "20.0")
    assert (row["unit"], row["unit_label"], row["direction"]) == ("percent", "%", "up")
    assert (row["as_of"], row["area"], row["group"]) == (END, "mong-cai", "ntm_assessed")
    assert row["target"] == {"year": 2025, "value": "60.0"}
    assert row["explanation_url"] == f"/api/v1/measures/ntm.recognised.advanced/explanation/?as_of={END}"


def test_a_zero_is_a_zero_and_nothing_known_is_null(town):
    rows = by_code(make_caller("leader").get("measures/", as_of=END))
    zero, unknown, none_of_five = (
        rows[code] for code in ("poverty.poor.count", "value_chains.count", "ntm.recognised.model")
    )
    assert (zero["value"], zero["numerator"], zero["denominator"]) == ("0", None, None)
    assert (unknown["value"], unknown["status"], unknown["reason"]) == (None, "no_data", "not_entered")
    assert (none_of_five["value"], none_of_five["numerator"], none_of_five["denominator"]) == ("0", 0, 5)


def test_recognised_and_attained_are_told_side_by_side(town):
    rows = by_code(make_caller("leader").get("measures/", as_of=END))
    assert (rows["ntm.recognised.standard"]["numerator"], rows["ntm.attained.standard"]["numerator"]) == (2, 3)


def test_a_measure_is_asked_for_by_its_code(town):
    caller = make_caller("leader")
    rows = by_code(caller.get("measures/", as_of=END, code="poverty.poor.count,ntm.recognised.standard"))
    assert set(rows) == {"poverty.poor.count", "ntm.recognised.standard"}
    assert caller.get("measures/ntm.recognised.standard/", as_of=END).json() == rows["ntm.recognised.standard"]
    assert caller.get("measures/ntm.recognised.gold/", as_of=END).status_code == 404


def test_measures_are_read_as_of_a_day(town):
    caller = make_caller("leader")
    assert caller.get("measures/ntm.recognised.standard/", as_of="2021-12-31").json()["numerator"] == 1
    assert caller.get("measures/ntm.recognised.standard/", as_of=END).json()["numerator"] == 2


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ({"as_of": "2023"}, {"/as_of": "not_a_date"}),
        ({"unit": "atlantis"}, {"/unit": "invalid_choice"}),
        ({"group": "x"}, {"/group": "invalid_choice"}),
        ({"code": "a.b"}, {"/code": "invalid_choice"}),
        ({"codes": "x"}, {"/codes": "unknown_parameter"}),
    ],
)
def test_faulty_parameters_are_named(town, query, faults):
    answer = make_caller("leader").get("measures/", **query)
    assert answer.status_code == 400
    assert pointers(answer) == faults


def test_a_list_of_measures_is_paged_like_any_other(town):
    caller = make_caller("leader")
    everything = list(by_code(caller.get("measures/", as_of=END)))
    seen, page = [], caller.get("measures/", as_of=END, page_size=4)
    while True:
        seen += list(by_code(page))
        if page.json()["next"] is None:
            break
        page = caller.client.get(page.json()["next"])
    assert seen == everything
    back = caller.client.get(page.json()["previous"])
    assert list(by_code(back)) == everything[len(everything) - len(by_code(page)) - 4 : -len(by_code(page))]


def test_an_explanation_lists_the_denominator_member_by_member(town):
    found = make_caller("leader").get("measures/ntm.recognised.standard/explanation/", as_of=END).json()
    assert found["measure"]["numerator"] == 2
    assert found["group"]["code"] == "ntm_assessed"
    assert [m["counts"] for m in found["members"]].count(True) == 2
    assert len(found["members"]) == 5
    counted = next(m for m in found["members"] if m["unit"] == town.communes[0].uid)
    assert [r["level"] for r in counted["recognitions"]] == ["advanced"]
    assert counted["attainment"]["outcome"] == "met"
    assert found["rule"]


def test_an_officers_client_sees_the_figure_but_only_its_own_commune_behind_it(town):
    uid = town.communes[1].uid
    caller = make_caller("commune_officer", units=[uid])
    found = caller.get("measures/ntm.recognised.standard/explanation/", as_of=END).json()
    assert found["measure"]["denominator"] == 5
    assert [m["unit"] for m in found["members"]] == [uid]
    assert found["hidden"] == 4


def test_printed_figures_come_with_their_source(town):
    found = make_caller("leader").get("measures/poverty.poor.count/explanation/", as_of=END).json()
    (observation,) = found["observations"]
    assert (observation["value"], observation["as_of"]) == ("0", END)
    assert observation["source"]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("measures/", 13),
        ("measures/ntm.recognised.standard/", 12),
        ("measures/ntm.attained.standard/explanation/", 13),
    ],
)
def test_measures_cost_the_same_with_more_communes(town, path, count, django_assert_max_num_queries):
    caller = make_caller("leader")
    with CaptureQueriesContext(connection) as few:
        caller.get(path, as_of=END)
    assert len(few) <= count
    units = make_communes(town.town, 20, start=50)
    UnitGroupMember.objects.bulk_create(UnitGroupMember(group=town.groups["ntm_assessed"], unit=u) for u in units)
    town.report(units, "2023", {"standard": "not_met"})
    with django_assert_max_num_queries(count):
        caller.get(path, as_of=END)


def test_the_list_is_computed_once_and_anew_as_soon_as_anything_changes(town):
    caller = make_caller("leader")

    def ask():
        with CaptureQueriesContext(connection) as asked:
            rows = by_code(caller.get("measures/", as_of=END))
        return rows["ntm.recognised.standard"]["numerator"], len(asked)

    ask()
    recognised, queries = ask()
    assert recognised == 2 and queries <= 6
    town.recognise(town.communes[2], "standard", date(2022, 6, 1))
    recognised, queries = ask()
    assert recognised == 3 and queries > 6


def test_every_table_that_the_list_reads_is_watched(town):
    with CaptureQueriesContext(connection) as asked:
        area_figures(date(2023, 12, 31), "mong-cai", group=None, seen=frozenset())
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert len(read) > 10 and read <= watched_tables()


def test_what_is_kept_for_one_reader_is_not_told_to_another(town):
    own, other = (unit.uid for unit in town.communes[:2])
    leader, officer = make_caller("leader"), make_caller("commune_officer", units=[own])
    assert leader.get("measures/", as_of=END, unit=other).status_code == 200
    assert officer.get("measures/", as_of=END, unit=other).status_code == 400
    assert officer.get("measures/", as_of=END, unit=own).status_code == 200
