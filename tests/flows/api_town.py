"""A town that has one of everything the API serves, and for each operation a call that is right there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from communes.models import Household, RoleAssignment
from indicators.models import Attainment, Recognition, Report
from indicators.services.evaluation import run_requests
from mongcai_portal.accounts.models import ApiClient
from mongcai_portal.common.models import Job
from programmes.models import BudgetLine, Difficulty, OcopProduct, PeriodReport, Target, Task
from tests.factories.budget import make_line, make_programmes
from tests.factories.classifications import make_counted, make_standard_year
from tests.factories.clients import ApiCaller, make_caller
from tests.factories.difficulties import make_difficulty
from tests.factories.documents import make_period_report
from tests.factories.households import make_village
from tests.factories.ocop import make_certificate, make_product
from tests.factories.plans import make_figure, make_target
from tests.factories.registers import Registry
from tests.factories.tasks import make_task
from tests.factories.world import World, bring_to, make_period, make_person, make_report, make_world

SCOPES = ("read", "write", "households.aggregate", "households.identified")
MEASURE = "cooperatives.effective.count"
SPAN = {"standard": "standard", "from": "2021-12-31", "to": "2022-12-31", "unit": "commune-1"}
HERE = {"unit": "commune-1", "as_of": "2023-12-31"}
MOVE = {"on": "2023-03-20", "document": "120/QĐ-UBND"}
BASE = {"as_of": "2023-12-31", "value": "3", "source": "Báo cáo 12/BC-UBND"}
PLAN = {"value": "8", "unit_code": "cooperative", "baseline": BASE, "source": "KH 52/KH-UBND"}


@dataclass(frozen=True)
class Right:
    """What to put into an operation's address, question and body so that it is answered; `{id}` of `which` object."""

    which: str = ""
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Town:
    """Who asks, the keys that exist by their names, the objects' numbers, and the tags of what has been read."""

    headers: dict[str, str]
    known: dict[str, list[str]]
    ids: dict[str, dict[str, str]]
    tags: dict[tuple[str, str], str]

    def known_to(self, path: str) -> dict[str, list[str]]:
        """The keys, with the numbers of the objects that an address is about."""
        return {**self.known, "id": list(self.ids.get(kind_of(path), {}).values()) or ["1"]}


def kind_of(path: str) -> str:
    """Return which objects an address is about: `reports` of `/api/v1/reports/{id}/values/`."""
    return path.split("/")[3]


# By the operation, method and address without `/api/v1/`. Lists that need no question are not written here.
RIGHT: dict[str, Right] = {
    "GET attainment/{id}/": Right("one"),
    "GET attainment/{id}/explanation/": Right("one"),
    "GET attainment/matrix/": Right(query={"period": "2023", "set": "SMALL"}),
    "POST budget-lines/": Right(
        body={"programme": "NTM", "component": 2, "unit": "commune-2", "year": 2023, "source": "province",
              "shared_with": ["NQ06"], "amount": "6200000000", **MOVE}
    ),
    "GET budget-lines/{id}/": Right("one"),
    "POST budget-lines/{id}/allocate/": Right("one", body={"amount": "100000000", **MOVE}),
    "POST budget-lines/{id}/carry-over/": Right("one", body={"amount": "100000000", **MOVE, "on": "2024-01-31"}),
    "POST budget-lines/{id}/disburse/": Right("one", body={"amount": "100000000", **MOVE}),
    "POST budget-lines/{id}/plan/": Right("one", body={"amount": "100000000", **MOVE, "reason": "Điều chỉnh"}),
    "GET charts/{name}": Right(path={"name": f"{MEASURE}.svg"}, query=HERE),
    "GET charts/household-flows.{kind}": Right(path={"kind": "svg"}, query=SPAN),
    "GET criteria-sets/{code}/": Right(path={"code": "SMALL"}),
    "GET data-elements/{code}/": Right(path={"code": "roads"}),
    "GET difficulties/{id}/": Right("one"),
    "GET documents/{id}/": Right("one"),
    "GET documents/{id}/file/": Right("one"),
    "GET households/{id}/": Right("one"),
    "POST households/{id}/unmask/": Right("one", body={"purpose": "Đối chiếu hồ sơ bảo hiểm y tế của hộ"}),
    "GET households/statistics/": Right(query={"standard": "standard"}),
    "GET households/statistics/flows/": Right(query=SPAN),
    "GET jobs/{id}/": Right("one"),
    "GET measures/": Right(query=HERE),
    "GET measures/{code}/": Right(path={"code": MEASURE}, query=HERE),
    "GET measures/{code}/explanation/": Right(path={"code": MEASURE}, query=HERE),
    "GET measures/{code}/series/": Right(path={"code": MEASURE}, query=HERE),
    "GET ocop-products/{id}/": Right("one"),
    "GET programmes/{code}/": Right(path={"code": "NTM"}),
    "POST reported-values/bulk/": Right(
        body=[{"unit": "commune-2", "period": "2023", "element": "roads", "value": "96.4"}],
        headers={"Idempotency-Key": "mot-lan-gui-0001"},
    ),
    "POST reports/": Right(body={"unit": "commune-3", "period": "2023"}),
    "GET reports/{id}/": Right("approved"),
    "POST reports/{id}/approve/": Right("verified", body={}),
    "POST reports/{id}/reopen/": Right("approved", body={"reason": "Sửa số hộ theo kết quả rà soát"}),
    "POST reports/{id}/send-back/": Right(
        "submitted", body={"elements": [{"element": "insured", "reason": "Chưa khớp số của Bảo hiểm xã hội"}]}
    ),
    "POST reports/{id}/submit/": Right("draft", body={}),
    "GET reports/{id}/values/": Right("approved"),
    "PUT reports/{id}/values/": Right(
        "draft", body=[{"element": "roads", "value": "91.5"}, {"element": "insured", "value": {"male": "94"}}]
    ),
    "POST reports/{id}/verify/": Right("submitted", body={"judgements": {"roads": "met"}}),
    "GET targets/": Right(query=HERE),
    "POST targets/": Right(body={"measure": MEASURE, "unit": "commune-2", "year": 2024, **PLAN}),
    "GET targets/{id}/": Right("one"),
    "POST targets/{id}/revise/": Right("one", body={**PLAN, "reason": "Điều chỉnh theo kết luận hội nghị"}),
    "POST targets/{id}/withdraw/": Right("one", body={"reason": "Ghi nhầm năm"}),
    "GET tasks/{id}/": Right("one"),
    "GET units/{uid}/": Right(path={"uid": "commune-1"}),
}  # fmt: skip


