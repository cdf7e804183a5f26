"""Reports over the API: read, opened, filled and moved, with every refusal."""

import base64

import pytest
from django.utils import timezone

from communes.models import UnitVersion
from indicators.models import HistoryImport, Report, ReportedValue
from tests.factories.clients import make_caller, pointers
from tests.factories.world import World, bring_to, make_communes, make_report, make_world

pytestmark = pytest.mark.django_db

GOOD = [
    {"element": "plan", "value": True},
    {"element": "roads", "value": "88.5"},
    {"element": "insured", "value": {"male": "95", "female": "96.4"}},
    {"element": "houses", "value": "0"},
    {"element": "water", "value": {"total": "70", "17.1.a": "20"}},
    {"element": "schooling", "value": {"14.1.a": "99", "14.1.c": "mức độ 2"}},
]


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def officer(unit: str = "commune-1"):
    return make_caller("commune_officer", units=[unit])


def values_by_element(caller, report: Report, **query) -> dict:
    answer = caller.get(f"reports/{report.pk}/values/", **query)
    assert answer.status_code == 200, answer.content
    return {row["element"]: row for row in answer.json()["results"]}


# --- Reading ------------------------------------------------------------------------------------------------------


def test_a_report_tells_where_it_stands(world):
    report = bring_to(world, "submitted")
    (row,) = make_caller("leader").get("reports/").json()["results"]
    assert (row["id"], row["unit"], row["unit_name"], row["period"]) == (report.pk, "commune-1", "Xã Thử 1", "2023")
    assert row["status"] == "submitted"
    assert row["elements"] == {"open": 6, "verified": 0, "returned": 0}
    assert row["revisions"][0]["submitted_by"] == "officer"


def test_a_report_counts_its_elements_by_what_the_offices_say_of_the_current_revision(world):
    report = bring_to(world, "submitted")
    judged = report.verdicts.filter(revision=1)
    judged.filter(element__code__in=["plan", "roads"]).update(state="verified")
    judged.filter(element__code="water").update(state="returned", reason="Chưa khớp")
    report.verdicts.create(revision=2, element=judged[0].element)
    (row,) = make_caller("leader").get("reports/").json()["results"]
    assert row["elements"] == {"open": 3, "verified": 2, "returned": 1}
    assert make_caller("commune_officer", units=["commune-1"]).get(f"reports/{report.pk}/").json()["elements"] == {
        "open": 3, "verified": 2, "returned": 1,
    }  # fmt: skip


def test_a_report_names_its_unit_as_it_was_called_on_the_last_day_of_its_period(world):
    make_report(world)
    caller, versions = make_caller("leader"), UnitVersion.objects.filter(unit=world.commune)

    def name() -> str:
        return caller.get("reports/", fields="unit_name").json()["results"][0]["unit_name"]

    versions.update(valid_to="2023-12-31")
    UnitVersion.objects.create(
        unit=world.commune, name_vi="Phường Mới", name_en="New", kind="ward", parent=world.town, valid_from="2024-01-01"
    )
    assert name() == "Xã Thử 1"
    versions.filter(valid_from=None).update(valid_to="2023-12-30")
    versions.filter(valid_to=None).update(valid_from="2023-12-31")
    assert name() == "Phường Mới"
    versions.filter(valid_to=None).update(valid_from="2023-06-30", valid_to="2023-11-30")
    assert name() == "Phường Mới", "a unit that was gone by then keeps its last name"
    versions.all().delete()
    assert name() == "commune-1"


