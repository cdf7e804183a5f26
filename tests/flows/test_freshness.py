"""A figure that is older than it should be says so wherever it stands, and only that figure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from communes.models import CountedVillage, Village
from communes.services.counts import count_stale, mark_stale
from indicators.models import EvaluationRequest, Recognition
from indicators.services.evaluation import evaluate, run_requests
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common import heartbeats
from mongcai_portal.common.errors import Invalid, Stale
from programmes.models import PeriodReport, Target
from programmes.services.documents import Asked, draft, publish, refresh
from tests.factories.budget import make_line, make_programmes
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_household, make_village
from tests.factories.plans import make_target
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db

DAY = "2023-12-31"
SOON = timezone.now() + timedelta(hours=1)
MARK = re.compile(r'class="late( late-compact)?" title="([^"]+)"')
# Every page that shows stored results, and how many marks it bears while one commune's figure is late. A template that
# shows what results rest on is among those that these pages are drawn from (below), or explains its figures afresh.
PAGES: dict[str, tuple[str, int]] = {
    # The sentence, the ratio, two lines of what needs attention and the commune's line of the matrix.
    "overview": (f"/?as_of={DAY}&unit=pho", 5),
    "attention": (f"/attention/?as_of={DAY}&unit=pho", 2),
    "matrix": (f"/attainment/?as_of={DAY}", 1),
    # The ratio and the commune; only the commune.
    "attained": (f"/measures/ntm.attained.standard/?as_of={DAY}&unit=pho", 2),
    "recognised": (f"/measures/ntm.recognised.standard/?as_of={DAY}&unit=pho", 1),
    # What is computed, what slipped, and the plan.
    "first": (f"/units/commune-1/?as_of={DAY}", 3),
    "second": (f"/units/commune-2/?as_of={DAY}", 0),
    "units": (f"/units/?as_of={DAY}", 1),
    "explained": (f"/attainment/commune-1/?as_of={DAY}", 1),
    # The plan for the area and that for the commune; each on its own page.
    "targets": (f"/targets/?as_of={DAY}&unit=pho", 2),
    "target": ("/targets/{target}/?as_of=" + DAY, 1),
    "programme": (f"/programmes/NTM/?year=2023&as_of={DAY}", 1),
    "register": (f"/recognitions/?as_of={DAY}", 1),
    "recognition": ("/recognitions/{recognition}/?as_of=" + DAY, 2),
}
# Every page that shows figures counted from the register of households, and how many marks it bears while a village of
# the first commune waits for being counted.
COUNTED: dict[str, tuple[str, int]] = {
    # The poor and the near poor.
    "overview": (f"/?as_of={DAY}&unit=pho", 2),
    "measure": (f"/measures/poverty.near_poor.count/?as_of={DAY}&unit=pho", 1),
    "first": (f"/measures/poverty.near_poor.count/?as_of={DAY}&unit=commune-1", 1),
    "second": (f"/measures/poverty.near_poor.count/?as_of={DAY}&unit=commune-2", 0),
    "targets": (f"/targets/?as_of={DAY}&unit=pho", 1),
    "tables": ("/households/tables/", 1),
    "flows": ("/households/flows/?standard=standard&from=2022-12-31&to=2023-12-31", 1),
}
# Templates that show what results rest on without saying how late they are: what they show is computed before the
# reader's eyes, or stands in a row or beside a head that bears the mark.
AFRESH = {
    "indicators/_attainment_indicator.html": "explained afresh",
    "indicators/_change_outcomes.html": "computed for a norm that is not in force yet",
    "indicators/_changes.html": "what two revisions of a report come to, computed afresh",
    "indicators/_criterion_explained.html": "explained afresh",
    "indicators/_missing_line.html": "explained afresh",
    "indicators/_mx_cell.html": "the row bears the mark",
    "indicators/_row_outcome.html": "computed from what is typed",
    "indicators/attainment_indicator.html": "explained afresh",
    "indicators/attainment_unit.html": "explained afresh; what slipped is drawn by _watch.html",
    "indicators/norm_preview.html": "computed for a norm that is not in force yet",
    "programmes/_matrix_cell.html": "the row bears the mark",
}


@pytest.fixture
def world() -> World:
    """Two communes with results; the first one's figures were approved anew and are not computed yet.

    It is recognised and slipped; there are plans for what is attained, in the area and in the commune, and money.
    """
    world = make_world()
    bring_to(world, "approved", changes={("plan", ""): False})
    other = make_report(world, unit=world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    Recognition.objects.create(
        unit=world.commune, level=world.criteria_set.level, decided_on=date(2022, 6, 1), provenance="sourced",
        decision_number="1/QĐ-UBND",
    )  # fmt: skip
    for unit in (world.town, world.commune):
        make_target(unit, measure="ntm.attained.standard", value=Decimal(100), baseline_value=Decimal(0))
    make_programmes()
    make_line(world.commune)
    evaluate()
    run_requests()
    EvaluationRequest.objects.filter(unit=world.communes[0]).update(done_at=None, taken_at=None)
    heartbeats.Heartbeat.objects.create(component="evaluate", at=SOON)
    return world


@pytest.fixture
def leader(world: World) -> Client:
    client = Client()
    client.force_login(fresh(world.people["leader"]), backend=BACKEND)
    return client


def waits(**values: Any) -> None:
    """Nothing has waited long, however slow the machine is."""
    EvaluationRequest.objects.filter(done_at=None).update(requested_at=SOON, **values)


def late() -> None:
    EvaluationRequest.objects.filter(done_at=None).update(requested_at=timezone.now() - timedelta(minutes=2))


def address(page: str) -> str:
    ids = {"target": Target.objects.get(area__uid="commune-1").pk, "recognition": Recognition.objects.get().pk}
    return PAGES[page][0].format(**ids)


def marks(client: Client, page: str) -> list[str]:
    answer = client.get(address(page))
    assert answer.status_code == 200, page
    return [title for _compact, title in MARK.findall(answer.content.decode())]


def test_a_result_that_may_come_at_any_moment_bears_no_mark(leader: Client) -> None:
    waits()
    assert {page: marks(leader, page) for page in PAGES} == dict.fromkeys(PAGES, [])


def test_the_figures_that_lack_an_approval_say_so_and_the_others_do_not(leader: Client) -> None:
    late()
    assert {page: len(marks(leader, page)) for page in PAGES} == {page: n for page, (_, n) in PAGES.items()}
    text = leader.get(address("matrix")).content.decode()
    rows = {
        name: row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) for name in re.findall(r"Xã Thử \d", row)[:1]
    }
    assert "chưa cập nhật từ" in rows["Xã Thử 1"] and "chưa cập nhật" not in rows["Xã Thử 2"]


def test_every_template_that_shows_stored_results_is_drawn_by_a_page_that_is_looked_at(leader: Client) -> None:
    late()
    drawn = {one.name for page in PAGES for one in leader.get(address(page)).templates}
    root = settings.BASE_DIR / "templates"
    texts = {str(one.relative_to(root)): one.read_text() for one in root.rglob("*.html")}
    results = {name for name, text in texts.items() if re.search(r"\{% (rest_marks|late_mark) ", text)}
    marked = {name for name in results if "{% late_mark " in texts[name]}
    assert results - marked == set(AFRESH)
    assert marked <= drawn


def test_a_failed_computation_and_silent_workers_are_told_at_once(leader: Client) -> None:
    waits(error="ValueError: x")
    assert "tính lại bị lỗi" in marks(leader, "overview")[0]
    waits(error="")
    assert marks(leader, "overview") == []
    heartbeats.Heartbeat.objects.filter(component="evaluate").update(at=timezone.now() - timedelta(seconds=61))
    assert "chưa cập nhật từ" in marks(leader, "overview")[0]


def test_the_mark_goes_when_the_result_has_come(leader: Client) -> None:
    late()
    run_requests()
    assert {page: marks(leader, page) for page in PAGES} == dict.fromkeys(PAGES, [])


def test_other_systems_and_files_are_told_too(leader: Client) -> None:
    late()
    asked = EvaluationRequest.objects.get(done_at=None).requested_at
    rows = leader.get(f"/api/v1/attainment/?as_of={DAY}").json()["results"]
    since = {row["unit"]: row["outdated_since"] for row in rows}
    assert since["commune-1"] == timezone.localtime(asked).isoformat() and since["commune-2"] is None
    one = leader.get(f"/api/v1/attainment/{rows[0]['id']}/").json()
    assert one["outdated_since"] == rows[0]["outdated_since"]
    values = leader.get(f"/api/v1/measures/?as_of={DAY}&unit=pho").json()["results"]
    told = {value["code"] for value in values if value["outdated_since"]}
    assert told == {"ntm.attained.standard"}
    file = leader.get(f"/attainment/export.csv?as_of={DAY}").content.decode()
    assert "Kết quả còn cũ: Xã Thử 1, chưa cập nhật từ" in file
    run_requests()
    values = leader.get(f"/api/v1/measures/?as_of={DAY}&unit=pho").json()["results"]
    assert all(value["outdated_since"] is None for value in values)


def test_the_api_tells_it_beside_targets_the_matrix_and_the_members_of_a_ratio(leader: Client, world: World) -> None:
    late()
    asked = timezone.localtime(EvaluationRequest.objects.get(done_at=None).requested_at).isoformat()
    targets = leader.get(f"/api/v1/targets/?as_of={DAY}&unit=pho").json()["results"]
    assert [(row["unit"], row["outdated_since"]) for row in targets] == [("pho", asked), ("commune-1", asked)]
    of_set = f"set={world.criteria_set.code}&period={world.period.code}"
    rows = leader.get(f"/api/v1/attainment/matrix/?{of_set}").json()["units"]
    assert {row["unit"]: row["outdated_since"] for row in rows} == {"commune-1": asked, "commune-2": None}
    told = leader.get(f"/api/v1/measures/ntm.attained.standard/explanation/?as_of={DAY}&unit=pho").json()
    assert {one["unit"]: one["outdated_since"] for one in told["members"]} == {"commune-1": asked, "commune-2": None}
    file = b"".join(leader.get(f"/api/v1/targets/?as_of={DAY}&unit=pho&format=csv")).decode()
    assert "Số thực hiện chưa gồm số liệu duyệt từ" in file.splitlines()[0] and asked[:16] in file
    run_requests()
    targets = leader.get(f"/api/v1/targets/?as_of={DAY}&unit=pho").json()["results"]
    assert [row["outdated_since"] for row in targets] == [None, None]


def test_the_workbook_of_a_programme_tells_it_beside_the_period(leader: Client) -> None:
    late()
    book = load_workbook(BytesIO(leader.get(f"/programmes/NTM/?year=2023&as_of={DAY}&format=xlsx").content))
    assert "(chưa cập nhật từ" in texts_of(book)


def texts_of(book: Any) -> str:
    return "\n".join(str(value) for sheet in book for row in sheet.values for value in row if value is not None)


# --- Counts of households ---------------------------------------------------------------------------------------------


@pytest.fixture
def counted(world: World) -> World:
    """Eight of twenty households of each commune are near poor; the area has a plan for them. Nothing else is late."""
    run_requests()
    standard = make_standard()
    for year in (2023, 2024):
        standard.years.create(
            effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="sourced"
        )
    for unit in world.communes:
        village = make_village(unit, f"thon-{unit.uid}")
        for at in range(20):
            made = make_household(village, f"{unit.uid}-{at}", valid_from=date(2021, 1, 1))
            if at < 8:
                make_classification(made, standard, status="near_poor")
    make_target(world.town, measure="poverty.near_poor.count", value=Decimal(10), baseline_value=Decimal(20))
    count_stale()
    return world


def recount_later(world: World) -> datetime:
    """Leave a village of the first commune to be counted."""
    mark_stale(list(Village.objects.filter(code="thon-commune-1").values_list("pk", flat=True)))
    since = CountedVillage.objects.get(stale_since__isnull=False).stale_since
    assert since is not None
    return since


def counted_marks(client: Client) -> dict[str, int]:
    answers = {page: client.get(path) for page, (path, _marks) in COUNTED.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {page: len(MARK.findall(answer.content.decode())) for page, answer in answers.items()}


def test_counts_that_lack_a_village_say_so_until_it_is_counted(leader: Client, counted: World) -> None:
    assert counted_marks(leader) == dict.fromkeys(COUNTED, 0)
    recount_later(counted)
    assert counted_marks(leader) == {page: marks for page, (_path, marks) in COUNTED.items()}
    count_stale()
    assert counted_marks(leader) == dict.fromkeys(COUNTED, 0)


def test_other_systems_and_documents_are_told_since_when_counts_lack_something(leader: Client, counted: World) -> None:
    def told(path: str) -> dict[str, Any]:
        rows = leader.get(f"/api/v1/{path}/?as_of={DAY}&unit=pho").json()["results"]
        return {row.get("code") or row["measure"]: row["outdated_since"] for row in rows if row["outdated_since"]}

    assert told("measures") == told("targets") == {}
    since = timezone.localtime(recount_later(counted)).isoformat()
    assert told("measures")["poverty.near_poor.count"] == since
    assert {code.partition(".")[0] for code in told("measures")} == {"poverty"}
    assert told("targets") == {"poverty.near_poor.count": since}
    paper = draft(by=fresh(counted.people["coordinator"]), asked=Asked("pho", date(2023, 1, 1), date(2023, 12, 31)))
    writer = Client()
    writer.force_login(fresh(counted.people["coordinator"]), backend=BACKEND)
    late = writer.get(f"/api/v1/documents/{paper.pk}/").json()["outdated"]
    assert "Hộ nghèo, cận nghèo ngày 31/12/2023" in late


# --- Period reports -------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(world: World) -> PeriodReport:
    """A draft on the area, written while a commune's figure is late."""
    late()
    return draft(by=fresh(world.people["coordinator"]), asked=Asked("pho", date(2023, 1, 1), date(2023, 12, 31)))


