"""Lists of rounds: whatever is said of each costs the same however many there are."""

from __future__ import annotations

from typing import Any

import pytest

from communes.scope import scope_of
from communes.selectors.reviews.rounds import open_rounds, procedure_spec, rounds
from tests.factories.reviews import make_decided
from tests.factories.world import make_person, make_unit

pytestmark = pytest.mark.django_db


def test_rounds_bring_the_terms_of_their_procedures_along(django_assert_num_queries: Any) -> None:
    unit = make_unit("hai-son", "Hải Sơn", "commune", None)
    made = [make_decided(unit, "A").round]
    for year in (2021, 2022):
        other = make_decided(make_unit(f"xa-{year}", f"Xã {year}", "commune", None), f"B{year}").round
        other.unit, other.held_in, other.status = unit, year, "verified"
        other.save()
        made.append(other)
    scope = scope_of(make_person("can-bo", "commune_officer", unit=unit))
    scope.units_with("households.view")
    with django_assert_num_queries(2):
        found = [(one.pk, procedure_spec(one.procedure).code) for one in rounds(scope)]
    assert found == [(one.pk, "procedure") for one in sorted(made, key=lambda one: -one.held_in)]
    with django_assert_num_queries(2):
        waiting = [procedure_spec(one.procedure).number("posting") for one in open_rounds(scope, unit.pk)]
    assert waiting == [3, 3]
