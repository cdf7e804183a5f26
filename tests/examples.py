"""`python -m tests.examples`: ask the demonstration data for the examples of the schema, and write them anew.

Run it with PORTAL_VAR_DIR (or DATABASE_URL) naming a database that `manage.py prepare` has just filled, then write the
schema anew. Reads are asked for as other systems ask. Writes happen in one transaction that is taken back: a report is
reopened, typed, submitted, sent back, verified and approved by the people of the demonstration. Long lists inside an
object are cut to their first member.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parents[1]
SITE = "https://portal.example"
DAY, SET, YEAR = "2023-12-31", "NTM_XA_2021_2025", "2023"
POVERTY = "multidimensional_poverty_rate_2021_2025"
HOUSES, ROADS = "households_solid_semi_solid_housing", "village_inter_village_roads_hardened_passable"
READS = {
    "communes": {
        "units_list": f"units/?as_of={DAY}&kind=commune&page_size=1",
        "units_retrieve": f"units/hai-son/?as_of={DAY}",
        "unit_groups_list": f"unit-groups/?as_of={DAY}&page_size=1",
        "offices_list": "offices/?page_size=1",
    },
    "indicators": {
        "criteria_sets_list": f"criteria-sets/?as_of={DAY}&page_size=1",
        "criteria_sets_retrieve": f"criteria-sets/{SET}/?as_of={DAY}",
        "data_elements_list": f"data-elements/?as_of={DAY}&set={SET}&page_size=1",
        "data_elements_retrieve": f"data-elements/{POVERTY}/?as_of={DAY}",
        "attainment_list": f"attainment/?as_of={DAY}&unit=hai-son&page_size=1",
        "attainment_retrieve": "attainment/{attainment}/",
        "attainment_explanation_retrieve": "attainment/{attainment}/explanation/",
        "attainment_matrix_retrieve": f"attainment/matrix/?set={SET}&period={YEAR}",
        "recognitions_list": f"recognitions/?as_of={DAY}&page_size=1",
        "reports_list": f"reports/?unit=hai-son&period={YEAR}&page_size=1",
        "reports_retrieve": "reports/{report}/",
        "reports_values_list": "reports/{report}/values/?page_size=1",
    },
    "programmes": {
        "measures_list": f"measures/?as_of={DAY}&code=ntm.recognised.advanced,ntm.recognised.standard&page_size=1",
        "measures_retrieve": f"measures/ntm.recognised.advanced/?as_of={DAY}",
        "documents_list": "documents/?page_size=1",
        "documents_retrieve": "documents/{document}/",
        "measures_explanation_retrieve": f"measures/ntm.recognised.advanced/explanation/?as_of={DAY}",
        "ocop_products_list": f"ocop-products/?as_of={DAY}&state=live&page_size=1",
        "ocop_products_retrieve": f"ocop-products/{{product}}/?as_of={DAY}",
        "programmes_list": "programmes/?page_size=1",
        "programmes_retrieve": "programmes/NTM/",
        "budget_lines_list": f"budget-lines/?as_of={DAY}&unit=hai-son&year={YEAR}&page_size=1",
        "budget_lines_totals_list": f"budget-lines/totals/?as_of={DAY}&year={YEAR}&by=programme&page_size=1",
        "measures_series_list": f"measures/ntm.recognised.advanced/series/?as_of={DAY}&page_size=10",
        "targets_list": f"targets/?as_of={DAY}&measure=ntm.recognised.advanced&page_size=1",
        "difficulties_list": "difficulties/?page_size=1",
        "difficulties_retrieve": "difficulties/{difficulty}/",
        "tasks_list": "tasks/?page_size=1",
        "tasks_retrieve": "tasks/{task}/",
    },
}


def short(value: Any) -> Any:
    """Cut what lies inside an example: the first of a list, the first three of a mapping by number."""
    if isinstance(value, list):
        return [short(one) for one in value[:1]]
    if isinstance(value, dict):
        kept = [name for name in value if not name.isdigit()] or list(value)[:3]
        return {name: short(value[name]) for name in kept}
    return value.replace("http://testserver", SITE) if isinstance(value, str) else value


class Caller:
    """One person of the demonstration, asking as programs do."""

    def __init__(self, username: str) -> None:
        from django.test import Client

        from mongcai_portal.accounts.models import User

        self.client = Client()
        backend = "mongcai_portal.accounts.backends.PasswordBackend"
        self.client.force_login(User.objects.get(username=username), backend=backend)

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.content.decode())
        return answer

    def send(self, method: str, path: str, body: Any, *, seen: str = "", **headers: str) -> dict[str, Any]:
        """Write, naming the version of what was seen at the address `seen`; return request and answer."""
        if seen:
            headers["If-Match"] = self.get(seen)["ETag"]
        answer = getattr(self.client, method)(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )
        assert answer.status_code in (200, 201), (path, answer.content.decode())
        return {"request": body, "response": short(answer.json())}


def reads(leader: Caller, report: int) -> dict[str, dict[str, Any]]:
    attainment = leader.get(READS["indicators"]["attainment_list"]).json()["results"][0]["id"]
    product = leader.get(READS["programmes"]["ocop_products_list"]).json()["results"][0]["id"]
    document = leader.get(READS["programmes"]["documents_list"]).json()["results"][0]["id"]
    task = leader.get(READS["programmes"]["tasks_list"]).json()["results"][0]["id"]
    difficulty = leader.get(READS["programmes"]["difficulties_list"]).json()["results"][0]["id"]
    numbers = {
        "report": report, "attainment": attainment, "product": product, "task": task, "document": document,
        "difficulty": difficulty,
    }  # fmt: skip
    return {
        app: {name: {"response": short(leader.get(path.format(**numbers)).json())} for name, path in paths.items()}
        for app, paths in READS.items()
    }


def households() -> dict[str, Any]:
    """Write households as their commune's officer, and read them as the coordination office."""
    from mongcai_portal.accounts.models import User
    from tests.walk.households import PURPOSE, make_households

    made = make_households(User.objects.get(username="officer.bacson"))
    coordinator, here = Caller("coordinator"), f"households/{made['household']}/"
    numbers = coordinator.send("post", f"{here}unmask/", {"purpose": PURPOSE})
    return {
        "households_list": {"response": short(coordinator.get("households/?page_size=1").json())},
        "households_retrieve": {"response": short(coordinator.get(here).json())},
        "households_unmask_create": {**numbers, "request": {"purpose": PURPOSE, "person": None}},
    }


