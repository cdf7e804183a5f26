"""What a commune's page says of its poor households: to whom, how much, and what is open."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Classification, CountedVillage, Household, PovertyStandard, ReviewRound, Unit, Village
from communes.scope import scope_of
from communes.selectors.poverty_published import published_counts
from communes.services.counts import count_villages
from mongcai_portal.accounts.models import User
from programmes.selectors.measures import measures_for
from programmes.selectors.unit_households import unit_households as households_of
from programmes.views.unit_part import unit_households
from tests.factories.board import Board, board, person
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_village
from tests.factories.reviews import Commune, bring_to, make_commune, on
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db

BEFORE, END = date(2022, 12, 31), date(2023, 12, 31)
TODAY = date(2024, 7, 1)
PAGE = "/units/xa-1/?as_of=2023-12-31"
OTHER = "/units/xa-2/?as_of=2023-12-31"


def households(unit: Unit, standard: PovertyStandard, *, others: int = 20, **statuses: int) -> None:
    village = make_village(unit, f"thon-{unit.uid}")
    names = [status for status, number in statuses.items() for _ in range(number)]
    for at, status in enumerate([*names, *[""] * others]):
        made = make_household(village, f"{unit.uid}-{at}", valid_from=date(2020, 1, 1))
        if status:
            make_classification(made, standard, status=status)


def recount() -> None:
    count_villages(list(Village.objects.values_list("pk", flat=True)))


def leaves(unit: Unit, standard: PovertyStandard, number: int) -> None:
    """So many poor households of a unit are not poor since June 2023."""
    for household in Household.objects.filter(code__in=[f"{unit.uid}-{at}" for at in range(number)]):
        make_classification(household, standard, valid_from=date(2023, 6, 1), status="not_poor")


@pytest.fixture
def standard() -> PovertyStandard:
    made = make_standard(name_vi="Chuẩn cả nước", decision="07/2021/NĐ-CP")
    for year in (2022, 2023, 2024):
        made.years.create(effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="sourced")
    return made


@pytest.fixture
def town(standard: PovertyStandard) -> Board:
    """Three poor in the first commune, many in the others; in 2023 five of the second's thirteen poor escape."""
    town = board(3)
    households(town.communes[0], standard, poor=3, near_poor=8)
    households(town.communes[1], standard, poor=13, near_poor=9)
    households(town.communes[2], standard, poor=7, near_poor=6)
    leaves(town.communes[1], standard, 5)
    recount()
    return town


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def leader(town: Board) -> Client:
    return client_of(person("lanh-dao", "leader"))


def markup(client: Client, path: str = PAGE) -> str:
    (found,) = re.findall(
        r'<section class="card0" id="households">.*?</section>', client.get(path).content.decode(), re.DOTALL
    )
    return found