def test_a_report_brought_from_the_archive_names_its_file(world):
    told = timezone.now()
    file = HistoryImport.objects.create(
        name="qua-khu.xlsx", media_type="x", size=1, sha256="0" * 64, file="a", stored_by="x", stored_at=told,
        checked_at=told, status="applied", decided_at=told,
    )  # fmt: skip
    report, other = make_report(world), make_report(world, world.communes[1])
    report.revisions.update(imported_from=file, approved_by="coordinator", approved_at=told)
    Report.objects.filter(pk=report.pk).update(status="approved", approved_revision=1)
    caller = make_caller("coordinator")
    source = {"file": "qua-khu.xlsx", "by": "coordinator", "at": timezone.localtime(told).isoformat()}
    rows = {row["id"]: row for row in caller.get("reports/").json()["results"]}
    assert (rows[report.pk]["imported"], rows[other.pk]["imported"]) == (source, None)
    assert [rows[pk]["revisions"][0]["imported"] for pk in (report.pk, other.pk)] == [True, False]
    assert caller.get(f"reports/{report.pk}/").json()["imported"] == source
    table = caller.get("reports/", format="csv", fields="id,imported", ordering="id").getvalue().decode("utf-8-sig")
    assert [line.split(",")[1:3] for line in table.splitlines()[1:]] == [["qua-khu.xlsx", "coordinator"], ["", ""]]
    assert caller.post(f"reports/{report.pk}/reopen/", {"reason": "Sửa số nhà"}).status_code == 200
    again = caller.get(f"reports/{report.pk}/").json()
    assert again["imported"] == source, "what counts is still the revision that was brought"
    assert [one["imported"] for one in again["revisions"]] == [True, False]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"unit": "commune-1"}, 1),
        ({"unit": "commune-2"}, 1),
        ({"period": "2023"}, 2),
        ({"status": "submitted"}, 1),
        ({"office": "a"}, 1),
        ({"status": "draft", "office": "a"}, 0),
    ],
)
def test_reports_are_filtered(world, query, count):
    bring_to(world, "submitted")
    make_report(world, world.communes[1])
    assert len(make_caller("leader").get("reports/", **query).json()["results"]) == count


def test_a_filter_by_a_foreign_or_unknown_key_is_a_fault(world):
    answer = officer().get("reports/", unit="commune-2", period="1999", status="x", office="x", colour="red")
    assert answer.status_code == 400
    assert pointers(answer) == {"/colour": "unknown_parameter"}
    answer = officer().get("reports/", unit="commune-2", period="1999", status="x", office="x")
    assert pointers(answer) == dict.fromkeys(["/unit", "/period", "/status", "/office"], "invalid_choice")


def test_foreign_reports_do_not_exist_for_an_officers_client(world):
    report = make_report(world, world.communes[1])
    caller = officer("commune-1")
    assert caller.get("reports/").json()["results"] == []
    assert caller.get(f"reports/{report.pk}/").status_code == 404
    assert caller.get(f"reports/{report.pk}/values/").status_code == 404
    assert caller.put(f"reports/{report.pk}/values/", GOOD).status_code == 404
    assert caller.post(f"reports/{report.pk}/submit/").status_code == 404


def test_values_keep_zero_no_data_and_not_entered_apart(world):
    report = bring_to(world, "draft", changes={("plan", ""): None, ("insured", "female"): None})
    officer().put(f"reports/{report.pk}/values/", [{"element": "roads", "state": "no_data"}])
    rows = values_by_element(make_caller("leader"), report)
    assert (rows["houses"]["state"], rows["houses"]["value"]) == ("value", "0")
    assert (rows["roads"]["state"], rows["roads"]["value"]) == ("no_data", None)
    assert (rows["plan"]["state"], rows["plan"]["value"]) == ("not_entered", None)
    assert (rows["insured"]["state"], rows["insured"]["value"]) == ("mixed", {"male": "95", "female": None})
    assert rows["water"]["value"] == {"total": "70", "17.1.a": "20"}
    assert [c["part"] for c in rows["insured"]["cells"]] == ["male", "female"]
    assert rows["houses"]["cells"][0]["entered_by"] == "officer"


def test_an_old_revision_stays_readable(world):
    report = bring_to(world, "approved")
    coordinator = make_caller("coordinator")
    assert coordinator.post(f"reports/{report.pk}/reopen/", {"reason": "Sửa số nhà"}).status_code == 200
    officer().put(f"reports/{report.pk}/values/", [{"element": "houses", "value": "3"}])
    assert values_by_element(coordinator, report)["houses"]["value"] == "3"
    assert values_by_element(coordinator, report, revision=1)["houses"]["value"] == "0"
    assert pointers(coordinator.get(f"reports/{report.pk}/values/", revision=3)) == {"/revision": "unknown"}


# --- Opening ------------------------------------------------------------------------------------------------------