def writes(report: int) -> dict[str, Any]:
    """Take a report through all its moves."""
    from indicators.models import Report

    officer, verifier, coordinator = Caller("officer.haison"), Caller("verifier.all"), Caller("coordinator")
    here = f"reports/{report}/"
    Report.objects.filter(unit__uid="hai-son", period__code="2024").delete()
    made = {"reports_create": coordinator.send("post", "reports/", {"unit": "hai-son", "period": "2024"})}
    rows = [
        {"unit": "hai-son", "period": "2024", "element": HOUSES, "value": "96.2"},
        {"unit": "hai-son", "period": "2024", "element": ROADS, "value": "100"},
    ]
    made["reported_values_bulk_create"] = officer.send(
        "post", "reported-values/bulk/", rows, **{"Idempotency-Key": "2024-12-31/0001"}
    )
    made["reports_reopen_create"] = coordinator.send(
        "post", f"{here}reopen/", {"reason": "Sửa tỷ lệ nhà ở theo biên bản kiểm tra"}, seen=here
    )
    made["reports_values_update"] = officer.send(
        "put", f"{here}values/", [{"element": HOUSES, "value": "96.4"}], seen=f"{here}values/"
    )
    made["reports_submit_create"] = officer.send("post", f"{here}submit/", {}, seen=here)
    returned = {"elements": [{"element": HOUSES, "reason": "Chưa khớp biên bản kiểm tra"}]}
    made["reports_send_back_create"] = verifier.send("post", f"{here}send-back/", returned, seen=here)
    officer.send("put", f"{here}values/", [{"element": HOUSES, "value": "96.3"}], seen=f"{here}values/")
    officer.send("post", f"{here}submit/", {}, seen=here)
    made["reports_verify_create"] = verifier.send("post", f"{here}verify/", {"elements": [HOUSES, ROADS]}, seen=here)
    verifier.send("post", f"{here}verify/", {}, seen=here)
    made["reports_approve_create"] = coordinator.send("post", f"{here}approve/", {}, seen=here)
    return made


