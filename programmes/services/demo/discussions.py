"""Demonstration of what happens after an approval: corrections of reopened reports, and threads about figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from communes.models import Unit
from indicators.models import Comment, Period, Report
from indicators.selectors.definitions import Definitions, definitions_for
from indicators.services.comments import comment
from indicators.services.reports import reopen
from indicators.services.values import CellInput, save_values
from mongcai_portal.accounts.models import User
from programmes.services.demo.people import officer_name

Round = Callable[[Report], None]


class Discussions:
    """Reads `demo_discussions.yaml`.

    Args:
        raw: the file's content.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def correction(self, uid: str, period: str) -> Mapping[str, Any] | None:
        """Return how the report of a commune and period was corrected; None when its first revision stood."""
        return next((c for c in self.raw["corrections"] if (c["unit"], c["period"]) == (uid, period)), None)


def slipped(cells: list[CellInput], correction: Mapping[str, Any], codes: Mapping[str, str]) -> list[CellInput]:
    """Return the cells as they were typed the first time, with the slips; `codes`: element by indicator code."""
    slips = {codes[code]: value for code, value in correction["first"].items()}
    return [_slip(cell, slips[cell.element]) if cell.element in slips else cell for cell in cells]


def _slip(cell: CellInput, value: str) -> CellInput:
    if value == "no_data":
        return CellInput(cell.element, cell.part, state="no_data")
    return CellInput(cell.element, cell.part, raw=value, language="plain")


def correct(
    *,
    report: Report,
    correction: Mapping[str, Any],
    cells: list[CellInput],
    codes: Mapping[str, str],
    officer: User,
    coordinator: User,
    submit_and_verify: Round,
    approve: Round,
) -> None:
    """Reopen an approved report, type what is right, and bring it as far as the file says."""
    reopen(by=coordinator, report_id=report.pk, reason=correction["reason"])
    notes = {codes[code]: text for code, text in correction["note"].items()}
    elements = {codes[code] for code in correction["first"]}
    right = [
        CellInput(c.element, c.part, raw=c.raw, state=c.state, note=notes.get(c.element), language=c.language)
        for c in cells
        if c.element in elements
    ]
    save_values(by=officer, report_id=report.pk, cells=right, all_or_none=True)
    submit_and_verify(report)
    if correction["until"] == "approved":
        approve(report)


def hold_discussions(
    discussions: Discussions,
    users: Mapping[str, User],
    communes: Mapping[str, Unit],
    codes_of: Callable[[Definitions], Mapping[str, str]],
) -> int:
    """Say what has not been said yet; return how many remarks were made."""
    said_before = set(Comment.objects.values_list("token", flat=True))
    made = 0
    for thread in discussions.raw["threads"]:
        period = Period.objects.get(code=thread["period"])
        report = Report.objects.get(unit=communes[thread["unit"]], period=period)
        definitions = definitions_for(period)
        element = definitions.element(codes_of(definitions)[thread["indicator"]])
        assert element is not None, thread
        for position, said in enumerate(thread["says"]):
            name = officer_name(thread["unit"]) if said["by"] == "commune" else f"verifier.{element.office_code}"
            # Always the same token: loading again says nothing twice, also when the file words it otherwise by then.
            place = f"demo:{thread['unit']}:{thread['period']}:{element.code}:{position}"
            token = uuid5(NAMESPACE_URL, place).hex
            if token not in said_before:
                comment(by=users[name], report_id=report.pk, element=element.code, text=said["text"], token=token)
                made += 1
    return made
