"""Tables 2 and 3: how many became poor or near poor within the year and how many no longer are, by cause."""

from __future__ import annotations

from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.poverty.flows import ESCAPED, Account
from communes.rules.poverty.report_tables import CAME, ESCAPED_TO_NEAR, ESCAPED_TO_NOT, LEFT, OTHER, TABLES
from communes.selectors.poverty_flows import Flows, poverty_flows
from communes.selectors.poverty_tables.extent import Extent, Line, TableData, with_total

OPENING, CLOSING, LEFT_TOTAL, CAME_TOTAL = "opening", "closing", "left", "came"


def flows_of(extent: Extent) -> Flows:
    """Return the accounts of villages within a unit, else of all units, those gone by the closing day among them."""
    if extent.unit is None:
        return poverty_flows(extent.opening, extent.closing, extent.standard.code)
    places = {extent.unit.unit_id: extent.unit.unit_id}
    return poverty_flows(extent.opening, extent.closing, extent.standard.code, places=places, by_village=True)


def changes_table(extent: Extent, number: int) -> TableData:
    """Tables 2 and 3: opening balance, who left and who came by cause, closing balance; every line adds up.

    A village that passed to another unit within the year has its line where it lies on the closing day; its account
    begins with the boundary.
    """
    status = TABLES[number].status
    found = flows_of(extent)
    lines = [
        Line(name, account_cells(status, found.accounts.get((key, status)) or Account())) for key, name in extent.lines
    ]
    # Villages and units that are gone by the closing day have accounts, too: what they lost is somebody's gain.
    known = {key for key, _name in extent.lines}
    gone = [one for (place, what), one in found.accounts.items() if what == status and place not in known]
    if gone:
        lines.append(Line("", account_cells(status, _together(gone))))
    columns = (
        OPENING, *(f"left_{cause}" for cause in LEFT[status]), LEFT_TOTAL, *(f"came_{cause}" for cause in CAME[status]),
        CAME_TOTAL, CLOSING,
    )  # fmt: skip
    return TableData(number, columns, with_total(lines, columns))


def _together(accounts: list[Account]) -> Account:
    whole = Account()
    for one in accounts:
        whole.opening += one.opening
        whole.closing += one.closing
        whole.came += one.came
        whole.left += one.left
        whole.escaped_to += one.escaped_to
    return whole


def account_cells(status: str, account: Account) -> dict[str, int]:
    """Return an account by column: every cause has one, so that opening − left + came = closing."""
    left, came = dict(account.left), dict(account.came)
    if status == POOR:
        left.pop(ESCAPED, None)
        left |= {ESCAPED_TO_NEAR: account.escaped_to[NEAR_POOR], ESCAPED_TO_NOT: account.escaped_to[NOT_POOR]}
    cells = {OPENING: account.opening, CLOSING: account.closing}
    for side, causes, told in (("left", LEFT[status], left), ("came", CAME[status], came)):
        named = {cause: told.get(cause, 0) for cause in causes if cause != OTHER}
        cells |= {f"{side}_{cause}": number for cause, number in named.items()}
        cells[side] = sum(told.values())
        cells[f"{side}_{OTHER}"] = cells[side] - sum(named.values())
    return cells
