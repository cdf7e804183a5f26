"""The demonstration register: 39 poor households, none three years later, 57 near poor, and all that led there."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from django.apps import apps

from communes.models import (
    Classification,
    DistrictReport,
    Household,
    HouseholdReview,
    Person,
    Posting,
    PovertyCause,
    PovertyStandard,
    Refusal,
    ReviewDecision,
    ReviewRound,
    Unit,
    VillageMeeting,
)
from communes.models.persons import IDENTITY
from communes.rules.poverty.report_tables import year_days
from communes.scope import scope_of
from communes.selectors.poverty_counts import cohort, poverty_count, poverty_counts
from communes.selectors.poverty_flows import poverty_flows
from communes.selectors.poverty_tables.extent import TableData, extent_of
from communes.selectors.poverty_tables.tables import table_data
from communes.services.counts import prove_counts
from indicators.models import Report, ReportedValue
from mongcai_portal.accounts.models import User
from mongcai_portal.common import ciphers
from mongcai_portal.common.reference import read_yaml
from programmes.selectors.measures import explanation_of, measures_for
from programmes.services.demo.load import DATA
from programmes.services.demo.register import Households, fill_register
from programmes.services.demo.rounds import hold_rounds
from tests.factories.windows import LocalWindow

COUNTRY, OLD, PROVINCE = "central_2022_2025", "central_2016_2020", "quang_ninh_2023_2025"
END_2020, END_2023 = date(2020, 12, 31), date(2023, 12, 31)

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def households() -> Households:
    return Households(read_yaml(DATA / "demo_households.yaml"))


def test_thirty_nine_poor_households_became_none_and_fifty_seven_are_near_poor() -> None:
    assert poverty_count(END_2020, OLD).poor == 39
    assert [poverty_count(date(year, 12, 31), COUNTRY).poor for year in (2021, 2022, 2023)] == [18, 9, 0]
    assert poverty_count(END_2023, COUNTRY).near_poor == 57
    assert (poverty_count(END_2023, PROVINCE).poor, poverty_count(END_2023, PROVINCE).near_poor > 57) == (0, True)


def test_all_of_the_cohort_escaped() -> None:
    found = cohort(END_2020, END_2023, COUNTRY, then=OLD)
    assert (found.poor, found.escaped, found.still_poor, found.undetermined, found.gone) == (39, 39, 0, 0, 0)


def test_every_commune_and_ward_is_in_the_register() -> None:
    units = Unit.objects.on(END_2023).filter(parent_uid="mong-cai")
    counts = poverty_counts(END_2023, COUNTRY)
    assert set(units.values_list("pk", flat=True)) == counts.keys() and len(counts) == 17
    assert all(count.unclassified for count in counts.values())


def test_the_counts_are_what_the_register_comes_to() -> None:
    assert prove_counts()[1] == []


def test_the_flows_add_up_and_have_their_causes() -> None:
    found = poverty_flows(END_2020.replace(year=2022), END_2023, COUNTRY, places=dict.fromkeys(units(), "town"))
    poor, near = found.accounts["town", "poor"], found.accounts["town", "near_poor"]
    assert (poor.opening, poor.closing) == (9, 0) and near.closing == 57
    assert ("near_poor", "near_poor") in found.changes and ("poor", "near_poor") in found.changes


def table_of_causes(username: str, year: int = 2023) -> TableData:
    standard = PovertyStandard.objects.get(code=COUNTRY)
    scope = scope_of(User.objects.get(username=username))
    return table_data(scope, extent_of(standard, year, *year_days(year, END_2023)), 10)


def test_every_poor_and_near_poor_household_of_a_round_has_its_causes() -> None:
    total = table_of_causes("coordinator").lines[-1].cells
    assert (total["near_poor_households"], total["near_poor_open"], total["poor_households"]) == (57, 0, 0)
    numbers = {cause: total[f"near_poor_{cause}"] for cause in PovertyCause.objects.values_list("code", flat=True)}
    assert len(numbers) == 8 and all(isinstance(one, int) and one > 0 for one in numbers.values())
    assert sum(numbers.values()) > 57, "some have more than one"
    kept = HouseholdReview.objects.filter(causes__isnull=False).distinct()
    assert not kept.exclude(results__status__in=["poor", "near_poor"]).exists()
    assert set(kept.values_list("round__illustrative", flat=True)) == {True}


def test_a_leader_is_told_of_no_few_households_by_cause() -> None:
    cells = [cell for line in table_of_causes("leader").lines for cell in line.cells.values()]
    assert not [cell for cell in cells if isinstance(cell, int) and 1 <= cell <= 4]


def units() -> list[int]:
    return list(Unit.objects.values_list("pk", flat=True))


def test_each_result_was_decided_after_meeting_posting_and_the_opinion_of_the_district() -> None:
    rounds = ReviewRound.objects.all()
    assert Counter(rounds.values_list("held_in", flat=True)) == {2021: 11, 2022: 11, 2023: 11}
    assert set(rounds.values_list("status", "kind", "illustrative")) == {("approved", "yearly", True)}
    assert ReviewDecision.objects.count() == 33 and Refusal.objects.count() == 1
    assert not HouseholdReview.objects.filter(finished_at=None).exists()
    for one in ReviewDecision.objects.select_related("round"):
        posted = Posting.objects.filter(round=one.round, counts=True)
        assert posted and all(posting.until < one.decided_on for posting in posted)
        assert VillageMeeting.objects.filter(round=one.round, counts=True).count() == len(posted)
        told = DistrictReport.objects.get(round=one.round)
        assert max(posting.until for posting in posted) < told.sent_on
        assert told.sent_on < told.answered_on < one.decided_on


def test_nobody_and_nothing_of_it_is_real() -> None:
    assert not Household.objects.filter(illustrative=False).exists()
    assert not Person.objects.exclude(name__contains="Minh Họa").exists()
    assert set(Classification.objects.values_list("provenance", flat=True)) == {"illustrative"}
    assert all("(minh họa)" in number for number in ReviewDecision.objects.values_list("number", flat=True))


def test_identity_numbers_are_of_people_yet_to_be_born() -> None:
    ring = ciphers.keyring()
    rows = Person.objects.exclude(identity_index="").values_list("identity_key", "identity_text")
    numbers = [ring.show(key, text, IDENTITY) for key, text in rows]
    assert len(set(numbers)) == len(numbers) > 100 and {number[:4] for number in numbers} == {"0229"}


def test_loading_the_households_again_changes_nothing(households: Households) -> None:
    before = rows()
    users = {user.username: user for user in User.objects.all()}
    places = {unit.uid: unit for unit in Unit.objects.on(END_2023)}
    assert fill_register(households, {uid: unit.kind for uid, unit in places.items()}) == 0
    assert hold_rounds(households, users, places) == 0
    assert rows() == before


def rows() -> dict[str, int]:
    models = [*apps.get_app_config("communes").get_models(), *apps.get_app_config("audit").get_models()]
    return {model._meta.label: model.objects.count() for model in models}


def test_the_headline_is_counted_and_marked_and_the_printed_figure_stands_beside() -> None:
    found = {value.code: value for value in measures_for(END_2023)}
    escaped, near = found["poverty.poor.escaped"], found["poverty.near_poor.count"]
    assert (escaped.numerator, escaped.denominator, escaped.source) == (39, 39, "household_register")
    assert (near.value, near.poverty_standard, near.own_day) == (57, COUNTRY, END_2023)
    assert {value.provenance for value in (escaped, near)} == {"illustrative"}
    assert (near.observed.value, near.observed.poverty_standard, near.differs) == (57, "not_stated", False)
    assert near.target.year == 2024 and near.status == "on_track"


def test_a_leader_sees_no_few_households_of_a_commune() -> None:
    leader = scope_of(User.objects.get(username="leader"))
    found = explanation_of("poverty.near_poor.count", END_2023, scope=leader).households
    assert None in [row.number for row in found.by_unit] and len(found.by_unit) == 17
    exact = explanation_of(
        "poverty.near_poor.count", END_2023, scope=scope_of(User.objects.get(username="coordinator"))
    ).households
    assert sum(row.number for row in exact.by_unit) == 57
    assert sum(row.number for row in exact.by_ethnic_group) == 57
    assert {row.code for row in exact.by_area_type} == {"rural", "urban"}


def test_the_criterion_rests_on_the_register() -> None:
    told = ReportedValue.objects.filter(element__code="multidimensional_poverty_rate_2021_2025")
    assert told.exclude(derived_from="").filter(report__period__code="2023", revision=1).count() == 9
    assert not told.filter(derived_from="").exists()
    assert not Report.objects.filter(pk__in=told.values("report"), illustrative=False).exists()


def test_the_overview_shows_them_with_standard_and_mark() -> None:
    page = LocalWindow("leader").get("/?as_of=2023-12-31").html
    [card] = re.findall(r'<section class="card0 kpi" aria-label="Hộ cận nghèo">.*?</section>', page, re.DOTALL)
    assert "theo Nghị định 07/2021/NĐ-CP" in card and "từ sổ hộ" in card
    assert "trùng số công bố" in card and "minh họa" in card
    why = LocalWindow("leader").get("/measures/poverty.near_poor.count/?as_of=2023-12-31").html
    assert "nguồn không nêu chuẩn nghèo" in why, "the printed figure names no standard"


def test_the_page_of_a_figure_has_its_parts_and_hides_the_few_from_a_leader() -> None:
    address = "/measures/poverty.near_poor.count/?as_of=2023-12-31"
    leader, coordinator = LocalWindow("leader").get(address).html, LocalWindow("coordinator").get(address).html
    assert "Theo xã, phường" in leader and "ít, không nêu số" in leader and "Theo dân tộc của chủ hộ" not in leader
    assert "ít, không nêu số" not in coordinator and "Theo dân tộc của chủ hộ" in coordinator
    assert "Chuẩn nghèo đa chiều của tỉnh Quảng Ninh" in leader
    # Where those who escaped are now would give back what the table of changes leaves out.
    escaped = "/measures/poverty.poor.escaped/?as_of=2023-12-31"
    assert "nay là hộ cận nghèo" in LocalWindow("coordinator").get(escaped).html
    page = LocalWindow("leader").get(escaped).html
    assert "nay là hộ cận nghèo" not in page and "39" in page


def test_the_api_tells_the_same_with_its_day_and_standard() -> None:
    answer = LocalWindow("leader").client.get("/api/v1/measures/poverty.near_poor.count/", {"as_of": "2024-03-01"})
    row = answer.json()
    assert (row["value"], row["poverty_standard"], row["source"], row["source_as_of"], row["provenance"]) == (
        "57", COUNTRY, "household_register", "2023-12-31", "illustrative",
    )  # fmt: skip
    answer = LocalWindow("leader").client.get(
        "/api/v1/measures/poverty.near_poor.count/explanation/", {"as_of": "2023-12-31"}
    )
    found = answer.json()["households"]
    assert {part["code"]: part["number"] for part in found["by_unit"]}["hai-son"] is None
    assert found["by_standard"] == [
        {"code": PROVINCE, "name": found["by_standard"][0]["name"], "number": 76, "of": 5299}
    ]
