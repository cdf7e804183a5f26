"""Demonstration reports: opened, filled, submitted, verified office by office and approved, as people would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from communes.models import Unit
from indicators.models import Period, Report, ReportedValue
from indicators.rules.evaluate import evaluate_indicator
from indicators.rules.types import MET, NOT_MET, UNDETERMINED
from indicators.selectors.data import unit_data
from indicators.selectors.definitions import Definitions, contexts, definitions_for
from indicators.services.evidence import attach
from indicators.services.reports import approve, open_period, open_report, submit
from indicators.services.values import save_values
from indicators.services.verification import verify
from mongcai_portal.accounts.models import User
from programmes.services.demo.discussions import Discussions, correct, slipped
from programmes.services.demo.evidence import evidence_files
from programmes.services.demo.people import officer_name
from programmes.services.demo.profile import Profile


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the play takes place: the file, the people, the communes, and those that came after them."""

    profile: Profile
    discussions: Discussions
    users: Mapping[str, User]
    communes: Sequence[Unit]
    successors: Sequence[Unit] = ()

    @property
    def coordinator(self) -> User:
        return self.users["coordinator"]


def fill_reports(stage: Stage) -> int:
    """Make the approved reports of the three years that do not exist yet; return how many."""
    made = 0
    for row in stage.profile.raw["periods"]:
        period = _period(stage, row)
        definitions = definitions_for(period)
        for unit in _without_report(stage, period):
            # One report, one short transaction: whoever works meanwhile waits a moment, and a break leaves no half.
            with transaction.atomic():
                _play(stage, unit, period, definitions)
            made += 1
    return made


def open_drafts(stage: Stage) -> int:
    """Open the next years' reports and leave them empty, so that officers have something to do."""
    opened = 0
    for row in stage.profile.raw["open_periods"]:
        period = _period(stage, row)
        waiting = _without_report(stage, period, row.get("communes"))
        for unit in waiting:
            # Not illustrative: nothing in them is made up, what stands there later was typed by someone.
            open_report(by=stage.coordinator, unit=unit, period=period)
        opened += len(waiting)
    return opened


def _period(stage: Stage, row: Mapping[str, str]) -> Period:
    # A period that someone opened with a deadline of their own keeps it.
    found = Period.objects.filter(code=row["code"]).first()
    return found or open_period(by=stage.coordinator, code=row["code"], due_on=date.fromisoformat(row["due_on"]))


def _without_report(stage: Stage, period: Period, uids: Sequence[str] | None = None) -> list[Unit]:
    reported = set(Report.objects.filter(period=period).values_list("unit_id", flat=True))
    communes = stage.communes if uids is None else [unit for unit in stage.successors if unit.uid in uids]
    return [unit for unit in communes if unit.pk not in reported]


def _play(stage: Stage, unit: Unit, period: Period, definitions: Definitions) -> None:
    officer = stage.users[officer_name(unit.uid)]
    report = open_report(by=stage.coordinator, unit=unit, period=period, illustrative=True)
    # What the register of households says is not typed.
    given = ReportedValue.objects.filter(report=report).exclude(derived_from="")
    derived = set(given.values_list("element__code", flat=True))
    cells = list(stage.profile.cells(definitions, unit.uid, period.code, derived))
    correction, codes = stage.discussions.correction(unit.uid, period.code), stage.profile.codes(definitions)
    first = slipped(cells, correction, codes) if correction else cells
    save_values(by=officer, report_id=report.pk, cells=first, all_or_none=True)
    for element, files in evidence_files(stage.profile, definitions, unit, period.code).items():
        attach(by=officer, report_id=report.pk, element=element, files=files)

    def submit_and_verify(report: Report) -> None:
        submit(by=officer, report_id=report.pk)
        _verify(stage, report, definitions, unit, period)

    def approve_it(report: Report) -> None:
        approve(by=stage.coordinator, report_id=report.pk)

    submit_and_verify(report)
    approve_it(report)
    if correction:
        correct(
            report=report,
            correction=correction,
            cells=cells,
            codes=codes,
            officer=officer,
            coordinator=stage.coordinator,
            submit_and_verify=submit_and_verify,
            approve=approve_it,
        )


def _verify(stage: Stage, report: Report, definitions: Definitions, unit: Unit, period: Period) -> None:
    """Let every office verify its own elements, and judge where no norm is known."""
    report.refresh_from_db()
    judgements = _judgements(stage, report, definitions, unit, period)
    for office in sorted({element.office_code for element in definitions.elements}):
        elements = [element.code for element in definitions.elements if element.office_code == office]
        verify(
            by=stage.users[f"verifier.{office}"],
            report_id=report.pk,
            elements=elements,
            judgements={code: judgements[code] for code in elements if code in judgements},
        )


def _judgements(
    stage: Stage, report: Report, definitions: Definitions, unit: Unit, period: Period
) -> dict[str, dict[str, str]]:
    """Return the offices' judgements where no norm is known: element → set → outcome."""
    not_met = stage.profile.judged_not_met(unit.uid, period.code)
    waiting = stage.profile.not_judged(unit.uid, period.code)
    sets = {one.code: one for one in definitions.sets}
    rules: dict[str, Any] = {
        "sets": sets,
        "context": contexts([unit.pk], period.ends_on, definitions.commune_groups)[unit.pk],
        "data": unit_data(report, report.revision, period.ends_on.year),
    }
    judged: dict[str, dict[str, str]] = {}
    for one in definitions.sets:
        for indicator in (i for c in one.criteria for i in c.indicators):
            place = (one.code, indicator.code)
            if place in waiting or indicator.derived_from_attainment:
                continue
            if evaluate_indicator(indicator, criteria_set=one, **rules).outcome == UNDETERMINED:
                outcome = NOT_MET if place in not_met else MET
                judged.setdefault(indicator.element, {})[one.code] = outcome
    return judged
