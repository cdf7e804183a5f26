"""Every role asks every address, for reading and for writing, about its own objects and about those of others.

The table says what each gets. A new address must be entered there, and so must one that begins to answer otherwise.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from communes.models import Household, HouseholdImport, OpeningListFile, PovertyStandard, RoleAssignment
from communes.services.api_clients import create_api_client
from communes.services.counts import count_stale
from indicators.models import Attainment, HistoryImport, IndicatorVersion, Reminder
from indicators.models.norms import NormDocument
from indicators.services.decisions import Decision, record_decision
from indicators.services.evaluation import evaluate
from indicators.services.evidence import attach
from mongcai_portal.accounts.models import ApiClient
from mongcai_portal.common.models import Job
from programmes.models import BudgetImport, ObservedStatistic, OcopProduct, PeriodReport, Target
from programmes.reports.ground import Ground
from programmes.reports.snapshot import take
from programmes.services.tasks import attach_file
from tests.factories.budget import make_line, make_programmes
from tests.factories.classifications import make_classification
from tests.factories.clients import make_caller
from tests.factories.difficulties import make_difficulty
from tests.factories.documents import SINCE, UNTIL, make_period_report
from tests.factories.files import upload
from tests.factories.households import make_household, make_member, make_someone, make_village
from tests.factories.ocop import make_certificate, make_notice, make_photo, make_product, make_scan
from tests.factories.plans import make_figure, make_target
from tests.factories.reviews import make_decided
from tests.factories.tasks import make_task
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, fresh, make_report, make_world
from tests.meta import test_routes
from tests.meta.crawled import TABLE

pytestmark = pytest.mark.django_db

# Who asks: an officer about the own commune, then about another; everybody else about that other commune.
ASKERS = ("officer", "officer elsewhere", "verifier", "coordinator", "leader", "administrator")
METHODS = ("get", "post")
# What belongs to a commune or a person: an officer of another commune must be told nothing of it.
OWNED = {
    "uid", "report_id", "evidence_id", "recognition_id", "scan_id", "reminder_id", "user_id", "assignment_id",
    "client_id", "import_id", "pk", "round_id", "review_id", "village_id", "file_id", "household_id", "person_id",
    "book_id", "product_id", "assessment_id", "certificate_id", "photo_id", "notice_id", "line_id", "finance_id",
    "statistic_id", "target_id", "paper_id", "task_id", "attachment_id", "list_id", "difficulty_id",
}  # fmt: skip
MEASURE = "cooperatives.effective.count"  # of communes, and figures of two years stand: there is a chart of it
# Which of the things that are called by a code an address means, and a body where an empty one is refused unread.
CODES = {"criteria_set": "SMALL", "criteria_publish": "SMALL", "api-criteria-set-detail": "SMALL"}
CODES |= {"api-data-element-detail": "roads", "programme": "NTM", "api-programme-detail": "NTM"}
CODES |= {"measure": MEASURE, "measure_chart": MEASURE}
BODIES = {"api-report-send-back": {"elements": [{"element": "roads", "reason": "x"}]}}
# Charts are drawn as pictures where an address leaves the form open; the log and the matrix come as CSV.
DRAWN = {"measure_chart": "/chart.svg", "poverty_flows_chart": "/svg/"}
ANSWERED, FORBIDDEN, NOT_FOUND, NO_SUCH_METHOD, ASKED_WRONGLY = ".FNMW"


def questions(uid: str) -> dict[str, dict[str, str]]:
    """Return what to ask with where an address alone does not say which unit's figures are meant."""
    here = {"unit": uid, "as_of": "2023-12-31"}
    flows = {"standard": "standard", "from": "2022-12-31", "to": "2023-12-31", "unit": uid}
    figures = ("measure", "measure_chart", "api-chart", "api-measure-detail", "api-measure-explanation")
    figures += ("api-measure-list", "api-measure-series", "api-target-list", "targets")
    asked = dict.fromkeys(figures, here)
    asked |= dict.fromkeys(("poverty_flows_chart", "api-flow-chart", "api-household-statistics-flows"), flows)
    asked["api-household-statistics-list"] = {"standard": "standard", "unit": uid}
    return asked | {"api-attainment-matrix": {"period": "2023", "set": "SMALL"}}


