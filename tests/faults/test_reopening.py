"""Windows that reopen a report or send a remark in the same moment: it happens once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.factories.live import LiveTown
from tests.factories.windows import Answer
from tests.faults.test_windows import at_once

pytestmark = pytest.mark.worker


def approved_report(town: LiveTown, uid: str) -> int:
    [(report,)] = town.rows(
        "SELECT r.id FROM indicators_report r JOIN communes_unit u ON u.id = r.unit_id"
        f" JOIN indicators_period p ON p.id = r.period_id WHERE u.uid = '{uid}' AND p.code = '2023'"
    )
    return int(report)


def test_windows_that_reopen_at_once_make_one_revision(town: LiveTown) -> None:
    report = approved_report(town, "quang-nghia")
    windows = [town.window("coordinator") for _ in range(3)]
    forms = [window.get(f"/reports/{report}/verify/").form(f"/reports/{report}/reopen/") for window in windows]

    def reopen(window: Any, form: Any, number: int) -> Answer:
        return window.post(form.action, {**form.fields, "reason": f"Lý do {number}"})

    answers = at_once(
        [
            lambda w=window, f=form, n=number: reopen(w, f, n)
            for number, (window, form) in enumerate(zip(windows, forms, strict=True))
        ]
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert town.rows(f"SELECT count(*), max(number) FROM indicators_reportrevision WHERE report_id = {report}") == [
        (2, 2)
    ]
    [(_one, first), (_two, second)] = town.rows(
        f"SELECT revision, count(*) FROM indicators_reportedvalue WHERE report_id = {report}"
        " GROUP BY revision ORDER BY revision"
    )
    assert first == second, "every value was copied once"
    assert town.events("report.reopened", report) == 1


def test_a_remark_whose_button_is_pressed_thrice_stands_once(town: LiveTown) -> None:
    report = approved_report(town, "hai-son")
    window = town.window("officer.haison")
    found = re.search(rf"/reports/{report}/values/(\w+)/", window.get(f"/reports/{report}/").html)
    assert found is not None
    path, element = found[0], found[1]
    form = window.get(path).form("comment-form")
    sent = {**form.fields, f"text:{element}": "Theo biểu 02", f"token:{element}": "a" * 32}
    answers = at_once([lambda: window.post(f"{path}comments/", sent) for _ in range(3)])
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert town.rows(f"SELECT count(*) FROM indicators_comment WHERE report_id = {report}") == [(1,)]
    assert town.events("report.commented", report) == 1
