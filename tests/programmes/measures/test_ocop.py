"""OCOP products as a measure: counted from the register and explained product by product, printed before it begins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.scope import NOBODY, Scope, scope_of
from programmes.measures.explained import Explanation
from programmes.measures.values import MeasureValue
from programmes.presenters.cards import kpi
from programmes.presenters.measure import MeasurePage, page
from programmes.selectors.measures import explanation_of, measure_in, measures_for
from programmes.selectors.world import load_world
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_certificate, make_producer, make_product

pytestmark = pytest.mark.django_db

CODE = "ocop.recognised.count"
BASE, END = date(2020, 12, 31), date(2023, 12, 31)


@pytest.fixture
def town() -> Board:
    """Three alive at the end of 2020: one lapses, one is renewed, one raised. Two new ones by the end of 2023."""
    town = board(2)
    first, second = town.communes
    make_certificate(make_product(first, "Lỡ hạn"), date(2020, 6, 1))
    renewed, raised = make_product(first, "Cấp lại"), make_product(second, "Nâng hạng")
    make_certificate(renewed, date(2020, 6, 1))
    make_certificate(renewed, date(2023, 5, 20))
    make_certificate(raised, date(2020, 6, 1))
    make_certificate(raised, date(2022, 5, 20), 4)
    make_certificate(make_product(second, "Mới một"), date(2021, 6, 1))
    make_certificate(make_product(second, "Mới hai"), date(2023, 12, 31))
    return town


def of(day: date = END, **more: object) -> MeasureValue:
    return next(value for value in measures_for(day, **more) if value.code == CODE)


def explained(day: date = END, **more: object) -> Explanation:
    return explanation_of(CODE, day, **more)


def shown(found: Explanation | None = None, scope: Scope = NOBODY) -> MeasurePage:
    world = load_world(END)
    return page(found or explained(), measure_in(world, CODE), world, scope)


def test_the_register_counts_with_its_baseline_and_change(town: Board) -> None:
    value = of()
    assert (value.value, value.source, value.own_day, value.provenance) == (4, "ocop_register", END, "sourced")
    assert (value.baseline.as_of, value.baseline.value) == (BASE, 3)
    assert (value.change.since, value.change.amount) == (BASE, 1)
    assert [(point.as_of.year, int(point.value)) for point in value.history] == [
        (2020, 3),
        (2021, 4),
        (2022, 4),
        (2023, 4),
    ]
    assert (value.ocop.by_stars, value.ocop.ever) == (((4, 1), (3, 3)), 5)


def test_every_product_says_whether_and_why_it_counts(town: Board) -> None:
    found = {one.name: one for one in explained().products}
    assert [name for name, one in found.items() if one.counts] == ["Cấp lại", "Mới hai", "Mới một", "Nâng hạng"]
    lapsed, raised, new = found["Lỡ hạn"], found["Nâng hạng"], found["Mới hai"]
    assert (lapsed.state, lapsed.counted_before, lapsed.last_day) == ("expired", True, date(2023, 6, 1))
    assert (raised.event, raised.certificate.stars, raised.counted_before) == ("upgrade", 4, True)
    assert (new.event, new.counted_before, [place.uid for place in new.places]) == ("first", False, ["xa-2"])


def test_the_page_tells_the_steps_from_the_baseline(town: Board) -> None:
    products = shown().products
    assert [number for _label, number in products.steps] == ["3", "−1", "+2", "4"]
    assert (products.counted, len(products.lines), products.before) == (4, 5, "31/12/2020")


def test_what_a_source_printed_of_the_day_stands_beside_it(town: Board) -> None:
    town.observe(CODE, END, "4")
    assert (of().value, of().observed.value, of().differs) == (4, 4, False)
    assert shown().products.beside == "trùng số công bố"


def test_another_figure_that_a_source_printed_of_the_day_is_told(town: Board) -> None:
    town.observe(CODE, END, "29")
    assert of().differs and "29" in shown().products.beside


def test_an_older_printed_figure_is_told_with_its_day(town: Board) -> None:
    town.observe(CODE, BASE, "20")
    assert not of().differs
    assert shown().products.beside == "số công bố ngày 31/12/2020: 20"
    assert of().baseline.value == 3  # what the register knows, it counts


def test_before_the_registers_first_decision_the_printed_figure_stands() -> None:
    town = board(1)
    town.observe(CODE, BASE, "20")
    town.observe(CODE, END, "29")
    assert (of().value, of().source, of().baseline.value) == (29, "review", 20)
    make_certificate(make_product(town.communes[0]), date(2023, 6, 1))
    value = of()
    assert (value.value, value.baseline.value, value.differs) == (1, 20, True)
    assert of(date(2022, 1, 1)).source == "review"
    assert explained().products[0].counted_before is None
    assert shown().products.steps == ()


def test_a_commune_has_its_own_count_and_a_group_none(town: Board) -> None:
    assert (of(area="xa-1").value, of(area="xa-2").value) == (1, 3)
    assert CODE not in {value.code for value in measures_for(END, group="ntm_upgrade")}


def test_an_illustrative_decision_marks_the_count(town: Board) -> None:
    make_certificate(make_product(town.communes[0], "Minh họa"), date(2023, 1, 1), provenance="illustrative")
    value = of()
    assert (value.provenance, value.marks.illustrative) == ("illustrative", True)
    shown = kpi(load_world(END), value)
    assert (shown.counted, shown.provenance, shown.own_date) == ("từ sổ OCOP", "", "")


def test_products_that_the_reader_may_not_see_are_counted_and_not_named(town: Board) -> None:
    officer = scope_of(person("can-bo", "commune_officer", unit=town.communes[0]))
    found = explained(scope=officer)
    assert {one.name for one in found.products} == {"Lỡ hạn", "Cấp lại"}
    assert (found.hidden, found.value.value) == (3, 4)
    told = shown(found, scope=officer)
    assert "3 sản phẩm khác" in told.hidden and told.products.steps == ()


def test_the_count_goes_on_over_a_merger(town: Board) -> None:
    heir = Unit.objects.create(uid="xa-moi")
    UnitVersion.objects.create(
        unit=heir, name_vi="Xã Mới", name_en="New", kind="commune", parent=town.town, search_key="moi", sort_key="moi",
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    for unit in town.communes:
        UnitVersion.objects.filter(unit=unit).update(valid_to=END)
        UnitSuccession.objects.create(
            predecessor=unit, successor=heir, effective_on=date(2024, 1, 1), kind="merge", provenance="sourced"
        )
    day = date(2024, 1, 2)
    assert (of(day).value, of(day, area="xa-moi").value) == (4, 4)


def test_the_world_costs_one_query_more_whatever_the_number_of_products(town: Board) -> None:
    counts = []
    for start in (0, 10):
        owner = make_producer(town.communes[0], f"HTX {start}")
        for at in range(start, start + 5):
            make_certificate(make_product(town.communes[0], f"Thêm {at}", producer=owner), date(2023, 5, 1))
        with CaptureQueriesContext(connection) as found:
            load_world(END)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert of().value == Decimal(14)
