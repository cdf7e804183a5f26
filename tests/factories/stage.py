"""Brings reports of the demonstration's communes up to a status, through the services.

`Portal.tell("stage", "verified", "--period=2024", "--unit=hai-son")` does so on a running portal's data and answers
{unit uid: report id} as JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

FAILING = "17.11"  # the indicator whose value is changed to make a report attain or not: a share, at least 30 %
MET, SHORT = "70", "12"
REASON = "Không có ở xã"
# What a commune answers where a decree has begun to ask in mid-year and there is nothing to carry over.
NEW = {"boolean": True, "percent": "100"}


def stage(
    status: str, period_code: str, uids: Iterable[str], *, changes: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, int]:
    """Open the period and the reports where needed, fill them with the last approved values, and move them on.

    `changes`: unit uid → {element: value as the API writes it}.
    """
    from django.db import transaction

    from communes.models import Unit
    from indicators.models import Period, Report
    from indicators.services.reports import open_period, open_report, submit
    from indicators.services.values import save_values
    from indicators.services.verification import verify
    from mongcai_portal.accounts.models import User
    from mongcai_portal.common.periods import parse_period
    from programmes.services.demo.people import officer_name

    people = {user.username: user for user in User.objects.all()}
    coordinator = people["coordinator"]
    period = Period.objects.filter(code=period_code).first() or open_period(
        by=coordinator, code=period_code, due_on=parse_period(period_code).ends_on + timedelta(days=15)
    )
    made = {}
    for unit in Unit.objects.filter(uid__in=list(uids)):
        with transaction.atomic():
            report = Report.objects.filter(unit=unit, period=period).first() or open_report(
                by=coordinator, unit=unit, period=period
            )
            made[unit.uid] = report.pk
            if status == "draft":
                continue
            officer = people[officer_name(unit.uid)]
            cells = _carried_over(report, (changes or {}).get(unit.uid, {}))
            save_values(by=officer, report_id=report.pk, cells=cells, all_or_none=True)
            if status == "filled":
                continue
            submit(by=officer, report_id=report.pk)
            if status == "verified":
                verify(by=people["verifier.all"], report_id=report.pk, judgements=_judged_met(report))
    return made


def _carried_over(report: Any, changes: Mapping[str, str]) -> list[Any]:
    from django.db.models import F

    from indicators.models import Report, ReportedValue
    from indicators.selectors.definitions import definitions_for
    from indicators.services.values import CellInput

    last = (
        Report.objects.approved()
        .filter(unit=report.unit_id, period__ends_on__lt=report.period.ends_on)
        .order_by("-period__ends_on")
        .first()
    )
    rows = {
        (row.element.code, row.part): row
        for row in ReportedValue.objects.filter(report=last, revision=F("report__approved_revision")).select_related(
            "element"
        )
    }
    cells = []
    for element in definitions_for(report.period).elements:
        for cell in element.cells:
            row = rows.get((element.code, cell.part))
            if element.code in changes:
                cells.append(CellInput(element.code, cell.part, raw=changes[element.code], language="plain"))
            elif row is None:  # asked since 01/03/2024 only
                assert cell.value_type in NEW, f"{element.code} has no earlier value"
                cells.append(CellInput(element.code, cell.part, raw=NEW[cell.value_type], language="plain"))
            elif row.state != ReportedValue.State.VALUE:
                cells.append(CellInput(element.code, cell.part, state=row.state, reason=row.reason))
            else:
                value = next((v for v in (row.number, row.boolean) if v is not None), row.choice)
                cells.append(CellInput(element.code, cell.part, raw=value, language="plain"))
    return cells


def _judged_met(report: Any) -> dict[str, dict[str, str]]:
    from indicators.rules.evaluate import evaluate_indicator
    from indicators.rules.types import MET as JUDGED
    from indicators.rules.types import UNDETERMINED
    from indicators.selectors.data import unit_data
    from indicators.selectors.definitions import contexts, definitions_for

    definitions = definitions_for(report.period)
    rules: dict[str, Any] = {
        "sets": {one.code: one for one in definitions.sets},
        "context": contexts([report.unit_id], report.period.ends_on, definitions.commune_groups)[report.unit_id],
        "data": unit_data(report, report.revision, report.period.ends_on.year),
    }
    judged: dict[str, dict[str, str]] = {}
    for one in definitions.sets:
        for indicator in (i for c in one.criteria for i in c.indicators):
            if evaluate_indicator(indicator, criteria_set=one, **rules).outcome == UNDETERMINED:
                judged.setdefault(indicator.element, {})[one.code] = JUDGED
    return judged


def main(arguments: list[str]) -> None:
    from tests.factories.demo import element_of

    parser = argparse.ArgumentParser()
    parser.add_argument("status", choices=["draft", "filled", "submitted", "verified"])
    parser.add_argument("--period", default="2024")
    parser.add_argument("--unit", action="append", default=[], help="a commune that attains the standard by it")
    parser.add_argument("--short", action="append", default=[], help="a commune that does not")
    given = parser.parse_args(arguments)
    waste = element_of(FAILING).code
    changes = {uid: {waste: MET} for uid in given.unit} | {uid: {waste: SHORT} for uid in given.short}
    print(json.dumps(stage(given.status, given.period, changes, changes=changes)))
