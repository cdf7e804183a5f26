"""Marks travel with outcomes: each page and answer that shows one says what it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from indicators.models import Attainment, Judgement, Level, Norm, Period, Recognition, Report
from indicators.services.evaluation import evaluate
from indicators.services.reports import reopen
from indicators.services.values import CellInput, save_values
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db

UNVERIFIED, JUDGED, ILLUSTRATIVE = "mức chưa đối chiếu", "thẩm định của phòng ban", "minh họa"
DAY = "as_of=2023-12-31"


@pytest.fixture
def world() -> World:
    """A commune whose outcomes rest on an unverified norm (insured) and a judgement (roads), by made-up figures."""
    world = make_world()
    bring_to(world, "approved", changes={("houses", ""): "2"})
    Report.objects.update(illustrative=True)
    evaluate(None)
    return world


def make_firm(world: World) -> None:
    """The same outcomes on firm ground."""
    Norm.objects.update(provenance="sourced")
    version = world.criteria_set.criteria.get(number=1).indicators.get(code="1.2").versions.get()
    Norm.objects.create(version=version, number=80, provenance="sourced", decision="x")
    Judgement.objects.all().delete()
    Report.objects.update(illustrative=False)
    type(world.criteria_set).objects.update(changed_at="2024-01-01T00:00Z")
    evaluate(None)


@pytest.fixture
def leader(world: World) -> Client:
    client = Client()
    client.force_login(fresh(world.people["leader"]), backend="mongcai_portal.accounts.backends.PasswordBackend")
    return client


def parts(page: str, start: str, end: str) -> list[str]:
    return re.findall(re.escape(start) + r".*?" + re.escape(end), page, flags=re.S)


def outcomes_on(path: str, page: str) -> Iterator[str]:
    """The pieces of a page that show an outcome which rests on the unverified norm and on the judgement together."""
    if path.startswith("/?"):
        yield from parts(page, '<div class="pair-second">', "</div>")[:1]
        yield from parts(page, '<a class="dot', "</a>")[:1]
    elif path.startswith("/attainment/?"):
        yield from parts(page, '<span class="mx-score', "</th>")
    elif path.startswith("/attainment/c"):
        yield from parts(page, '<div class="standing-row">', "</div></div>")
    elif path.startswith("/units/c"):
        yield from parts(page, '<div class="standing-row">', '<p class="unit-act">')[:1]
    elif path.startswith("/units/?"):
        yield from parts(page, '<td data-label="Theo số liệu"><span class="nowrap">', "</td>")
    elif path.startswith("/measures/"):
        yield from parts(page, '<p class="why-marks">', "</p>")
        yield from parts(page, '<td data-label="Tính từ số liệu"><strong>', "</td>")


PAGES = [
    f"/?unit=pho&{DAY}",
    f"/attainment/?{DAY}",
    f"/attainment/commune-1/?{DAY}",
    f"/units/commune-1/?{DAY}",
    f"/units/?{DAY}",
    f"/measures/ntm.attained.standard/?unit=pho&{DAY}",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_an_outcome_on_a_page_says_what_it_rests_on(leader: Client, path: str) -> None:
    found = list(outcomes_on(path, leader.get(path).content.decode()))
    assert found
    for piece in found:
        assert UNVERIFIED in piece and JUDGED in piece and ILLUSTRATIVE in piece, piece


@pytest.mark.parametrize("path", PAGES)
def test_an_outcome_on_firm_ground_says_nothing(leader: Client, world: World, path: str) -> None:
    make_firm(world)
    found = list(outcomes_on(path, leader.get(path).content.decode()))
    assert found
    assert not [piece for piece in found if UNVERIFIED in piece or JUDGED in piece or ILLUSTRATIVE in piece]


def called(cell: str, page: str) -> str:
    """What a reader is told of a cell: its label, or the texts that its `aria-labelledby` names."""
    (ids,) = re.findall(r'aria-labelledby="([^"]*)"', cell) or [""]
    texts = dict(re.findall(r'<(?:a|span)[^>]* id="(\w[-\w]*)"[^>]*>([^<]*)<', page))
    return ", ".join(texts[one] for one in ids.split()) if ids else " ".join(re.findall(r'aria-label="([^"]*)"', cell))


@pytest.mark.parametrize(
    ("path", "criterion", "outcome", "mark"),
    [
        (PAGES[0], "1. Tiêu chí 1", "Đạt", JUDGED),
        (PAGES[0], "2. Tiêu chí 2", "Chưa đạt", UNVERIFIED),
        (PAGES[1], "1. Tiêu chí 1", "Đạt", JUDGED),
        (PAGES[1], "2. Tiêu chí 2", "Chưa đạt", UNVERIFIED),
    ],
)
def test_a_cell_of_a_matrix_carries_its_own_marks_in_label_and_cell(
    leader: Client, path: str, criterion: str, outcome: str, mark: str
) -> None:
    page = leader.get(path).content.decode()
    (cell,) = [one for one in parts(page, "<td", "</td>") if criterion in called(one, page)]
    told = called(cell, page)
    assert re.search(rf"{re.escape(criterion)}(: |, ){outcome}, {mark}", told), told
    assert {JUDGED: UNVERIFIED, UNVERIFIED: JUDGED}[mark] not in told
    assert cell.count('class="rest rest-') == 1, "one sign, that of the mark"


def test_a_matrix_has_a_legend_in_words(leader: Client) -> None:
    for path in PAGES[:2]:
        page = leader.get(path).content.decode()
        assert "Kết quả dựa trên mức đạt chuẩn chưa đối chiếu với văn bản gốc</li>" in page


def test_the_commune_that_slips_is_marked_on_the_map_and_under_attention(leader: Client, world: World) -> None:
    Recognition.objects.create(
        unit=world.commune, level=Level.objects.get(code="standard"), decided_on=date(2022, 1, 1), provenance="sourced"
    )
    world.commune.versions.update(tile_row=1, tile_column=1)
    page = leader.get(PAGES[0]).content.decode()
    (tile,) = parts(page, '<a href="/units/commune-1/?as_of=2023-12-31&amp;level=standard" aria-label=', "</a>")
    assert UNVERIFIED in tile and JUDGED in tile and "tm-rest" in tile
    (attention,) = [one for one in parts(page, '<li><span class="attend-mark', "</li>") if "tụt chuẩn" in one]
    assert ILLUSTRATIVE in attention
    # What keeps it back is the count of houses, whose norm is firm.
    assert UNVERIFIED not in attention and JUDGED not in attention


def test_the_form_says_it_beside_each_live_outcome(world: World) -> None:
    client = Client()
    client.force_login(fresh(world.people["officer"]), backend="mongcai_portal.accounts.backends.PasswordBackend")
    report = make_report(world, world.communes[0], _next_year())
    bring_to(world, "draft", report=report)
    page = client.get(f"/reports/{report.pk}/").content.decode()
    (insured,) = parts(page, 'data-outcome="insured"', "</td>")
    (plan,) = parts(page, 'data-outcome="plan"', "</td>")
    assert UNVERIFIED in insured and UNVERIFIED not in plan


def test_the_verification_says_it_beside_each_outcome(leader: Client) -> None:
    report = Report.objects.get()
    page = leader.get(f"/reports/{report.pk}/verify/").content.decode()
    rows = {row.split('"')[1]: row for row in parts(page, 'id="e-', "</tbody>")}
    assert UNVERIFIED in rows["e-insured"] and JUDGED not in rows["e-insured"]
    assert JUDGED in rows["e-roads"] and UNVERIFIED not in rows["e-roads"]
    assert UNVERIFIED not in rows["e-houses"] and JUDGED not in rows["e-houses"]


def _next_year() -> Period:
    return Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )


def test_each_answer_of_the_api_says_it(leader: Client) -> None:
    row = Attainment.objects.get()
    both = {"rests_on_unverified": True, "rests_on_judgement": True}

    def asked(path: str) -> Any:
        answer = leader.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def holds(found: dict[str, Any]) -> bool:
        return both.items() <= found.items()

    assert holds(asked(f"attainment/{row.pk}/"))
    explained = asked(f"attainment/{row.pk}/explanation/")
    assert holds(explained) and explained["illustrative"] is True
    assert [c["rests_on_judgement"] for c in explained["criteria"]] == [True, False, False, False]
    assert [c["rests_on_unverified"] for c in explained["criteria"]] == [False, True, False, False]
    assert explained["criteria"][1]["indicators"][0]["rests_on_unverified"] is True
    (matrix,) = asked("attainment/matrix/?set=SMALL&period=2023")["units"]
    assert holds(matrix) and matrix["illustrative"] is True
    assert matrix["criteria_marks"] == {
        "1": {"rests_on_unverified": False, "rests_on_judgement": True},
        "2": {"rests_on_unverified": True, "rests_on_judgement": False},
    }
    measure = asked(f"measures/ntm.attained.standard/?unit=pho&{DAY}")
    assert holds(measure) and measure["illustrative"] is True
    why = asked(f"measures/ntm.attained.standard/explanation/?unit=pho&{DAY}")
    member = why["members"][0]
    assert holds(member["attainment"])
    assert member["missing_criteria"][0]["rests_on_unverified"] is True


def test_two_revisions_side_by_side_say_it_of_both(world: World, leader: Client) -> None:
    report = Report.objects.get()
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Đếm nhầm nhà tạm")
    lower = CellInput("insured", "male", raw="80", language="plain")
    save_values(by=fresh(world.people["officer"]), report_id=report.pk, cells=[lower], all_or_none=True)
    page = leader.get(f"/reports/{report.pk}/changes/?from=1&to=2").content.decode()
    (level,) = parts(page, '<p class="turn-head">', "</p>")
    assert UNVERIFIED in level and JUDGED in level
    (row,) = [one for one in parts(page, "<tbody", "</tbody>") if "Số liệu insured" in one]
    assert row.count(UNVERIFIED) == 2 and JUDGED not in row


# Templates that draw an outcome whose marks stand in a part of the same page.
WITH_MARKS_BESIDE = {"indicators/recognition.html"}


def test_every_template_that_draws_an_outcome_draws_what_it_rests_on() -> None:
    base = Path(__file__).parents[3] / "templates"
    drawing = {
        path.relative_to(base).as_posix(): path.read_text(encoding="utf-8")
        for path in base.rglob("*.html")
        if re.search(r"\{% outcome |\|outcome_(label|glyph)|watch\.(slipped|warning)", path.read_text(encoding="utf-8"))
    }
    assert len(drawing) > 5
    assert {n for n, text in drawing.items() if not re.search(r"rest_marks|rest_words", text)} <= WITH_MARKS_BESIDE