def test_a_coordinator_opens_a_report(world):
    answer = make_caller("coordinator").post("reports/", {"unit": "commune-1", "period": "2023"})
    assert answer.status_code == 201
    assert answer.json()["status"] == "draft"
    assert answer["Location"] == f"/api/v1/reports/{Report.objects.get().pk}/"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"unit": "atlantis", "period": "2022"}, {"/unit": "unknown", "/period": "not_opened"}),
        ({"unit": "commune-1", "period": "23"}, {"/period": "invalid"}),
        ({"unit": "pho", "period": "2023"}, {"/unit": "not_a_commune"}),
        ({"commune": "x"}, {"/unit": "required", "/period": "required", "/commune": "unknown_field"}),
        ({"com/mune~": "x"}, {"/unit": "required", "/period": "required", "/com~1mune~0": "unknown_field"}),
        ({"unit": "", "period": None}, {"/unit": "blank", "/period": "null"}),
        ([], {"": "invalid"}),
    ],
)
def test_opening_names_every_fault(world, body, faults):
    answer = make_caller("coordinator").post("reports/", body)
    assert answer.status_code == 400
    assert pointers(answer) == faults
    assert not Report.objects.exists()


def test_a_second_report_for_the_same_unit_and_period_is_refused(world):
    make_report(world)
    answer = make_caller("coordinator").post("reports/", {"unit": "commune-1", "period": "2023"})
    assert pointers(answer) == {"/period": "duplicate"}
    assert Report.objects.count() == 1


def test_an_officers_client_opens_nothing(world):
    assert officer().post("reports/", {"unit": "commune-1", "period": "2023"}).status_code == 403


# --- Writing values -----------------------------------------------------------------------------------------------


def test_a_whole_report_is_written_at_once(world):
    report = make_report(world)
    answer = officer().put(f"reports/{report.pk}/values/", GOOD)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["changed"], answer.json()["unchanged"]) == (9, 0)
    assert ReportedValue.objects.count() == 9
    again = officer().put(f"reports/{report.pk}/values/", GOOD)
    assert (again.json()["changed"], again.json()["unchanged"]) == (0, 9)


def test_what_was_read_can_be_written_back(world):
    report = bring_to(world, "draft")
    caller = officer()
    items = [{"element": code, "value": row["value"]} for code, row in values_by_element(caller, report).items()]
    assert caller.put(f"reports/{report.pk}/values/", items).json()["changed"] == 0


def test_only_the_named_elements_are_touched(world):
    report = bring_to(world, "draft")
    officer().put(f"reports/{report.pk}/values/", [{"element": "insured", "value": {"male": "90"}}])
    rows = values_by_element(make_caller("leader"), report)
    assert rows["insured"]["value"] == {"male": "90", "female": "96.4"}
    assert rows["roads"]["value"] == "88.5"


def test_a_state_is_said_of_all_cells_of_an_element_or_of_one(world):
    report = bring_to(world, "draft")
    items = [
        {"element": "insured", "state": "not_applicable", "reason": "Không có"},
        {"element": "water", "value": {"17.1.a": {"state": "no_data"}}},
    ]
    assert officer().put(f"reports/{report.pk}/values/", items).status_code == 200
    rows = values_by_element(make_caller("leader"), report)
    assert (rows["insured"]["state"], rows["insured"]["reason"]) == ("not_applicable", "Không có")
    assert [c["state"] for c in rows["water"]["cells"]] == ["value", "no_data"]