def shown_by(client: Client, report: PeriodReport) -> dict[str, str]:
    """What a report says on its page, in its workbook and in its Word file."""
    at = f"/documents/{report.pk}/"
    word = Document(BytesIO(b"".join(client.get(f"{at}report.docx"))))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return {
        "page": client.get(at).content.decode(),
        "workbook": texts_of(load_workbook(BytesIO(client.get(f"{at}report.xlsx").content))),
        "word": "\n".join([*(one.text for one in word.paragraphs), *cells]),
    }


def test_a_report_marks_its_late_figures_on_the_page_in_the_workbook_and_in_the_word_file(
    world: World, paper: PeriodReport
) -> None:
    client = Client()
    client.force_login(fresh(world.people["coordinator"]), backend=BACKEND)
    since = timezone.localtime(EvaluationRequest.objects.get(done_at=None).requested_at)
    mark = f"chưa cập nhật từ {since:%H:%M %d/%m/%Y}"
    shown = shown_by(client, paper)
    # The ratio among the figures, the ratio and the commune by level, the commune's criteria, what needs attention.
    for where, text in shown.items():
        assert text.count(mark) >= 5, (where, text.count(mark))
    assert "Có số liệu đang được tính lại" in shown["page"]
    assert client.get(f"/api/v1/documents/{paper.pk}/").json()["outdated"]
    run_requests()
    refresh(by=fresh(world.people["coordinator"]), report_id=paper.pk, lock=paper.lock)
    for text in shown_by(client, paper).values():
        assert "chưa cập nhật từ" not in text and "tính lại" not in text.replace("Vừa tính lại", "")
    assert client.get(f"/api/v1/documents/{paper.pk}/").json()["outdated"] == []