def make_town() -> Town:
    """Make the town and a system that may do everything in it: every role, every scope."""
    world = make_world(communes=3)
    make_programmes()
    reports = _reports(world)
    run_requests()
    _things(world)
    _households(world)
    caller = _caller(world)
    one = {
        "attainment": Attainment, "budget-lines": BudgetLine, "difficulties": Difficulty, "documents": PeriodReport,
        "households": Household, "jobs": Job, "ocop-products": OcopProduct, "targets": Target, "tasks": Task,
    }  # fmt: skip
    ids = {kind: {"one": str(model.objects.earliest("pk").pk)} for kind, model in one.items()}
    ids["reports"] = {status: str(report.pk) for status, report in reports.items()}
    written = {kind_of(f"/api/v1/{label.split()[1]}") for label, right in RIGHT.items() if right.body is not None}
    return Town(
        headers={"Authorization": caller.client.defaults["HTTP_AUTHORIZATION"]},
        known={
            "uid": ["commune-1", "pho"],
            "code": ["SMALL", "roads", "ntm_assessed", "ntm.recognised.standard", MEASURE, "NTM"],
            "unit": ["commune-1", "commune-2", "pho"],
            "area": ["commune-1", "pho"],
            "period": ["2023", "2022", "2021"],
            "set": ["SMALL"],
            "element": ["roads", "insured", "plan", "houses"],
            "measure": [MEASURE, "ntm.recognised.standard"],
            "programme": ["NTM", "NQ06"],
            "source": ["province", "commune"],
            "office": ["a", "b"],
            "standard": ["standard"],
            "name": [f"{MEASURE}.svg", f"{MEASURE}.json", "ntm.attained.standard.svg"],
            "from": ["2021-12-31", "2022-12-31"],
            "to": ["2022-12-31", "2023-12-31"],
        },
        ids=ids,
        tags={
            (kind, pk): caller.get(f"{kind}/{pk}/").headers.get("ETag", "")
            for kind in written & set(ids)
            for pk in ids[kind].values()
        },
    )


def _reports(world: World) -> dict[str, Report]:
    """A report of every status; the draft is filled in."""
    second = make_person("officer_2", "commune_officer", unit=world.communes[1])
    made = {
        "approved": bring_to(world, "approved"),
        "verified": bring_to(world, "verified", report=make_report(world, period=make_period("2022"))),
        "submitted": bring_to(world, "submitted", report=make_report(world, period=make_period("2021"))),
        "draft": bring_to(world, "draft", report=make_report(world, world.communes[1]), officer=second),
    }
    Recognition.objects.create(
        unit=world.commune, level_id=world.criteria_set.level_id, decision_number="1/QĐ", provenance="sourced",
        decided_on=world.period.ends_on, recorded_at=made["approved"].created_at,
    )  # fmt: skip
    return made


def _things(world: World) -> None:
    commune, coordinator, now = world.commune, world.people["coordinator"], timezone.now()
    make_line(commune, allocated=500_000_000, disbursed=100_000_000)
    make_target(commune)
    for year in (2021, 2022, 2023):
        make_figure(commune, as_of=date(year, 12, 31), value=year - 2020)
    make_difficulty(coordinator, unit=commune.uid)
    make_task(coordinator, unit=commune.uid, steps=["Bước một"])
    make_period_report(commune, "published")
    make_certificate(make_product(commune), date(2023, 6, 1))
    Job.objects.create(kind="recheck", state="failed", error="x", asked_at=now, not_before=now, finished_at=now)


def _households(world: World) -> None:
    """Villages of two communes with counted households."""
    since = {"valid_from": date(2020, 1, 1)}
    villages = {
        "thon-1": make_village(world.communes[0], "thon-1", **since),
        "thon-tra-co": make_village(world.communes[1], "thon-tra-co", **since),
    }
    people = world.people
    registry = Registry(
        unit=world.communes[0], ward=world.communes[1], village=villages["thon-1"], officer=people["officer"],
        stranger=people["other_officer"], coordinator=people["coordinator"], leader=people["leader"],
        villages=villages,
    )  # fmt: skip
    make_standard_year(make_counted(registry))


def _caller(world: World) -> ApiCaller:
    caller = make_caller("commune_officer", units=["commune-1", "commune-2"], scopes=SCOPES)
    user = ApiClient.objects.get().user
    for role in ("coordinator", "leader", "administrator"):
        RoleAssignment.objects.create(user=user, role=role)
    for office in world.offices.values():
        RoleAssignment.objects.create(user=user, role="sector_verifier", office=office)
    return caller