def section(client: Client, path: str = PAGE) -> str:
    """The section as it is read, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup(client, path)).split())


def test_who_looks_after_the_households_reads_counts_rates_and_the_change(town: Board) -> None:
    told = section(client_of(person("dieu-phoi", "coordinator")), OTHER)
    assert "Chuẩn cả nước 07/2021/NĐ-CP Hộ nghèo 8 19,0% ▼ 5 so với 31/12/2022 khi đó 31,0%" in told
    assert "Hộ cận nghèo 9 21,4% Không đổi so với 31/12/2022" in told
    assert "ít, không nêu số" not in told


def test_few_households_are_told_to_nobody_outside(town: Board, leader: Client) -> None:
    told = section(leader)
    assert "Hộ nghèo – ít, không nêu số – –" in told and "Số từ 1 đến 4 hộ" in told
    assert not re.search(r"Hộ nghèo \d", told)
    officer = client_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    assert "Hộ nghèo 3 9,7%" in section(officer)


def test_an_earlier_number_of_few_households_is_not_told_by_its_change(
    town: Board, standard: PovertyStandard, leader: Client
) -> None:
    for at in range(31, 38):
        made = make_household(Village.objects.get(code="thon-xa-1"), f"xa-1-{at}", valid_from=date(2020, 1, 1))
        make_classification(made, standard, valid_from=date(2023, 6, 1))
    recount()
    told = section(leader)
    assert "Hộ nghèo 10 26,3% – " in told and "khi đó" not in told.split("Hộ cận nghèo")[0]


@pytest.mark.parametrize("reader", ["leader", "coordinator", "commune_officer"])
def test_every_number_is_a_cell_of_the_published_tables_and_of_the_measures(
    town: Board, standard: PovertyStandard, reader: str
) -> None:
    """So taking rows of two standards or years off one another gives what those tables give, and nothing besides."""
    own = make_standard("own", area=town.town)
    own.years.create(effective_year=2023, round_held=2022, provenance="sourced", round_provenance="sourced")
    for at in range(5):
        make_classification(Household.objects.get(code=f"xa-1-{at}"), own, status="poor")
        make_classification(Household.objects.get(code=f"xa-3-{at}"), own, status="near_poor")
    recount()
    user = person("nguoi-doc", reader, unit=town.communes[0] if reader == "commune_officer" else None)
    scope, hidden = scope_of(user), 0
    tables = {code: published_counts(scope, code, (2022, 2023), today=TODAY) for code in ("standard", "own")}
    for unit in town.communes:
        found = households_of(scope, unit, END, today=TODAY)
        assert found is not None and [one.now.standard.code for one in found.standards] == ["standard", "own"]
        values = {one.code: one for one in measures_for(END, unit.uid, scope=scope)}
        for one in found.standards:
            for counted in one.classes:
                now, before = (tables[one.now.standard.code][year] for year in (2023, 2022))
                assert counted.number == now[unit.pk, counted.status]
                assert counted.before == before[unit.pk, counted.status]
                hidden += counted.number is None
                if one.now.standard.code == "standard":
                    assert counted.number == values[f"poverty.{counted.status}.count"].value
    assert bool(hidden) == (reader == "leader"), "the officer of the few looks after them"


def test_a_day_within_a_year_is_told_the_last_published_one(town: Board, leader: Client) -> None:
    told = section(leader, "/units/xa-2/?as_of=2023-06-30")
    assert "ngày 31/12/2022" in told and "Hộ nghèo 13" in told
    assert "chỉ nêu của ngày cuối năm và hôm nay" in told
    assert "ngày 31/12/2021 chưa đếm theo chuẩn này" in told


def test_without_a_count_the_page_says_that_nothing_is_known(leader: Client, town: Board) -> None:
    told = section(leader, "/units/xa-1/?as_of=2021-12-31")
    assert "sổ hộ chưa phân loại hộ nào ở đây: chưa có số đếm, không phải là không có hộ nghèo" in told
    assert "<table" not in markup(leader, "/units/xa-1/?as_of=2021-12-31")


def test_the_mark_of_the_classifications_and_a_count_under_way_are_shown(town: Board, leader: Client) -> None:
    assert "minh họa" not in section(leader)
    Classification.objects.filter(household__code="xa-2-0").update(provenance="illustrative")
    CountedVillage.objects.filter(village__code="thon-xa-1").update(stale_since=timezone.now())
    assert "minh họa" in section(leader)
    assert "đang đếm lại" in section(leader), "what has changed may be of a year past"
    with on(TODAY):
        now = client_of(User.objects.get(username="lanh-dao"))
        assert "đang đếm lại" in section(now, "/units/xa-1/?as_of=2024-07-01")
        assert "đang đếm lại" not in section(now, "/units/xa-2/?as_of=2024-07-01")


def test_links_lead_to_the_register_for_those_alone_who_may_open_it(town: Board, leader: Client) -> None:
    officer = client_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    own, outside = markup(officer), markup(leader)
    assert 'href="/households/?unit=xa-1"' in own and "/households/?unit" not in outside
    assert "/households/flows/?unit=xa-1&amp;standard=standard&amp;from=2022-12-31&amp;to=2023-12-31" in own
    assert "/households/tables/?unit=xa-1" in own
    assert "unit=xa-1" not in outside.partition("no-print")[2] and 'href="/households/tables/"' in outside
    for client, page in ((officer, own), (leader, outside)):
        for url in re.findall(r'href="([^"]+)"', page):
            assert client.get(url.replace("&amp;", "&")).status_code == 200
    chosen = officer.get("/households/tables/?unit=xa-1").context["form"]
    assert chosen["unit"].value() == "xa-1"
    assert leader.get("/households/tables/?unit=xa-1").context["form"]["unit"].value() == ""


def test_who_sees_no_counts_and_a_unit_that_has_no_villages_have_no_section(town: Board, rf: RequestFactory) -> None:
    request: Any = rf.get(PAGE)
    request.user = person("lanh-dao", "leader")
    assert unit_households(request, unit=town.communes[0], day=END) is not None
    assert unit_households(request, unit=town.town, day=END) is None
    request.user = User.objects.create_user("nguoi-la")
    assert unit_households(request, unit=town.communes[0], day=END) is None


def test_an_open_round_is_shown_with_state_and_deadline_to_who_may_see_it() -> None:
    with on(date(2023, 12, 1)):
        commune: Commune = make_commune()
        round_ = bring_to(commune, "opened")
        page = "/units/hai-son/"
        told, outside = section(client_of(commune.officer), page), section(client_of(commune.leader), page)
        assert "Rà soát định kỳ năm 2023 đang rà soát hạn của đợt: hết ngày 14/12/2023 · còn 13 ngày" in told
        assert f'href="/households/reviews/{round_.pk}/"' in markup(client_of(commune.officer), page)
        assert "rà soát định kỳ" not in outside.lower() and "đợt rà soát" not in outside
        ReviewRound.objects.filter(pk=round_.pk).update(status="approved")
        assert "Hôm nay không có đợt rà soát nào đang mở." in section(client_of(commune.officer), page)


def test_the_page_costs_the_same_with_few_households_and_with_many(town: Board, standard: PovertyStandard) -> None:
    client = client_of(person("dieu-phoi", "coordinator"))

    def asked() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    few = asked()
    village = make_village(town.communes[0], "thon-moi")
    for at in range(12):
        make_classification(make_household(village, f"moi-{at}", valid_from=date(2020, 1, 1)), standard)
    recount()
    assert asked() == few


def test_the_section_asks_ten_queries_at_most(town: Board, django_assert_max_num_queries: Any) -> None:
    scope = scope_of(person("dieu-phoi", "coordinator"))
    with django_assert_max_num_queries(10):
        households_of(scope, town.communes[0], TODAY, today=TODAY)