def money() -> dict[str, Any]:
    """Enter a budget line as the coordination office, and let it be spent and carried over."""
    coordinator = Caller("coordinator")
    line = {
        "programme": "NTM", "component": 5, "unit": "hai-son", "year": 2023, "source": "province",
        "shared_with": ["NQ06"], "kind": "planned", "amount": "1500000000", "on": "2023-01-15",
        "document": "12/QĐ-UBND", "reason": "",
    }  # fmt: skip
    made = {"budget_lines_create": coordinator.send("post", "budget-lines/", line)}
    here = f"budget-lines/{made['budget_lines_create']['response']['id']}/"

    def move(name: str, amount: str, on: str, document: str, reason: str = "") -> None:
        body = {"amount": amount, "on": on, "document": document, "reason": reason}
        operation = f"budget_lines_{name.replace('-', '_')}_create"
        made[operation] = coordinator.send("post", f"{here}{name}/", body, seen=here)

    move("plan", "-100000000", "2023-02-10", "30/QĐ-UBND", "Điều chỉnh kế hoạch đầu năm")
    move("allocate", "1400000000", "2023-03-20", "120/QĐ-UBND")
    move("disburse", "900000000", "2023-09-30", "UNC 41")
    made["budget_lines_retrieve"] = {"response": short(coordinator.get(here).json())}
    move("carry-over", "500000000", "2024-01-31", "15/QĐ-UBND")
    return made


def plans() -> dict[str, Any]:
    """Plan a measure, revise the plan, read it and withdraw it."""
    coordinator = Caller("coordinator")
    start = {"as_of": "2023-12-31", "value": "57", "source": "mongcai_2024"}
    plan = {
        "measure": "poverty.near_poor.count", "unit": "mong-cai", "year": 2025, "value": "20", "unit_code": "household",
        "baseline": start, "source": "KH 52/KH-UBND",
    }  # fmt: skip
    made = {"targets_create": coordinator.send("post", "targets/", plan)}
    here = f"targets/{made['targets_create']['response']['id']}/"
    revision = {name: plan[name] for name in ("unit_code", "baseline", "source")}
    revision |= {"value": "10", "reason": "Điều chỉnh theo kết luận hội nghị"}
    made["targets_revise_create"] = coordinator.send("post", f"{here}revise/", revision, seen=here)
    here = f"targets/{made['targets_revise_create']['response']['id']}/"
    made["targets_retrieve"] = {"response": short(coordinator.get(here).json())}
    made["targets_withdraw_create"] = coordinator.send(
        "post", f"{here}withdraw/", {"reason": "Ghi nhầm năm"}, seen=here
    )
    return made


def work() -> dict[str, Any]:
    """Let the stored results be computed again and compared, here and now."""
    from indicators.services.jobs import start
    from mongcai_portal.accounts.models import User
    from mongcai_portal.common.jobs import run_next

    job = start(by=User.objects.get(username="admin"), kind="recheck")
    assert run_next()
    coordinator = Caller("coordinator")
    return {
        "jobs_list": {"response": short(coordinator.get("jobs/?kind=recheck&page_size=1").json())},
        "jobs_retrieve": {"response": short(coordinator.get(f"jobs/{job.pk}/").json())},
    }


def main() -> None:
    import django

    django.setup()
    import yaml
    from django.db import transaction

    from indicators.models import Report

    report = Report.objects.get(unit__uid="hai-son", period__code=YEAR).pk
    with transaction.atomic():
        found = reads(Caller("leader"), report)
        found["indicators"] |= {**work(), **writes(report)}
        found["communes"] |= households()
        found["programmes"] |= {**money(), **plans()}
        transaction.set_rollback(True)
    for app, examples in found.items():
        text = yaml.safe_dump(examples, allow_unicode=True, sort_keys=False, width=118)
        path = BASE_DIR / app / "api" / "examples.yaml"
        path.write_text(
            f"# Written by `python -m tests.examples` from the demonstration data.\n{text}", encoding="utf-8"
        )
        print(path.relative_to(BASE_DIR), len(examples))


if __name__ == "__main__":
    main()