def letter_of(code: int, method: str) -> str:
    assert code < 500 and code != 401, code
    if (code, method) == (400, "get"):
        return ASKED_WRONGLY
    return {403: FORBIDDEN, 404: NOT_FOUND, 405: NO_SUCH_METHOD}.get(code, ANSWERED)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A thousand refusals are not worth a line each: the one that is wrong should be seen."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world() -> World:
    """Two communes, each with an approved report with a file, an attainment, a recognition and a reminder."""
    world = make_world(communes=2)
    now = timezone.now()
    make_programmes()
    for unit, officer in zip(world.communes, ("officer", "other_officer"), strict=True):
        report = make_report(world, unit=unit)
        attach(by=fresh(world.people[officer]), report_id=report.pk, element="roads", files=[upload(f"{unit.uid}.png")])
        bring_to(world, "approved", report=report, officer=world.people[officer])
        record_decision(
            by=world.people["coordinator"],
            decision=Decision(
                unit=unit, level="standard", decided_on=world.period.ends_on, decision_number=f"{unit.uid}/QĐ",
                satisfaction="met", no_debt="met", security="met",
            ),
            scan=upload(f"{unit.uid}.pdf"),
        )  # fmt: skip
        make_decided(unit, unit.uid)
        HouseholdImport.objects.create(
            name="a.xlsx", size=1, unit=unit, on=date(2024, 1, 1), sent_by="x", sent_at=now, asked_at=now
        )
        OpeningListFile.objects.create(
            name="d.xlsx", size=1, unit=unit, standard=PovertyStandard.objects.earliest("pk"), effective_year=2023,
            on=date(2022, 12, 20), decision_number="45/QĐ-UBND", decided_on=date(2022, 12, 15), decided_by="x",
            status="faulty", counts={"faults": 0, "new": 0, "same": 0, "kept": 0}, layout={"sheet": ""}, sent_by="x",
            sent_at=now, checked_at=now,
        )  # fmt: skip
        for year in (2022, 2023):
            make_figure(unit, as_of=date(year, 12, 31))
        make_target(unit)
        Reminder.objects.create(
            period=world.period, unit=unit, recipient=world.people[officer], kind="overdue", day=date(2024, 1, 20),
            created_at=now,
        )  # fmt: skip
        product = make_product(unit, f"OCOP {unit.uid}")
        make_photo(product)
        certificate = make_certificate(product, date(2023, 6, 1))
        make_notice(certificate, world.people[officer])
        make_scan(certificate)
        make_difficulty(world.people["coordinator"], unit=unit.uid)
        given = make_task(world.people["coordinator"], unit=unit.uid, steps=["Bước một"])
        attach_file(by=world.people["coordinator"], task_id=given.pk, file=upload(f"{unit.uid}.pdf"))
        village = make_village(unit, f"xom-{unit.uid}", valid_from=date(2020, 1, 1))
        household = make_household(village, f"H-{unit.uid}")
        make_member(household, make_someone("Vợ Thử"), relation="spouse")
        make_classification(household, PovertyStandard.objects.get(code="standard"))
    for unit in world.communes:
        make_line(unit)
    evaluate()
    count_stale()
    for unit in world.communes:
        make_period_report(unit, "published", figures=take(Ground(SINCE, UNTIL, unit.uid, UNTIL)))
    create_api_client(by=None, name="Kho", role="leader", scopes=["read"], units=[], offices=[])
    stored = {"name": "a.xlsx", "size": 1, "sha256": "0" * 64, "media_type": "x", "stored_by": "x", "stored_at": now}
    Job.objects.create(kind="recheck", state="failed", error="x", asked_at=now, not_before=now, finished_at=now)
    counts = dict.fromkeys(("values", "reports", "acts", "same", "blank", "faults", "conflicts"), 0)
    HistoryImport.objects.create(
        **stored, file=ContentFile(b"x", name="a.xlsx"), status="faulty", checked_at=now, counts=counts
    )
    BudgetImport.objects.create(**stored, file=ContentFile(b"x", name="c.xlsx"), on=date(2023, 12, 31))
    NormDocument.objects.create(**stored, file=ContentFile(b"x", name="b.pdf"), stored_by_id=0)
    return world


