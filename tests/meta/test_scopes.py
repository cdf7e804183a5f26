"""Whoever works for one commune never meets another commune's rows: not in a list, not by guessing an address."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

from communes.models import Household, PovertyStandard
from communes.services.counts import count_stale
from indicators.models import Attainment, Report
from indicators.services.decisions import Decision, record_decision
from indicators.services.evaluation import evaluate
from indicators.services.evidence import attach
from mongcai_portal.common.exports import MEDIA_TYPES, XLSX
from programmes.models import ObservedStatistic, PeriodReport, Target
from programmes.reports.ground import Ground
from programmes.reports.snapshot import take
from programmes.services.tasks import attach_file
from tests.factories.budget import make_line, make_programmes
from tests.factories.classifications import make_classification, make_standard
from tests.factories.difficulties import make_difficulty
from tests.factories.documents import SINCE, UNTIL, make_period_report
from tests.factories.files import upload
from tests.factories.households import make_household, make_member, make_someone, make_village
from tests.factories.ocop import make_certificate, make_photo, make_producer, make_product, make_scan
from tests.factories.plans import make_figure, make_target
from tests.factories.tasks import make_task
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, fresh, make_report, make_world
from tests.meta.test_routes import ROUTES, VALUES, walk

pytestmark = pytest.mark.django_db

# Addresses whose object belongs to everybody: criteria, measures, letters about passwords.
SHARED = {
    "password_reset_confirm",
    "measure",
    "api-criteria-set-detail",
    "api-data-element-detail",
    "api-measure-detail",
    "api-measure-explanation",
    "programme",
    "api-programme-detail",
    "api-measure-series",
}
# Who stands in a denominator is published with every ratio; nothing else of the members is told.
MAY_NAME_COMMUNES = {"/api/v1/unit-groups/"}
VALUE = "73.2198"


@pytest.fixture
def world() -> World:
    """Two communes, each with an approved report, an attainment and a recognition."""
    world = make_world(communes=2)
    make_programmes()
    for unit, officer, roads in zip(world.communes, ("officer", "other_officer"), ("88.5", VALUE), strict=True):
        report = make_report(world, unit=unit)
        attach(by=fresh(world.people[officer]), report_id=report.pk, element="roads", files=[upload(f"{unit.uid}.png")])
        bring_to(world, "approved", report=report, officer=world.people[officer], changes={("roads", ""): roads})
        record_decision(
            by=world.people["coordinator"],
            decision=Decision(
                unit=unit, level="standard", decided_on=world.period.ends_on, decision_number=f"{unit.uid}/QĐ",
                satisfaction="met", no_debt="met", security="met",
            ),
            scan=upload(f"{unit.uid}.pdf"),
        )  # fmt: skip
        product = make_product(unit, f"OCOP {unit.uid}", producer=make_producer(unit, f"HTX {unit.uid}"))
        make_photo(product)
        make_scan(make_certificate(product, date(2023, 6, 1), decision_number=f"{unit.uid}/OCOP"))
        village = make_village(unit, f"xom-{unit.uid}", f"Thôn {unit.uid}", valid_from=date(2020, 1, 1))
        for year in (2022, 2023):
            make_figure(unit, as_of=date(year, 12, 31), value=Decimal(roads) * 100, source=f"Báo cáo {unit.uid}")
        make_target(unit, source=f"Kế hoạch {unit.uid}")
        make_difficulty(world.people["coordinator"], unit=unit.uid, text=f"Khó khăn của {unit.uid}")
        make_task(world.people["coordinator"], unit=unit.uid, title=f"Việc của {unit.uid}", document="", steps=["Một"])
        attach_file(by=world.people["coordinator"], task_id=unit.tasks.get().pk, file=upload(f"viec-{unit.uid}.pdf"))
        household = make_household(village, f"H-{unit.uid}")
        make_member(household, make_someone(f"Vợ {unit.uid}"), relation="spouse")
        make_classification(household, PovertyStandard.objects.filter(code="standard").first() or make_standard())
    for unit, planned in zip(world.communes, (1_000_000_000, 73_219_800_000), strict=True):
        make_line(unit, planned=planned)
    evaluate()
    count_stale()
    for unit in world.communes:
        make_period_report(unit, "published", figures=take(Ground(SINCE, UNTIL, unit.uid, UNTIL)))
    return world


@pytest.fixture
def officer(world: World) -> Client:
    client = Client()
    client.force_login(world.people["officer"], backend=BACKEND)
    return client


KEYS = (
    "uid", "report_id", "recognition_id", "scan_id", "evidence_id", "household_id", "person_id", "product_id",
    "assessment_id", "certificate_id", "photo_id", "line_id", "statistic_id", "target_id", "paper_id",
    "task_id", "attachment_id", "difficulty_id",
)  # fmt: skip


def objects_of(world: World, position: int) -> dict[str, str]:
    """Return what to put into an address to reach a commune's object."""
    unit = world.communes[position]
    report = unit.reports.get()
    return {
        "paper_id": str(PeriodReport.objects.get(area=unit).pk),
        "uid": unit.uid,
        "report_id": str(report.pk),
        "evidence_id": str(report.evidence.get().pk),
        "report": str(report.pk),
        "attainment": str(Attainment.objects.get(unit=unit).pk),
        "recognition_id": str(unit.recognitions.get().pk),
        "scan_id": str(unit.recognitions.get().scans.get().pk),
        "household_id": str(_household_of(unit).pk),
        **_ocop_of(unit),
        "person_id": str(_household_of(unit).members.get(relation="spouse").person_id),
        "line_id": str(unit.budget_lines.get().pk),
        "statistic_id": str(ObservedStatistic.objects.filter(area=unit).latest("as_of").pk),
        "target_id": str(Target.objects.get(area=unit).pk),
        "task_id": str(unit.tasks.get().pk),
        "difficulty_id": str(unit.difficulties.get().pk),
        "attachment_id": str(unit.tasks.get().files.get().pk),
    }