@pytest.mark.parametrize(
    ("item", "faults"),
    [
        ({"element": "atlantis", "value": "1"}, {"/0/element": "unknown_element"}),
        ({"value": "1"}, {"/0/element": "missing"}),
        ({"element": "roads"}, {"/0/value": "missing"}),
        ({"element": "roads", "value": None}, {"/0/value": "missing"}),
        ({"element": "roads", "value": ""}, {"/0/value": "missing"}),
        ({"element": "roads", "value": 88.5}, {"/0/value": "wrong_type"}),
        ({"element": "roads", "value": "88,5"}, {"/0/value": "not_a_number"}),
        ({"element": "roads", "value": "1.234,5"}, {"/0/value": "not_a_number"}),
        ({"element": "roads", "value": "12a"}, {"/0/value": "not_a_number"}),
        ({"element": "roads", "value": "964"}, {"/0/value": "over_100"}),
        ({"element": "houses", "value": "-1"}, {"/0/value": "negative"}),
        ({"element": "houses", "value": "1.5"}, {"/0/value": "not_whole"}),
        ({"element": "houses", "value": "123456789012345.6"}, {"/0/value": "too_long"}),
        ({"element": "plan", "value": "true"}, {"/0/value": "wrong_type"}),
        ({"element": "plan", "value": 1}, {"/0/value": "wrong_type"}),
        ({"element": "insured", "value": "95"}, {"/0/value": "unknown_part"}),
        (
            {"element": "insured", "value": {"men": "95", "male": "101"}},
            {"/0/value/men": "unknown_part", "/0/value/male": "over_100"},
        ),
        ({"element": "insured", "value": {}}, {"/0/value": "missing"}),
        ({"element": "insured", "value": ["95"]}, {"/0/value": "unknown_part"}),
        ({"element": "schooling", "value": {"total": True}}, {"/0/value/total": "unknown_part"}),
        ({"element": "schooling", "value": {"14.1.c": "mức độ 9"}}, {"/0/value/14.1.c": "not_in_scale"}),
        ({"element": "roads", "state": "not_applicable"}, {"/0/reason": "reason_required"}),
        ({"element": "insured", "state": "not_applicable", "reason": " "}, {"/0/reason": "reason_required"}),
        ({"element": "roads", "state": "unknown"}, {"/0/state": "unknown_state"}),
        ({"element": "roads", "value": "1", "state": "no_data"}, {"/0/state": "value_and_state"}),
        ({"element": "roads", "value": "1", "reason": "x"}, {"/0/reason": "reason_without_state"}),
        ({"element": "roads", "value": "1", "colour": "red"}, {"/0/colour": "unknown_field"}),
        ({"element": "roads", "value": "1", "a/b~1": "red"}, {"/0/a~1b~01": "unknown_field"}),
        (
            {"element": "insured", "value": {"male": "1", "fe/male~": {"value": "1", "x/": 1}}},
            {
                "/0/value/fe~1male~0/value": "unknown_part",
                "/0/value/fe~1male~0/x~1": "unknown_field",
            },
        ),
        ({"element": "roads", "value": "1", "note": 5}, {"/0/note": "wrong_type"}),
        ({"element": "roads", "value": "1", "note": "a\x00"}, {"/0/note": "null_characters"}),
        ({"element": "roads", "state": "no_data", "reason": "\ud800"}, {"/0/reason": "null_characters"}),
        ({"element": ["roads"], "value": "1"}, {"/0/element": "missing"}),
        (
            {"element": "insured", "value": {"male": {"colour": "red"}}},
            {"/0/value/male/colour": "unknown_field", "/0/value/male/value": "missing"},
        ),
        ("roads", {"/0": "wrong_type"}),
        (None, {"/0": "wrong_type"}),
    ],
)
def test_a_faulty_item_is_named_and_nothing_is_stored(world, item, faults):
    report = make_report(world)
    good = {"element": "plan", "value": True}
    also_plan = isinstance(item, dict) and item.get("element") == "plan"
    answer = officer().put(f"reports/{report.pk}/values/", [item] if also_plan else [item, good])
    assert answer.status_code == 400, answer.content
    assert pointers(answer) == faults
    assert not ReportedValue.objects.exists()


def test_every_fault_of_every_item_is_named(world):
    report = make_report(world)
    items = [
        {"element": "roads", "value": "101"},
        {"element": "atlantis", "value": "1"},
        {"element": "houses", "value": "0"},
        {"element": "houses", "value": "1"},
        {"element": "plan", "state": "not_applicable"},
    ]
    answer = officer().put(f"reports/{report.pk}/values/", items)
    assert pointers(answer) == {
        "/0/value": "over_100",
        "/1/element": "unknown_element",
        "/3/value": "duplicate",
        "/4/reason": "reason_required",
    }
    assert all(fault["detail"] for fault in answer.json()["errors"])
    assert not ReportedValue.objects.exists()


@pytest.mark.parametrize(("body", "code"), [({"element": "roads"}, "wrong_type"), ([], "empty"), ("x", "wrong_type")])
def test_a_body_that_is_no_list_of_items_is_refused(world, body, code):
    report = make_report(world)
    answer = officer().put(f"reports/{report.pk}/values/", body)
    assert answer.status_code == 400
    if body != "x":
        assert pointers(answer) == {"": code}