def objects_of(world: World, position: int) -> dict[str, str]:
    """Return what to put into an address to reach the objects of one commune and its officer."""
    unit = world.communes[position]
    officer = world.people[("officer", "other_officer")[position]]
    report, recognition = unit.reports.get(), unit.recognitions.get()
    round_ = unit.review_rounds.get()
    review = round_.reviews.get()
    household = Household.objects.get(code=f"H-{unit.uid}")
    product = OcopProduct.objects.get(unit=unit)
    certificate = product.recognitions.get()
    rows = {
        "paper_id": PeriodReport.objects.get(area=unit),
        "book_id": HouseholdImport.objects.get(unit=unit),
        "list_id": OpeningListFile.objects.get(unit=unit),
        "report_id": report, "evidence_id": report.evidence.get(), "recognition_id": recognition,
        "scan_id": recognition.scans.get(), "reminder_id": Reminder.objects.get(unit=unit),
        "import_id": HistoryImport.objects.get(), "document_id": NormDocument.objects.get(), "user_id": officer,
        "assignment_id": RoleAssignment.objects.get(user=officer), "client_id": ApiClient.objects.earliest("pk"),
        "job_id": Job.objects.get(), "version_id": IndicatorVersion.objects.earliest("pk"), "report": report,
        "job": Job.objects.get(), "round_id": round_, "review_id": review, "village_id": review.village,
        "file_id": round_.files.get(), "statistic_id": ObservedStatistic.objects.filter(area=unit).latest("as_of"),
        "target_id": Target.objects.get(area=unit), "task_id": unit.tasks.get(),
        "attachment_id": unit.tasks.get().files.get(),
        "difficulty_id": unit.difficulties.get(),
        "attainment": Attainment.objects.filter(unit=unit).earliest("pk"), "household_id": household,
        "person_id": household.members.get(relation="spouse").person, "product_id": product,
        "assessment_id": certificate.assessment, "certificate_id": certificate, "photo_id": product.photos.get(),
        "notice_id": certificate.notices.get(), "line_id": unit.budget_lines.get(),
        "finance_id": BudgetImport.objects.get(),
    }  # fmt: skip
    return {"uid": unit.uid, "code": "ntm.attained.standard"} | {name: str(row.pk) for name, row in rows.items()}


