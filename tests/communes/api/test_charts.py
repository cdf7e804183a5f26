"""The chart of changes between classes: nothing stands in the picture that the caller's rows leave out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Household, PovertyStandard, Village
from communes.services.counts import count_villages
from tests.factories.classifications import make_classification, make_counted, make_standard_year
from tests.factories.clients import make_caller, pointers
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

AGGREGATE = ("households.aggregate",)
SPAN = {"standard": "standard", "from": "2021-12-31", "to": "2022-12-31"}
SVG = "charts/household-flows.svg"


@pytest.fixture(autouse=True)
def counted(registry: Registry) -> Registry:
    make_standard_year(make_counted(registry))
    return registry


def asked(role: str = "coordinator", kind: str = "svg", **over: str) -> Any:
    return make_caller(role, scopes=AGGREGATE).get(f"charts/household-flows.{kind}", **{**SPAN, **over})


def test_it_is_drawn_as_the_page_draws_it() -> None:
    drawing = asked()
    assert drawing.status_code == 200 and drawing["Content-Type"].startswith("image/svg+xml")
    assert "31/12/2022" in drawing.content.decode()
    assert "household-flows-2021-12-31-2022-12-31.svg" in drawing["Content-Disposition"]
    assert asked(kind="png").content.startswith(b"\x89PNG")


def test_its_numbers_are_the_rows_of_the_statistics_as_the_caller_may_see_them() -> None:
    span = SPAN | {"from": "2022-12-31", "to": "2023-12-31"}
    for role, exact in (("coordinator", True), ("leader", False)):
        caller = make_caller(role, scopes=AGGREGATE)
        answer = caller.get("charts/household-flows.json", **span)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/json", role
        rows = answer.json()["rows"]
        assert rows == caller.get("households/statistics/flows/", **span).json()["results"], role
        assert "31/12/2023" in answer.json()["title"]
        assert not (exact and any(row["suppressed"] for row in rows))


def test_an_outsider_gets_none_where_the_rows_leave_all_numbers_out() -> None:
    standard = PovertyStandard.objects.get(code="standard")
    for one in Household.objects.filter(classifications__status="poor").order_by("pk")[:6]:
        make_classification(one, standard, status="near_poor", valid_from=date(2023, 6, 1))
    count_villages(list(Village.objects.values_list("pk", flat=True)))
    span = {"from": "2022-12-31", "to": "2023-12-31"}
    answer = make_caller("leader", scopes=AGGREGATE).get("households/statistics/flows/", **SPAN | span)
    assert answer.status_code == 200 and all(row["suppressed"] for row in answer.json()["results"])
    assert {asked("leader", kind, **span).status_code for kind in ("svg", "png", "json")} == {404}
    assert asked(**span).status_code == 200


def test_who_has_it_already_is_told_so() -> None:
    caller = make_caller("coordinator", scopes=AGGREGATE)
    first = caller.get(SVG, **SPAN)
    headers = {"If-None-Match": first["ETag"]}
    assert caller.client.get(f"/api/v1/{SVG}", SPAN, headers=headers).status_code == 304


def test_faults_are_named_and_the_scope_is_asked_for() -> None:
    assert set(pointers(asked(standard="nothing"))) == {"/standard"}
    assert set(pointers(asked(to="2020-12-31"))) == {"/to"}
    assert make_caller("coordinator", scopes=("read",)).get(SVG, **SPAN).status_code == 403
    assert asked(kind="pdf").status_code == 404