def test_late_figures_are_published_only_by_who_says_so(world: World, paper: PeriodReport) -> None:
    by = fresh(world.people["coordinator"])
    with pytest.raises(Invalid) as refused:
        publish(by=by, report_id=paper.pk, lock=paper.lock)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/late_accepted", "required")]
    assert "Xã Thử 1" in str(refused.value.faults[0].message) and PeriodReport.objects.get().status == "draft"
    assert publish(by=by, report_id=paper.pk, lock=paper.lock, late_accepted=True).status == "published"
    assert AuditEvent.objects.get(kind="document.published").details["late"] > 0


def test_the_page_asks_before_late_figures_are_published(world: World, paper: PeriodReport) -> None:
    client, at = Client(), f"/documents/{paper.pk}/publish/"
    client.force_login(fresh(world.people["coordinator"]), backend=BACKEND)
    answer = client.post(at, {"lock": paper.lock}, follow=True)
    assert "Hãy chờ rồi làm mới" in answer.content.decode() and PeriodReport.objects.get().status == "draft"
    client.post(at, {"lock": paper.lock, "late_accepted": "1"})
    assert PeriodReport.objects.get().status == "published"


def test_a_draft_whose_marks_are_of_yesterday_has_to_be_looked_at_again(world: World, paper: PeriodReport) -> None:
    by = fresh(world.people["coordinator"])
    run_requests()
    with pytest.raises(Stale, match="làm mới"):
        publish(by=by, report_id=paper.pk, lock=paper.lock, late_accepted=True)
    anew = refresh(by=by, report_id=paper.pk, lock=paper.lock)
    assert publish(by=by, report_id=anew.pk, lock=anew.lock).status == "published"
