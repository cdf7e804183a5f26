"""Loading the demonstration, twice without harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from communes.models import PovertyStandard, Unit
from indicators.models import CriteriaSet, Recognition
from indicators.services.evaluation import evaluate, run_requests
from indicators.services.recognition import recognise
from mongcai_portal.accounts.models import User
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.reference import read_yaml
from programmes.services.demo.difficulties import write_difficulties
from programmes.services.demo.directions import give_directions
from programmes.services.demo.discussions import Discussions, hold_discussions
from programmes.services.demo.documents import publish_report
from programmes.services.demo.money import spend_money
from programmes.services.demo.ocop import fill_ocop, missing_places
from programmes.services.demo.people import CREDENTIALS, cast, make_people
from programmes.services.demo.plans import enter_figures, make_plans
from programmes.services.demo.profile import Profile
from programmes.services.demo.register import Households, fill_register, missing_units
from programmes.services.demo.reports import Stage, fill_reports, open_drafts
from programmes.services.demo.rounds import hold_rounds

DATA = Path(__file__).parent.parent.parent / "data"
# The communes as they were during the three years that the demonstration plays in.
DAY = date(2023, 12, 31)
# And as they are since 01/07/2025.
LATER = date(2025, 12, 31)


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What a load made; all zero when everything stood already."""

    users: int
    households: int
    rounds: int
    reports: int
    drafts: int
    recognitions: int
    comments: int
    products: int
    tasks: int
    evaluated: int
    money: int
    figures: int
    targets: int
    credentials: Path
    documents: int = 0
    difficulties: int = 0


def load_demo(*, folder: Path, password: str = "") -> DemoSummary:
    """Make people, reports, recognitions, figures and plans that do not exist yet, and evaluate once.

    All through the services.

    Args:
        folder: where `demo-credentials.txt` is written.
        password: one password for all, instead of a random one each.

    Raises:
        Invalid: the reference data are not loaded.
    """
    profile = Profile(read_yaml(DATA / "demo_reports.yaml"))
    uids = profile.raw["communes"]
    households = Households(read_yaml(DATA / "demo_households.yaml"))
    products = read_yaml(DATA / "demo_ocop.yaml")
    places = {unit.uid: unit for unit in Unit.objects.on(DAY)}
    found = {uid: places[uid] for uid in uids if uid in places}
    later = [uid for row in profile.raw["open_periods"] for uid in row.get("communes", ())]
    new = {unit.uid: unit for unit in Unit.objects.on(LATER).filter(uid__in=later)}
    missing = [uid for uid in (*uids, *later) if uid not in found and uid not in new]
    missing += [uid for uid in missing_units(households, list(places)) if uid not in missing]
    faults = [
        Fault(f"/communes/{uid}", "unknown_unit", _("Không có đơn vị “%(name)s”.") % {"name": uid}) for uid in missing
    ]
    faults += missing_places(products, places)
    published = set(CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED).values_list("code", flat=True))
    faults += [
        Fault(f"/sets/{level}", "unknown_set", _("Không có bộ tiêu chí “%(code)s”.") % {"code": code})
        for level, code in profile.raw["sets"].items()
        if code not in published
    ]
    standard = households.raw["opening"]["standard"]
    if not PovertyStandard.objects.filter(code=standard).exists():
        message = _("Không có chuẩn nghèo “%(code)s”.") % {"code": standard}
        faults.append(Fault("/opening/standard", "unknown_standard", message))
    if faults:
        raise Invalid(faults)
    communes = [found[uid] for uid in uids]
    successors = [new[uid] for uid in later]
    before = User.objects.count()
    # The data are Vietnamese, whatever the language of whoever loads them.
    wards = [places[uid] for uid in households.units_with_cases() if uid not in found]
    with override("vi"):
        users = make_people(cast(communes, successors, wards), folder=folder, password=password)
        registered = fill_register(households, {uid: unit.kind for uid, unit in places.items()})
        rounds = hold_rounds(households, users, places)
        discussions = Discussions(read_yaml(DATA / "demo_discussions.yaml"))
        stage = Stage(profile, discussions, users, communes, successors)
        reports, drafts = fill_reports(stage), open_drafts(stage)
        comments = hold_discussions(discussions, users, found, profile.codes)
        tasks = give_directions(read_yaml(DATA / "directions_2024.yaml"), by=users["coordinator"])
        recognitions = _recognitions(users["coordinator"], found)
        registered_products = fill_ocop(products, users, places)
        evaluated = _evaluate()
        money = spend_money(read_yaml(DATA / "demo_budget.yaml"), by=users["coordinator"])
        plans = read_yaml(DATA / "demo_targets.yaml")
        figures = enter_figures(plans, users)
        targets = make_plans(plans, users["coordinator"])
        difficulties = write_difficulties(read_yaml(DATA / "demo_difficulties.yaml"), users)
        documents = publish_report(users["coordinator"])
    return DemoSummary(
        users=User.objects.count() - before,
        households=registered,
        rounds=rounds,
        reports=reports,
        drafts=drafts,
        recognitions=recognitions,
        comments=comments,
        products=registered_products,
        tasks=tasks,
        evaluated=evaluated,
        money=money,
        figures=figures,
        targets=targets,
        credentials=folder / CREDENTIALS,
        documents=documents,
        difficulties=difficulties,
    )


def _recognitions(coordinator: User, units: dict[str, Unit]) -> int:
    held = set(Recognition.objects.values_list("unit__uid", "level__code", "decided_on"))
    made = 0
    for row in read_yaml(DATA / "demo_recognitions.yaml")["recognitions"]:
        day, precision = _decided(row)
        if (row["unit"], row["level"], day) in held:
            continue
        recognise(
            by=coordinator,
            unit=units[row["unit"]],
            level=row["level"],
            decided_on=day,
            date_precision=precision,
            provenance=row["provenance"],
            source=row.get("source", ""),
            note=row.get("note", ""),
        )
        made += 1
    return made


def _decided(row: dict[str, Any]) -> tuple[date, str]:
    """Return the day; a source that names the year only gives that year's last day."""
    if "year" in row:
        return date(row["year"], 12, 31), "year"
    return date.fromisoformat(row["decided_on"]), "day"


def _evaluate() -> int:
    """Close the requests that the approvals left, then make sure that nothing is missing."""
    return run_requests() + evaluate().written
