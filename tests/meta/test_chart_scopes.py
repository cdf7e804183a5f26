"""Charts as pictures, as specifications and as the rows behind them: of one's own commune, and of no other."""

from __future__ import annotations

import pytest
from django.test import Client

from programmes.models import PeriodReport
from tests.factories.windows import BACKEND
from tests.factories.world import World
from tests.meta.test_scopes import officer, world  # noqa: F401 - the fixtures

pytestmark = pytest.mark.django_db
Asked = list[tuple[str, dict[str, str]]]


def charts_of(uid: str, paper: int, kind: str) -> Asked:
    """Return where each chart of a commune is drawn, or its rows are written as CSV, and with what it is asked for."""
    measure, here = "cooperatives.effective.count", {"unit": uid, "as_of": "2023-12-31"}
    flows = {"standard": "standard", "from": "2022-12-31", "to": "2023-12-31", "unit": uid}
    if kind == "csv":
        csv = {"format": kind}
        return [
            (f"/api/v1/measures/{measure}/series/", here | csv),
            ("/api/v1/households/statistics/flows/", flows | csv),
        ]
    found: Asked = [
        (f"/documents/{paper}/charts/criteria.{kind}", {}),
        (f"/measures/{measure}/chart.{kind}", here),
        (f"/api/v1/charts/{measure}.{kind}", here),
        (f"/api/v1/charts/household-flows.{kind}", flows),
    ]
    return found if kind == "json" else [*found, (f"/households/flows/{kind}/", flows)]


@pytest.mark.parametrize("kind", ["svg", "png", "json", "csv"])
def test_a_chart_is_drawn_of_the_own_commune_and_of_no_other(world: World, officer: Client, kind: str) -> None:  # noqa: F811
    own, other = world.communes
    papers = {unit: PeriodReport.objects.get(area=unit).pk for unit in world.communes}
    foreign_figure = ["7.321", "7321", "7,321"]
    for path, query in charts_of(own.uid, papers[own], kind):
        answer = officer.get(path, query)
        assert answer.status_code == 200, path
        if kind != "png":
            text = answer.getvalue().decode()
            assert [mark for mark in (other.uid, "Xã Thử 2", *foreign_figure) if mark in text] == [], path
    nowhere = charts_of("commune-404", 404404, kind)
    for (path, query), (no_path, no_query) in zip(charts_of(other.uid, papers[other], kind), nowhere, strict=True):
        refused, unknown = officer.get(path, query), officer.get(no_path, no_query)
        # The API says of a unit that is not the caller's what it says of one that is none.
        assert refused.status_code == unknown.status_code, path
        assert refused.status_code in ((400, 403, 404) if path.startswith("/api/") else (403, 404)), path
        assert not path.startswith("/api/") or refused.json() == unknown.json(), path


def test_a_chart_of_the_other_commune_does_hold_what_is_looked_for(world: World) -> None:  # noqa: F811
    own_window = Client()
    own_window.force_login(world.people["other_officer"], backend=BACKEND)
    other = world.communes[1]
    paper = PeriodReport.objects.get(area=other).pk
    said = "".join(
        own_window.get(path, query).getvalue().decode() for path, query in charts_of(other.uid, paper, "json")
    )
    assert "Xã Thử 2" in said and "7.321" in said