def test_a_body_that_is_no_json_is_refused(world):
    report = make_report(world)
    caller = officer()
    answer = caller.client.put(f"/api/v1/reports/{report.pk}/values/", "[{", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    answer = caller.client.put(f"/api/v1/reports/{report.pk}/values/", "[" * 100_000, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    answer = caller.client.put(f"/api/v1/reports/{report.pk}/values/", "a,b", content_type="text/csv")
    assert answer.status_code == 415


@pytest.mark.parametrize("role", ["coordinator", "leader", "administrator"])
def test_who_does_not_type_may_not_write(world, role):
    report = make_report(world)
    assert make_caller(role).put(f"reports/{report.pk}/values/", GOOD).status_code == 403


def test_a_submitted_report_takes_no_values(world):
    report = bring_to(world, "submitted")
    answer = officer().put(f"reports/{report.pk}/values/", [{"element": "houses", "value": "9"}])
    assert answer.status_code == 409
    assert values_by_element(make_caller("leader"), report)["houses"]["value"] == "0"


# --- Moves --------------------------------------------------------------------------------------------------------


def test_a_report_goes_all_the_way_over_the_api(world):
    coordinator = make_caller("coordinator")
    report = coordinator.post("reports/", {"unit": "commune-1", "period": "2023"}).json()["id"]
    typist, office_a, office_b = officer(), *(make_caller("sector_verifier", offices=[o]) for o in "ab")
    typist.put(f"reports/{report}/values/", GOOD)
    assert typist.post(f"reports/{report}/submit/").json()["status"] == "submitted"
    answer = office_a.post(f"reports/{report}/verify/")
    assert (answer.status_code, answer.json()["status"]) == (200, "submitted")
    returns = {"elements": [{"element": "insured", "reason": "Chưa khớp"}]}
    assert office_b.post(f"reports/{report}/send-back/", returns).json()["status"] == "returned"
    typist.put(f"reports/{report}/values/", [{"element": "insured", "value": {"male": "94"}}])
    assert typist.post(f"reports/{report}/submit/").json()["status"] == "submitted"
    answer = office_b.post(f"reports/{report}/verify/", {"judgements": {"roads": "met"}})
    assert (answer.status_code, answer.json()["status"]) == (200, "verified"), answer.content
    answer = coordinator.post(f"reports/{report}/approve/")
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert answer.json()["approved_revision"] == 1
    answer = coordinator.post(f"reports/{report}/reopen/", {"reason": "Sửa số nhà"})
    assert (answer.json()["status"], answer.json()["revision"], answer.json()["approved_revision"]) == ("draft", 2, 1)


def test_submitting_names_every_cell_that_was_never_entered(world):
    report = bring_to(world, "draft", changes={("plan", ""): None, ("insured", "male"): None})
    answer = officer().post(f"reports/{report.pk}/submit/")
    assert answer.status_code == 400
    assert pointers(answer) == {"/plan": "missing", "/insured/male": "missing"}


@pytest.mark.parametrize("move", ["submit", "approve", "reopen", "verify", "send-back"])
def test_a_move_from_another_status_is_409(world, move):
    status = {
        "submit": "approved",
        "approve": "submitted",
        "reopen": "submitted",
        "verify": "draft",
        "send-back": "approved",
    }[move]
    report = bring_to(world, status)
    caller = {
        "submit": lambda: officer(),
        "approve": lambda: make_caller("coordinator"),
        "reopen": lambda: make_caller("coordinator"),
        "verify": lambda: make_caller("sector_verifier", offices=["a", "b"]),
        "send-back": lambda: make_caller("sector_verifier", offices=["a", "b"]),
    }[move]()
    body = {"reopen": {"reason": "x"}, "send-back": {"elements": [{"element": "plan", "reason": "x"}]}}.get(move)
    answer = caller.post(f"reports/{report.pk}/{move}/", body)
    assert answer.status_code == 409, answer.content
    assert answer.json()["type"] == "urn:mongcai:problem:stale"


def test_a_move_that_saw_an_older_state_is_409(world):
    report = bring_to(world, "verified")
    coordinator = make_caller("coordinator")
    assert coordinator.post(f"reports/{report.pk}/approve/", {"lock": report.lock - 1}).status_code == 409
    assert coordinator.post(f"reports/{report.pk}/approve/", {"lock": report.lock}).status_code == 200


@pytest.mark.parametrize(
    ("role", "places", "move"),
    [
        ("leader", {}, "approve"),
        ("commune_officer", {"units": ["commune-1"]}, "approve"),
        ("commune_officer", {"units": ["commune-1"]}, "verify"),
        ("sector_verifier", {"offices": ["a"]}, "approve"),
        ("sector_verifier", {"offices": ["a"]}, "reopen"),
        ("coordinator", {}, "submit"),
        ("coordinator", {}, "verify"),
        ("administrator", {}, "approve"),
    ],
)
def test_a_move_without_the_right_is_403(world, role, places, move):
    report = bring_to(world, "verified")
    answer = make_caller(role, **places).post(
        f"reports/{report.pk}/{move}/", {"reason": "x"} if move == "reopen" else {}
    )
    assert answer.status_code == 403
    assert Report.objects.get().status == "verified"


def test_another_offices_element_is_403(world):
    report = bring_to(world, "submitted")
    caller = make_caller("sector_verifier", offices=["a"])
    assert caller.post(f"reports/{report.pk}/verify/", {"elements": ["insured"]}).status_code == 403
    body = {"elements": [{"element": "insured", "reason": "x"}]}
    assert caller.post(f"reports/{report.pk}/send-back/", body).status_code == 403


@pytest.mark.parametrize(
    ("move", "body", "faults"),
    [
        ("verify", {"elements": ["plan", "atlantis"]}, {"/elements/1": "unknown_element"}),
        ("verify", {"elements": []}, {"/elements": "required"}),
        ("verify", {"elements": "plan"}, {"/elements": "not_a_list"}),
        ("verify", {"judgements": {"plan": "met"}}, {"/judgements/plan": "norm_known"}),
        ("verify", {"judgements": {"roads": "perhaps"}}, {"/judgements/roads": "invalid"}),
        ("verify", {"judgements": {"roads": 5}}, {"/judgements/roads": "invalid"}),
        ("verify", {"lements": []}, {"/lements": "unknown_field"}),
        ("send-back", {}, {"/elements": "required"}),
        ("send-back", {"elements": []}, {"/elements": "required"}),
        ("send-back", {"elements": [{"element": "plan"}]}, {"/elements/0": "required"}),
        ("send-back", {"elements": [{"element": "atlantis", "reason": "x"}]}, {"/elements/0": "unknown_element"}),
        (
            "send-back",
            {"elements": [{"element": "plan", "reason": "x"}, {"element": "plan", "reason": "y"}]},
            {"/elements/1/element": "invalid"},
        ),
        ("send-back", {"elements": [{"reason": "x"}]}, {"/elements/0/element": "required"}),
    ],
)
def test_a_faulty_move_is_named_where_it_stands(world, move, body, faults):
    report = bring_to(world, "submitted")
    answer = make_caller("sector_verifier", offices=["a", "b"]).post(f"reports/{report.pk}/{move}/", body)
    assert answer.status_code == 400, answer.content
    assert pointers(answer) == faults
    assert Report.objects.get().status == "submitted"


def test_reopening_needs_a_reason(world):
    report = bring_to(world, "approved")
    answer = make_caller("coordinator").post(f"reports/{report.pk}/reopen/")
    assert pointers(answer) == {"/reason": "required"}


def test_who_submitted_may_not_approve(world):
    report = bring_to(world, "verified")
    caller = make_caller("coordinator")
    from indicators.models import ReportRevision
    from mongcai_portal.accounts.models import ApiClient

    ReportRevision.objects.update(submitted_by_id=ApiClient.objects.get().user_id)
    assert caller.post(f"reports/{report.pk}/approve/").status_code == 403


# --- Cost ---------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_with_2_reports_and_with_20(world, django_assert_num_queries):
    bring_to(world, "submitted")
    make_report(world, world.communes[1])
    caller = make_caller("leader")
    caller.get("reports/")
    with django_assert_num_queries(5):
        caller.get("reports/")
    for unit in make_communes(world.town, 18, start=10):
        make_report(world, unit)
    with django_assert_num_queries(6):  # the new units' names
        caller.get("reports/")
    with django_assert_num_queries(5):
        caller.get("reports/")


def test_values_cost_a_fixed_number_of_queries(world, django_assert_num_queries):
    report = bring_to(world, "draft")
    caller = make_caller("leader")
    caller.get(f"reports/{report.pk}/values/")
    with django_assert_num_queries(7):
        caller.get(f"reports/{report.pk}/values/")


@pytest.mark.parametrize(
    "items",
    [
        [{"element": "\ud800", "value": "1"}],
        [{"element": "roads", "value": "\ud800"}],
        [{"element": "insured", "value": {"\ud800": "1"}, "\udfff": 1}],
    ],
)
def test_half_a_surrogate_pair_is_a_fault_that_can_be_told(world, items):
    report = make_report(world)
    answer = officer().put(f"reports/{report.pk}/values/", items)
    assert answer.status_code == 400
    assert pointers(answer)


def test_a_cursor_of_nothing_but_brackets_is_a_fault(world):
    cursor = base64.urlsafe_b64encode(b"[" * 2900).decode()
    assert pointers(officer().get("reports/", cursor=cursor)) == {"/cursor": "invalid"}
