"""The database keeps the promise of norms: one that holds in each place, and a source behind each entered by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from indicators.models import Norm, NormDocument, NormEntry
from tests.factories.norms import enter, scan, version_of
from tests.factories.world import World, make_world
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def norm(**over: Any) -> Norm:
    return Norm.objects.create(
        **{"version": version_of("1.2"), "decision": "x", "provenance": "sourced", "number": 1, **over}
    )


@pytest.mark.parametrize("year", [None, 2023])
@pytest.mark.parametrize("valid_from", [None, date(2023, 7, 1)])
@pytest.mark.parametrize("part", ["", "17.1.a"])
def test_one_norm_holds_in_a_place(world: World, year: int | None, valid_from: date | None, part: str) -> None:
    place = {"year": year, "valid_from": valid_from, "part": part}
    norm(**place)
    assert refused(lambda: norm(**place, number=2), "indicators_norm_once")


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2024},
        {"region": "tay_nguyen"},
        {"part": "x"},
        {"commune_group": "nhom_1"},
        {"valid_from": "2024-01-01"},
    ],
)
def test_norms_of_other_places_stand_beside_it(world: World, other: dict[str, Any]) -> None:
    norm()
    assert norm(**other).pk


def test_succeeded_norms_leave_their_place(world: World) -> None:
    for _time in range(3):
        row = norm()
        Norm.objects.filter(pk=row.pk).update(superseded_at=timezone.now())
    assert norm().pk and Norm.history.filter(version=version_of("1.2")).count() == 4


@pytest.mark.parametrize("empty", ["decision", "issuer", "entered_by"])
def test_an_entry_names_its_source_and_who_made_it(world: World, empty: str) -> None:
    document = scan(world)
    given: dict[str, Any] = {
        "decision": "1/QĐ", "issuer": "UBND", "issued_on": date(2022, 1, 1), "entered_by": "x", "entered_by_id": 1,
        "entered_at": timezone.now(), "document": document,
    }  # fmt: skip
    assert NormEntry.objects.create(**given).pk
    assert refused(lambda: NormEntry.objects.create(**{**given, empty: ""}), "indicators_normentry_has_source")


def test_a_norm_entered_by_hand_is_never_unverified(world: World) -> None:
    row = enter(world, "1.2")
    assert refused(
        lambda: Norm.objects.filter(pk=row.pk).update(provenance="unverified"), "indicators_norm_by_hand_has_source"
    )


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"name": ""}, "indicators_normdocument_named"),
        ({"media_type": ""}, "indicators_normdocument_named"),
        ({"sha256": ""}, "indicators_normdocument_named"),
        ({"file": ""}, "indicators_normdocument_named"),
        ({"size": 0}, "indicators_normdocument_not_empty"),
    ],
)
def test_a_scan_has_a_name_and_a_content(world: World, over: dict[str, Any], name: str) -> None:
    kept = scan(world)
    assert refused(lambda: NormDocument.objects.filter(pk=kept.pk).update(**over), name)