def addresses(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the address of every private route by its name, filled with the keys of one commune."""
    found: dict[str, str] = {}
    keys = {
        "api-attainment": "attainment",
        "api-job": "job",
        "api-household": "household_id",
        "api-ocop-product": "product_id",
        "api-budget-line": "line_id",
        "api-target": "target_id",
        "api-document": "paper_id",
        "api-task": "task_id",
        "api-difficulty": "difficulty_id",
    }  # else the number is a report's
    pictures = {"chart": "criteria", "kind": "svg", "name": f"{MEASURE}.svg"}
    numbers = (
        "report",
        "attainment",
        "job",
        "household_id",
        "product_id",
        "line_id",
        "target_id",
        "paper_id",
        "task_id",
        "difficulty_id",
    )
    wanted = [(key, given["code"]) for key in numbers]
    wanted += [("report", one) for one in CODES.values()]
    for key, code in wanted:
        for name, value in {**given, **pictures, "pk": given[key], "code": code, "format": "csv"}.items():
            monkeypatch.setitem(test_routes.VALUES, name, value)
        for path, name in test_routes.walk(get_resolver().url_patterns):
            right = next((one for start, one in keys.items() if name.startswith(start)), "report")
            if (key, code) == (right, CODES.get(name, given["code"])):
                found[name] = re.sub(r"(/chart\.csv|/csv/)$", DRAWN[name], path) if name in DRAWN else path
    return {name: path for name, path in found.items() if name not in test_routes.PUBLIC | test_routes.HARMLESS}


def callers(world: World) -> Iterator[tuple[Client, Client]]:
    """Return of each asker a browser window, and the client of another system in the same role."""
    people = world.people
    own = {"units": [world.communes[0].uid]}
    roles = {
        "officer": own, "officer elsewhere": own, "verifier": {"offices": ["b"]}, "coordinator": {}, "leader": {},
        "administrator": {},
    }  # fmt: skip
    accounts = {"officer elsewhere": "officer", "verifier": "verifier_b"}
    codes = {"officer": "commune_officer", "officer elsewhere": "commune_officer", "verifier": "sector_verifier"}
    for asker in ASKERS:
        window = Client()
        window.force_login(people[accounts.get(asker, asker)], backend=BACKEND)
        yield (
            window,
            make_caller(
                codes.get(asker, asker),
                scopes=("read", "write", "households.identified", "households.aggregate"),
                **roles[asker],
            ).client,
        )


def asked(
    client: Client, method: str, path: str, *, json: bool, body: Any = None, query: dict[str, str] | None = None
) -> str:
    """Ask once; whatever it did is undone."""
    with transaction.atomic():
        more: dict[str, Any] = {"content_type": "application/json"} if json and method != "get" else {}
        said = query if method == "get" else body
        more |= {"data": said} if said is not None else {}
        code = getattr(client, method)(path, **more).status_code
        transaction.set_rollback(True)
    return letter_of(code, method)


def is_api(path: str) -> bool:
    return path.startswith("/api/")


def parameters() -> dict[str, set[str]]:
    """Return the names of the parameters of every route."""
    found: dict[str, set[str]] = {}

    def look(patterns: Any, before: frozenset[str] = frozenset()) -> None:
        for entry in patterns:
            here = before | set(entry.pattern.regex.groupindex)
            if hasattr(entry, "url_patterns"):
                look(entry.url_patterns, here)
            else:
                found.setdefault(entry.name or "", set()).update(here)

    look(get_resolver().url_patterns)
    return found


def test_every_role_gets_at_every_address_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = list(callers(world))
    own, foreign = (addresses(objects_of(world, n), monkeypatch) for n in (0, 1))
    about_own, about_foreign = (questions(unit.uid) for unit in world.communes)
    assert set(own) == set(foreign) >= set(about_own)
    wrong = {}
    for name in own:
        api, body = is_api(own[name]), BODIES.get(name)
        got = " ".join(
            "".join(
                asked(
                    pair[api], method, (own if asker == "officer" else foreign)[name], json=api, body=body,
                    query=(about_own if asker == "officer" else about_foreign).get(name),
                )
                for asker, pair in zip(ASKERS, clients, strict=True)
            )
            for method in METHODS
        )  # fmt: skip
        if TABLE.get(name) != got:
            wrong[name] = got
    assert wrong == {}, "\n".join(f'    "{name}": "{got}",' for name, got in sorted(wrong.items()))
    assert sorted(set(TABLE) - set(own)) == []


def test_the_table_lets_no_officer_at_what_belongs_to_another_commune() -> None:
    owned = {name for name, keys in parameters().items() if keys & OWNED and name in TABLE}
    assert len(owned) > 40
    elsewhere = ASKERS.index("officer elsewhere")
    open_to = {name: TABLE[name] for name in owned if ANSWERED in [half[elsewhere] for half in TABLE[name].split()]}
    assert open_to == {}


def test_the_table_has_every_chart_drawn_of_the_own_commune_and_of_no_other() -> None:
    charts = {name for name in TABLE if "chart" in name} | {"api-measure-series", "api-household-statistics-flows"}
    assert len(charts) == 7
    for name in charts:
        own, elsewhere = TABLE[name][0], TABLE[name][ASKERS.index("officer elsewhere")]
        assert own == ANSWERED and elsewhere in (NOT_FOUND, ASKED_WRONGLY), name


def test_the_table_lets_only_who_manages_users_at_accounts_and_other_systems() -> None:
    administrator = ASKERS.index("administrator")
    for name in ("people", "person_new", "person", "person_account", "role_add", "role_change", "api_clients"):
        for half in TABLE[name].split():
            assert [letter for n, letter in enumerate(half) if letter != FORBIDDEN and n != administrator] == [], name


def test_a_browser_session_gets_of_the_api_what_a_token_of_the_role_gets(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = list(callers(world))
    foreign = addresses(objects_of(world, 1), monkeypatch)
    about = questions(world.communes[1].uid)
    compared = [ASKERS.index("officer elsewhere"), ASKERS.index("verifier")]
    apart = {
        (name, ASKERS[position])
        for name, path in foreign.items()
        if is_api(path)
        for position in compared
        if len({asked(client, "get", path, json=True, query=about.get(name)) for client in clients[position]}) > 1
    }
    assert apart == set()


def test_a_token_without_the_scope_of_writing_writes_nowhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_caller("coordinator", scopes=["read"]).client
    for path in addresses(objects_of(world, 1), monkeypatch).values():
        if is_api(path):
            for method in ("post", "put", "patch", "delete"):
                assert asked(reader, method, path, json=True) in (FORBIDDEN, NO_SUCH_METHOD), (method, path)


def test_the_accounts_of_systems_are_no_people_who_can_sign_in(world: World) -> None:
    make_caller("leader")
    services = get_user_model().objects.filter(is_service=True)
    assert services and not any(user.has_usable_password() for user in services)
    assert settings.AUTHENTICATION_BACKENDS[1].endswith("PasswordBackend")
