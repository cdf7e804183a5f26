"""Two windows at once, on a running portal: one wins, the other is told, nothing is lost and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests

from tests.factories.live import SWEPT_SECONDS, LiveTown
from tests.factories.windows import Answer, send

pytestmark = pytest.mark.worker

CELL = "income_per_person"


def at_once(steps: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Take all steps in the same moment, each in a thread of its own."""
    gate = Barrier(len(steps))

    def take(step: Callable[[], Answer]) -> Answer:
        gate.wait(timeout=10)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(take, steps))


@pytest.fixture(scope="module")
def cells(town: LiveTown) -> tuple[str, str]:
    """Two cells of the form: average income, and the share of households that sort their waste."""
    found = town.rows(
        "SELECT DISTINCT i.code, e.code FROM indicators_dataelement e"
        " JOIN indicators_indicatorversion v ON v.element_id = e.id"
        " JOIN indicators_indicator i ON i.id = v.indicator_id"
        " JOIN indicators_criterion c ON c.id = i.criterion_id"
        " JOIN indicators_criteriaset s ON s.id = c.criteria_set_id"
        " WHERE s.code = 'NTM_XA_2021_2025' AND i.code IN ('10', '17.11') ORDER BY i.code"
    )
    return found[0][1], found[1][1]


def test_two_windows_that_approve_at_once_approve_once(town: LiveTown) -> None:
    [report] = town.stage("verified", "hai-son").values()
    windows = [town.coordinator(report) for _ in range(4)]
    shown = [window.opens_the_page() for window in windows]
    answers = at_once(
        [lambda w=window, page=page: w.approves(page) for window, page in zip(windows, shown, strict=True)]
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    told = [answer for answer in answers if answer.status == 409]
    assert all("cán bộ văn phòng điều phối" in answer.text.lower() for answer in told), "who was first is named"
    assert town.events("report.approved", report) == 1
    town.wait_for_outcome(report, "met", SWEPT_SECONDS)
    assert town.rows(
        "SELECT count(*) FROM indicators_evaluationrequest q JOIN indicators_report r"
        f" ON r.unit_id = q.unit_id AND r.period_id = q.period_id WHERE r.id = {report}"
    ) == [(1,)]


def test_two_programs_that_approve_at_once_approve_once(town: LiveTown) -> None:
    [report] = town.stage("verified", "vinh-thuc").values()
    token = town.token("coordinator", "write")

    def approve() -> Answer:
        answer = requests.post(
            f"{town.portal.url}/api/v1/reports/{report}/approve/",
            json={},
            headers={"Authorization": f"Bearer {token}", "If-Match": "*"},
            timeout=30,
        )
        return Answer(answer.status_code, answer.headers["Content-Type"], answer.text)

    answers = sorted(at_once([approve] * 3), key=lambda answer: answer.status)
    assert [answer.status for answer in answers] == [200, 409, 409], answers
    assert {answer.path for answer in answers[1:]} == {"application/problem+json"}
    assert town.events("report.approved", report) == 1


def test_approving_while_an_office_sends_back_does_one_or_the_other(town: LiveTown, cells: tuple[str, str]) -> None:
    [report] = town.stage("verified", "hai-dong").values()
    coordinator, office = town.coordinator(report), town.verifier("verifier.all", report)
    page = coordinator.opens_the_page()
    form = office.opens_the_page().form("verify")
    form.fields |= {f"d:{cells[1]}": "return", f"reason:{cells[1]}": "Xem lại số này"}
    answers = at_once([lambda: coordinator.approves(page), lambda: send(office.window, form, action="save")])
    [(status,)] = town.rows(f"SELECT status FROM indicators_report WHERE id = {report}")
    assert [answer.status for answer in answers] == {"approved": [200, 409], "returned": [409, 200]}[status]
    assert town.events("report.approved", report) + town.events("report.sent_back", report) == 1


def test_two_windows_that_fill_the_same_empty_cell_at_once_keep_one_value_and_tell_the_other(
    town: LiveTown, cells: tuple[str, str]
) -> None:
    income, waste = cells
    [report] = town.stage("draft", "hai-tien").values()
    windows = [town.officer("hai-tien", report) for _ in range(3)]
    forms = [window.form() for window in windows]
    typed = ["71,1", "72,2", "73,3"]
    answers = at_once(
        [
            lambda w=window, f=form, text=text: w.types({income: text}, f)
            for window, form, text in zip(windows, forms, typed, strict=True)
        ]
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    winner = typed[[answer.status for answer in answers].index(200)]
    [(number,)] = town.rows(
        "SELECT v.number FROM indicators_reportedvalue v JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE v.report_id = {report} AND e.code = '{income}'"
    )
    assert float(number) == float(winner.replace(",", "."))
    for answer, own in zip(answers, typed, strict=True):
        if answer.status == 409:
            assert answer.form("entry").fields[f"v:{income}:"] == own, "what was typed still stands in the form"
            assert winner in answer.text, "and so does what the other window stored"


def test_a_conflict_in_one_cell_loses_no_other(town: LiveTown, cells: tuple[str, str]) -> None:
    income, waste = cells
    [report] = town.stage("draft", "hai-xuan").values()
    first, second = town.officer("hai-xuan", report), town.officer("hai-xuan", report)
    early, late = first.form(), second.form()
    assert first.types({income: "80,5"}, early).status == 200
    assert second.types({income: "81,5", waste: "44,4"}, late).status == 409
    stored = town.rows(
        "SELECT e.code, v.number FROM indicators_reportedvalue v JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE v.report_id = {report}"
    )
    assert {code: float(number) for code, number in stored} == {income: 80.5, waste: 44.4}


def test_a_wrong_cell_loses_no_other_and_every_fault_is_named(town: LiveTown, cells: tuple[str, str]) -> None:
    income, waste = cells
    [report] = town.stage("draft", "van-ninh").values()
    officer = town.officer("van-ninh", report)
    form = officer.form()
    houses = next(name for name in form.named("v:") if "dilapidated" in name).removeprefix("v:")
    answer = officer.types({income: "bảy mươi", waste: "144", houses: "0"}, form)
    assert answer.status == 422
    back = answer.form("entry").fields
    assert (back[f"v:{income}:"], back[f"v:{waste}:"]) == ("bảy mươi", "144"), "nothing typed is lost"
    assert answer.html.count('aria-invalid="true"') == 2
    assert town.rows(f"SELECT count(*) FROM indicators_reportedvalue WHERE report_id = {report}") == [(1,)]


def test_a_form_sent_twice_submits_once(town: LiveTown) -> None:
    [report] = town.stage("submitted", "vinh-trung", period="2024-02").values()
    office = town.verifier("verifier.all", report)
    page = office.opens_the_page().form("verify")
    page.fields |= dict.fromkeys(page.named("j:"), "met")
    answers = at_once([lambda: send(office.window, page, action="rest") for _ in range(2)])
    assert sorted(answer.status for answer in answers) in ([200, 200], [200, 409])
    assert town.rows(f"SELECT status FROM indicators_report WHERE id = {report}") == [("verified",)]
    assert town.rows(
        f"SELECT count(*), count(DISTINCT j.element_id) FROM indicators_judgement j WHERE j.report_id = {report}"
    )[0][0] == len(page.named("j:")), "each judgement stands once"


def test_a_save_and_a_submit_sent_twice_change_nothing_more(town: LiveTown, cells: tuple[str, str]) -> None:
    [report] = town.stage("draft", "quang-nghia").values()
    officer = town.officer("quang-nghia", report)
    officer.takes_last_years_values()
    officer.says_not_applicable(dict.fromkeys(_missing(officer.submits()), "Xã không có"))
    officer.says_yes_to_what_is_empty()
    form = officer.form()
    form.fields[f"v:{cells[0]}:"] = "88,8"
    saves = at_once([lambda: send(officer.window, form, action="save") for _ in range(2)])
    assert [answer.status for answer in saves] == [200, 200]
    assert town.rows(
        "SELECT count(*) FROM indicators_reportedvalue v JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE v.report_id = {report} AND e.code = '{cells[0]}' AND v.number BETWEEN 88.7 AND 88.9"
    ) == [(1,)]
    form = officer.form()
    answers = at_once([lambda: send(officer.window, form, action="submit") for _ in range(2)])
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert town.events("report.submitted", report) == 1
    assert town.rows(f"SELECT status FROM indicators_report WHERE id = {report}") == [("submitted",)]


def _missing(answer: Answer) -> list[str]:
    """Return the elements of yes/no-less cells that the form still asks for."""
    form = answer.form("entry")
    empty = [
        name.split(":")[1]
        for name in form.named("v:")
        if form.choices[name] != ["true", "false"] and not form.fields.get(name) and not form.fields["s" + name[1:]]
    ]
    return [*empty, *(name.split(":")[1] for name in form.named("v:") if "craft_village" in name)]


def test_windows_that_open_the_same_report_open_it_once(town: LiveTown) -> None:
    town.stage("draft", "hai-son", period="2024-03")
    windows = [town.window("coordinator") for _ in range(3)]
    forms = [window.get("/reports/open/?period=2024-03").form("open-reports") for window in windows]
    for form in forms:
        form.fields |= {"period": "2024-03", "which": "ticked", "u:bac-son": "on"}
    answers = at_once([lambda w=window, f=form: send(w, f) for window, form in zip(windows, forms, strict=True)])
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert sorted("giữ nguyên: Bắc Sơn" in answer.text for answer in answers) == [False, True, True]
    assert town.rows(
        "SELECT count(*) FROM indicators_report r JOIN communes_unit u ON u.id = r.unit_id"
        " JOIN indicators_period p ON p.id = r.period_id WHERE p.code = '2024-03' AND u.uid = 'bac-son'"
    ) == [(1,)]