def _household_of(unit: Any) -> Household:
    return Household.objects.get(code=f"H-{unit.uid}")


def _ocop_of(unit: Any) -> dict[str, str]:
    product = unit.ocop_products.get()
    certificate = product.recognitions.get()
    rows = {"product_id": product, "assessment_id": certificate.assessment, "certificate_id": certificate}
    return {name: str(row.pk) for name, row in {**rows, "photo_id": product.photos.get()}.items()}


def addresses(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return every address of one object that is not everybody's, filled in."""
    found = []
    monkeypatch.setitem(VALUES, "chart", "criteria")
    numbers = ("report", "attainment", "household_id", "product_id", "line_id", "target_id", "paper_id", "task_id")
    for what in (*numbers, "difficulty_id"):
        monkeypatch.setitem(VALUES, "pk", given[what])
        for key in KEYS:
            monkeypatch.setitem(VALUES, key, given[key])
        found += [path for path, name in walk(get_resolver().url_patterns) if name not in SHARED]
    # A household in a round of reviews is another object: tests/communes/views/test_reviews.py asks for it.
    # A scan of a norm has numbers of its own.
    found = [path for path in found if not path.startswith(("/households/reviews/", "/criteria/norms/"))]
    return sorted({path for path in found if any(place in path for place in places(given))})


def places(given: dict[str, str]) -> list[str]:
    """Return where the object's keys stand in an address; a report's number is no attainment's."""
    return [
        f"/{given['uid']}/",
        f"/reports/{given['report']}/",
        f"/attainment/{given['attainment']}/",
        f"/recognitions/{given['recognition_id']}/",
        f"/households/{given['household_id']}/",
        f"/ocop/{given['product_id']}/",
        f"/ocop-products/{given['product_id']}/",
        f"/ocop/assessments/{given['assessment_id']}/",
        f"/ocop/recognitions/{given['certificate_id']}/",
        f"/lines/{given['line_id']}/",
        f"/budget-lines/{given['line_id']}/",
        f"/statistics/{given['statistic_id']}/",
        f"/targets/{given['target_id']}/",
        f"/documents/{given['paper_id']}/",
        f"/tasks/{given['task_id']}/",
        f"/difficulties/{given['difficulty_id']}/",
    ]


def ask(client: Client, method: str, path: str) -> Any:
    return client.get(path) if method == "get" else getattr(client, method)(path, content_type="application/json")


def test_an_address_of_another_communes_object_does_not_exist(
    world: World, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = addresses(objects_of(world, 1), monkeypatch)
    assert len(paths) > 15, paths
    answers = {path: ask(officer, "get", path).status_code for path in paths}
    # 403: an officer may not do this to any report; 405: there is nothing to read there.
    assert {path: code for path, code in answers.items() if code not in (403, 404, 405)} == {}
    assert list(answers.values()).count(404) >= 8


def test_the_same_addresses_of_the_own_commune_do_exist(
    world: World, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {path: ask(officer, "get", path).status_code for path in addresses(objects_of(world, 0), monkeypatch)}
    assert {path: code for path, code in answers.items() if code not in (200, 403, 405)} == {}
    assert list(answers.values()).count(200) >= 8


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_foreign_object_and_one_that_never_was_cannot_be_told_apart(
    world: World, officer: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    numbers = ("report_id", "report", "attainment", "recognition_id", "scan_id", "evidence_id")
    numbers += ("household_id", "person_id", "product_id", "assessment_id", "certificate_id", "photo_id", "line_id")
    numbers += ("statistic_id", "target_id", "paper_id", "task_id", "attachment_id", "difficulty_id")
    nowhere = {"uid": "commune-404"} | dict.fromkeys(numbers, "404404")
    foreign = addresses(objects_of(world, 1), monkeypatch)
    unknown = addresses(nowhere, monkeypatch)
    assert len(foreign) == len(unknown)
    before = list(Report.objects.filter(unit=world.communes[1]).values())
    for path in foreign:
        code = ask(officer, method, path).status_code
        assert code in (400, 403, 404, 405, 415), path
        same = path
        for old, new in zip(places(objects_of(world, 1)), places(nowhere), strict=True):
            same = same.replace(old, new)
        assert ask(officer, method, same).status_code == code, path
    assert list(Report.objects.filter(unit=world.communes[1]).values()) == before


def text_of(answer: Any) -> str:
    """What an answer says; of a workbook, its cells."""
    if answer["Content-Type"] != MEDIA_TYPES[XLSX]:
        return str(answer.content.decode())
    sheet = load_workbook(io.BytesIO(answer.content), read_only=True).active
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_no_list_shows_anything_of_another_commune(world: World, officer: Client) -> None:
    other = world.communes[1]
    marks = [other.uid, "Xã Thử 2", VALUE, VALUE.replace(".", ","), f"{other.uid}/QĐ", "other_officer"]
    marks += [f"H-{other.uid}", f"Thôn {other.uid}", f"OCOP {other.uid}", f"HTX {other.uid}", f"{other.uid}/OCOP"]
    marks += ["73.219", "73219", f"Báo cáo {other.uid}", f"Kế hoạch {other.uid}", f"Việc của {other.uid}"]
    marks += [f"Khó khăn của {other.uid}"]
    lists = [path for path, name in ROUTES if not any(f"/{value}/" in path for value in VALUES.values())]
    read = 0
    for path in lists:
        for query in ("", "?as_of=2023-12-31", "?period=2023", "?set=SMALL&period=2023"):
            answer = officer.get(path + query, follow=True)
            if answer.status_code != 200:
                continue
            read += 1
            text = text_of(answer)
            shown = [mark for mark in marks if mark in text]
            assert shown == [] or path in MAY_NAME_COMMUNES, (path + query, shown)
    assert read > 20


@pytest.mark.parametrize("path", ["/api/v1/measures/ntm.attained.standard/explanation/?as_of=2023-12-31"])
def test_the_reason_of_a_ratio_names_the_own_commune_only(world: World, officer: Client, path: str) -> None:
    answer = officer.get(path, {"unit": world.town.uid, "as_of": "2023-12-31"})
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert world.communes[0].uid in text and world.communes[1].uid not in text
    assert "other_officer" not in text and VALUE not in text


@pytest.mark.parametrize("key", ["unit", "q", "parent"])
def test_a_filter_is_no_way_in(world: World, officer: Client, key: str) -> None:
    other = world.communes[1]
    for path in ("reports", "attainment", "recognitions", "units", "tasks", "difficulties"):
        answer = officer.get(f"/api/v1/{path}/", {key: other.uid})
        if answer.status_code == 200:
            assert answer.json()["results"] == [], path
        else:
            assert answer.status_code == 400, path


@pytest.mark.parametrize("path", ["measures/", "measures/ntm.attained.standard/explanation/"])
def test_the_figures_of_another_commune_are_not_served(world: World, officer: Client, path: str) -> None:
    own, other = world.communes[0].uid, world.communes[1].uid
    day = "2023-12-31"
    assert officer.get(f"/api/v1/{path}", {"unit": own, "as_of": day}).status_code == 200
    refused = officer.get(f"/api/v1/{path}", {"unit": other, "as_of": day})
    unknown = officer.get(f"/api/v1/{path}", {"unit": "commune-404", "as_of": day})
    assert refused.status_code == unknown.status_code == 400
    assert refused.json() == unknown.json()


def test_the_page_of_another_communes_figure_is_not_found(world: World, officer: Client) -> None:
    page = "/measures/ntm.attained.standard/"
    asked = {"as_of": "2023-12-31"}
    assert officer.get(page, {**asked, "unit": world.communes[0].uid}).status_code == 200
    assert officer.get(page, {**asked, "unit": world.communes[1].uid}).status_code == 404


def test_a_verifier_of_one_office_cannot_settle_anothers_element(world: World) -> None:
    report = make_report(world, period=_next_year(world))
    bring_to(world, "submitted", report=report)
    client = Client()
    client.force_login(world.people["verifier_b"], backend=BACKEND)
    answer = client.post(
        f"/api/v1/reports/{report.pk}/verify/",
        {"elements": ["plan"]},
        content_type="application/json",
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 403
    assert not report.verdicts.exclude(state="open").exists()


def _next_year(world: World) -> Any:
    from datetime import date

    from indicators.models import Period

    return Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
