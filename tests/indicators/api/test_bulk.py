"""Values of many reports in one call: the form's checks, all or none, and an answer that can be asked for again."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Report, ReportedValue, ReportRevision, ValueChange, Verdict
from indicators.services import bulk, verification
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.models import KeptAnswer
from tests.factories.clients import make_caller, pointers
from tests.factories.world import World, bring_to, make_communes, make_period, make_report, make_world

pytestmark = pytest.mark.django_db
PATH = "reported-values/bulk/"
GOOD = [
    {"element": "plan", "value": True},
    {"element": "roads", "value": "88.5"},
    {"element": "insured", "value": {"male": "95", "female": "96.4"}},
    {"element": "houses", "value": "0"},
    {"element": "water", "value": {"total": "70", "17.1.a": "20"}},
    {"element": "schooling", "state": "not_applicable", "reason": "Không có trường"},
]


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


@pytest.fixture
def caller(world):
    return make_caller("commune_officer", units=["commune-1", "commune-2"])


def rows(*units: str, period: str = "2023", items=GOOD) -> list[dict]:
    return [{"unit": unit, "period": period, **item} for unit in units for item in items]


def send(caller, body, key: str | None = "k1", query: str = ""):
    headers = {} if key is None else {"Idempotency-Key": key}
    return caller.post(PATH + query, body, if_match=None, **headers)


def counts(answer) -> tuple[int, int, int, int]:
    body = answer.json()
    return body["created"], body["updated"], body["unchanged"], len(body["rejected"])


def stored() -> tuple[int, int, int]:
    saves = AuditEvent.objects.filter(kind="report.values_saved").count()
    return ReportedValue.objects.count(), ValueChange.objects.count(), saves


# --- Writing ------------------------------------------------------------------------------------------------------


def test_values_of_two_reports_are_written_at_once_with_history_and_one_event_each(world, caller):
    first, second = make_report(world), make_report(world, world.communes[1])
    answer = send(caller, rows("commune-1", "commune-2"))
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"created": 12, "updated": 0, "unchanged": 0, "rejected": []}
    assert stored() == (18, 18, 2)
    assert {v.report_id for v in ReportedValue.objects.all()} == {first.pk, second.pk}
    event = AuditEvent.objects.filter(kind="report.values_saved").first()
    assert (event.object_label, event.unit_uid, event.channel) == ("Xã Thử 2 · 2023", "commune-2", "api")
    assert {"element": "roads", "part": "", "before": None, "after": "88.5"} in event.details["cells"]


def test_a_row_is_counted_once_as_made_changed_or_as_it_was(world, caller):
    make_report(world)
    send(caller, rows("commune-1"))
    ReportedValue.objects.filter(part="female").delete()
    changed = [
        {"element": "roads", "value": "88.50"},  # as it was
        {"element": "houses", "value": "3"},
        {"element": "insured", "value": {"male": "95", "female": "90"}},  # one half is new
    ]
    assert counts(send(caller, rows("commune-1", items=changed), "k2")) == (0, 2, 1, 0)
    assert ReportedValue.objects.get(element__code="houses").number == 3
    assert counts(send(caller, rows("commune-1", items=changed), "k3")) == (0, 0, 3, 0)


def test_an_open_window_finds_out_that_a_cell_was_changed(world, caller):
    make_report(world)
    send(caller, rows("commune-1"))
    before = ReportedValue.objects.get(element__code="roads").lock
    send(caller, rows("commune-1", items=[{"element": "roads", "value": "1", "note": "đo lại"}]), "k2")
    row = ReportedValue.objects.get(element__code="roads")
    assert (row.lock, row.note) == (before + 1, "đo lại")


def test_a_verified_element_that_changes_is_looked_at_again(world, caller):
    report = bring_to(world, "submitted")
    verification.verify(by=world.people["verifier_a"], report_id=report.pk, elements=["plan", "houses"])
    verification.send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "x"})
    items = [{"element": "plan", "value": False}, {"element": "houses", "value": "0"}]
    assert counts(send(caller, rows("commune-1", items=items))) == (0, 1, 1, 0)
    assert dict(Verdict.objects.filter(by="").values_list("element__code", "state"))["plan"] == "open"
    assert Verdict.objects.get(element__code="houses").state == "verified"


# --- All or none, and partly ------------------------------------------------------------------------------------


def faulty(world) -> tuple[list[dict], dict[str, str]]:
    make_report(world)
    bring_to(world, "submitted", report=make_report(world, period=make_period("2022")))
    place = {"unit": "commune-1", "period": "2023"}
    body = [
        {**place, "element": "roads", "value": "50"},
        {**place, "element": "houses", "value": "1.5"},
        {**place, "element": "insured", "value": {"male": "50", "female": "101"}},
        {**place, "unit": "commune-3", "element": "roads", "value": "50"},
        {**place, "unit": "atlantis", "period": "2019", "element": "roads", "value": "50"},
        {**place, "unit": "commune-2", "element": "roads", "value": "50"},
        {**place, "period": "2022", "element": "roads", "value": "50"},
        {**place, "element": "roads", "value": "51"},
        {"element": "roads", "value": "50"},
        "roads",
        {**place, "unit": ["x"], "period": "\ud800", "element": "roads", "value": "5"},
        {**place, "element": "plan", "value": True, "colour": "red"},
    ]
    return body, {
        "/1/value": "not_whole",
        "/2/value/female": "over_100",
        "/3/unit": "unknown_unit",
        "/4/unit": "unknown_unit",
        "/4/period": "unknown_period",
        "/5/period": "no_report",
        "/6/period": "report_closed",
        "/7/value": "duplicate",
        "/8/unit": "missing",
        "/8/period": "missing",
        "/9": "wrong_type",
        "/10/unit": "missing",
        "/10/period": "unknown_period",
        "/11/colour": "unknown_field",
    }


def test_one_faulty_row_keeps_all_from_being_stored_and_every_fault_is_named(world, caller):
    body, faults = faulty(world)
    before = stored()
    answer = send(caller, body)
    assert answer.status_code == 400
    assert pointers(answer) == faults
    assert [one["row"] for one in answer.json()["rejected"]] == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10, 10, 11]
    assert counts(answer)[:3] == (0, 0, 0)
    assert stored() == before


def test_with_partial_the_good_rows_are_stored_and_a_row_never_by_halves(world, caller):
    body, faults = faulty(world)
    before = stored()
    answer = send(caller, body, query="?partial=true")
    assert answer.status_code == 200
    assert {one["pointer"]: one["code"] for one in answer.json()["rejected"]} == faults
    assert all(one["detail"] for one in answer.json()["rejected"])
    assert counts(answer)[:3] == (1, 0, 0)
    assert stored() == (before[0] + 1, before[1] + 1, before[2] + 1)
    row = ReportedValue.objects.get(report__period__code="2023")
    assert (row.element.code, row.number) == ("roads", 50)


def test_a_report_that_no_row_speaks_of_is_none_of_the_calls_business(world, caller):
    """Two units and two periods name four reports, of which only two are meant."""
    for unit in world.communes[:2]:
        make_report(world, unit)
    bring_to(world, "submitted", report=make_report(world, period=make_period("2022")))
    make_report(world, world.communes[1], Report.objects.get(period__code="2022").period)
    body = rows("commune-1", items=GOOD[:1]) + rows("commune-2", period="2022", items=GOOD[:1])
    for query in ("?dry_run=true", ""):
        assert counts(send(caller, body, query=query)) == (2, 0, 0, 0)


@pytest.mark.parametrize("query", ["", "partial=true&"])
def test_a_dry_run_reports_the_same_and_stores_nothing(world, caller, query):
    body, _faults = faulty(world)
    before = stored()
    told = send(caller, body, None, f"?{query}dry_run=true")
    assert stored() == before and not KeptAnswer.objects.exists()
    real = send(caller, body, query=f"?{query}")
    assert (told.status_code, told.json()) == (real.status_code, real.json())


def test_a_report_submitted_meanwhile_takes_nothing(world, caller, monkeypatch):
    report = bring_to(world, "draft")
    real = bulk.claim

    def meanwhile(**kwargs):
        Report.objects.filter(pk=report.pk).update(status="submitted")
        return real(**kwargs)

    monkeypatch.setattr(bulk, "claim", meanwhile)
    before = stored()
    answer = send(caller, rows("commune-1", items=[{"element": "roads", "value": "5"}]))
    assert pointers(answer) == {"/0/period": "report_closed"}
    assert stored() == before


def test_a_reopened_report_is_written_in_its_new_revision(world, caller):
    report = bring_to(world, "approved")
    make_caller("coordinator").post(f"reports/{report.pk}/reopen/", {"reason": "x"})
    assert counts(send(caller, rows("commune-1", items=[{"element": "houses", "value": "4"}]))) == (0, 1, 0, 0)
    found = dict(ReportedValue.objects.filter(element__code="houses").values_list("revision", "number"))
    assert found == {1: 0, 2: 4}
    assert ReportRevision.objects.count() == 2


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "leader", "administrator"])
def test_who_does_not_type_may_not_write(world, role):
    make_report(world)
    assert send(make_caller(role), rows("commune-1")).status_code == 403
    assert not ReportedValue.objects.exists()


def test_a_token_without_the_scope_to_write_is_403(world):
    make_report(world)
    reader = make_caller("commune_officer", units=["commune-1"], scopes=["read"])
    assert send(reader, rows("commune-1")).status_code == 403


def test_who_sees_every_unit_still_types_for_the_own_one_only(world):
    from communes.models import RoleAssignment
    from mongcai_portal.accounts.models import ApiClient

    make_report(world, world.communes[1])
    both = make_caller("commune_officer", units=["commune-1"])
    RoleAssignment.objects.create(user=ApiClient.objects.get().user, role="leader")
    answer = send(both, rows("commune-2", items=[{"element": "roads", "value": "5"}]))
    assert pointers(answer) == {"/0/unit": "forbidden"}


# --- The body, the flags ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "code"), [({"unit": "x"}, "wrong_type"), ([], "empty"), ([{}] * 10_001, "too_many")])
def test_a_body_that_is_no_list_of_up_to_ten_thousand_rows_is_refused(world, caller, body, code):
    answer = send(caller, body)
    assert answer.status_code == 400
    assert pointers(answer) == {"": code}
    assert not KeptAnswer.objects.exists(), "the key can still be used for the right body"


@pytest.mark.parametrize(
    ("query", "pointer"), [("?partial=yes", "/partial"), ("?dry_run=1", "/dry_run"), ("?x=1", "/x")]
)
def test_a_flag_that_is_neither_true_nor_false_is_a_fault(world, caller, query, pointer):
    assert list(pointers(send(caller, rows("commune-1"), query=query))) == [pointer]


# --- The key --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "code"), [(None, "required"), (" ", "required"), ("a b", "invalid"), ("x" * 201, "invalid")]
)
def test_a_write_without_a_proper_key_is_refused(world, caller, key, code):
    make_report(world)
    answer = send(caller, rows("commune-1"), key)
    assert answer.status_code == 400
    assert pointers(answer) == {"/Idempotency-Key": code}
    assert not ReportedValue.objects.exists()


def test_a_replay_gets_the_first_answer_and_changes_nothing(world, caller):
    make_report(world)
    first = send(caller, rows("commune-1"))
    assert "Idempotent-Replayed" not in first
    ReportedValue.objects.filter(element__code="roads").update(number=1)
    before = stored()
    # The same JSON, its members in another order.
    again = send(caller, [dict(reversed(row.items())) for row in rows("commune-1")])
    assert (again.status_code, again.json()) == (200, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert stored() == before and ReportedValue.objects.get(element__code="roads").number == 1


def test_a_refusal_is_replayed_too_even_when_it_would_be_good_by_now(world, caller):
    first = send(caller, rows("commune-1"))
    assert first.status_code == 400
    make_report(world)
    again = send(caller, rows("commune-1"))
    assert (again.status_code, again.json()) == (400, first.json())
    assert not ReportedValue.objects.exists()
    assert send(caller, rows("commune-1"), "k2").status_code == 200


@pytest.mark.parametrize(
    ("body", "query"), [(rows("commune-1", items=GOOD[:1]), ""), (rows("commune-1"), "?partial=true")]
)
def test_a_key_of_another_call_is_422(world, caller, body, query):
    make_report(world)
    send(caller, rows("commune-1"))
    before = stored()
    answer = send(caller, body, query=query)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:mongcai:problem:idempotency_key_reused")
    assert stored() == before


def test_keys_of_two_callers_have_nothing_to_do_with_each_other(world, caller):
    make_report(world)
    send(caller, rows("commune-1"))
    other = make_caller("commune_officer", units=["commune-1"])
    assert counts(send(other, rows("commune-1"))) == (0, 0, 6, 0)


def test_a_write_that_fails_leaves_its_key_free(world, caller, monkeypatch):
    make_report(world)
    monkeypatch.setattr(bulk, "store", lambda *args, **kwargs: 1 / 0)
    caller.client.raise_request_exception = False
    assert send(caller, rows("commune-1")).status_code == 500
    monkeypatch.undo()
    assert counts(send(caller, rows("commune-1"))) == (6, 0, 0, 0)


# --- Cost -----------------------------------------------------------------------------------------------------------


def statements(queries) -> list[str]:
    """The statements, one beside the other; a set that SQLite takes in batches is one."""
    found: list[str] = []
    for query in queries:
        sql = re.sub(r"\(?(%s|NULL|-?[\d.]+|'(?:[^']|'')*')(?:, ?| UNION ALL)?\)?", "", query["sql"])[:60]
        if not found or found[-1] != sql or not sql.startswith("INSERT"):
            found.append(sql)
    return found


def test_a_thousand_values_cost_the_queries_of_ten(world):
    units = make_communes(world.town, 170, start=10)
    officer = make_caller("commune_officer", units=[unit.uid for unit in units])
    for unit in units:
        make_report(world, unit)
    items = [item for item in GOOD if item["element"] != "schooling"]
    bodies = [rows(*(u.uid for u in some), items=items) for some in (units[:2], units[2:])]
    spent = []
    for number, body in enumerate(bodies):
        with CaptureQueriesContext(connection) as counted:
            answer = send(officer, body, f"n{number}")
        assert counts(answer) == (len(body), 0, 0, 0)
        spent.append(statements(counted.captured_queries))
    assert (len(bodies[0]), len(bodies[1])) == (10, 840)
    assert spent[0] == spent[1]
    assert len(spent[0]) <= 25, "\n".join(spent[0])
    with CaptureQueriesContext(connection) as counted:
        send(officer, rows(*(u.uid for u in units[2:]), items=[{"element": "roads", "value": "7"}]), "again")
    assert len(statements(counted.captured_queries)) == len(spent[0])
