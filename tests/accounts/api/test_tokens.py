"""Who calls: tokens, sessions, and neither."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from oauth2_provider.models import AccessToken, Application
from rest_framework import exceptions

from communes.services.api_clients import revoke_api_client
from mongcai_portal.accounts.models import ApiClient
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.api import problems
from tests.factories.clients import ApiCaller, make_caller, token_of
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def made(*arguments: str) -> dict:
    out = StringIO()
    call_command("create_api_client", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_units_may_be_named_one_after_another_or_with_an_option_each(world):
    first, second = (unit.uid for unit in world.communes[:2])
    together = made("Phần mềm một", "--role", "commune_officer", "--unit", first, second, "--scope", "read")
    apart = made("Phần mềm hai", "--role", "commune_officer", "--unit", first, "--unit", second, "--scope", "read")
    assert together["units"] == apart["units"] == [first, second]


def test_the_command_prints_credentials_that_get_a_token(world):
    printed = made("Kho số liệu tỉnh", "--role", "leader", "--scope", "read")
    answer = token_of(printed["client_id"], printed["client_secret"])
    assert answer.status_code == 200
    assert answer.json()["scope"] == "read"
    assert answer.json()["token_type"] == "Bearer"
    assert ApiCaller(answer.json()["access_token"]).get("units/").status_code == 200


def test_neither_secret_nor_token_is_stored_readable(world):
    printed = made("Kho", "--role", "leader")
    token = token_of(printed["client_id"], printed["client_secret"]).json()["access_token"]
    assert Application.objects.get().client_secret != printed["client_secret"]
    assert AccessToken.objects.get().token == ""
    assert ApiCaller(token).get("units/").status_code == 200


def test_basic_credentials_get_a_token_too(world):
    from base64 import b64encode

    printed = made("Kho", "--role", "leader")
    basic = b64encode(f"{printed['client_id']}:{printed['client_secret']}".encode()).decode()
    answer = Client().post(
        "/oauth/token/", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200


def test_making_a_client_leaves_a_trace_without_the_secret(world):
    printed = made("Kho", "--role", "leader")
    event = AuditEvent.objects.get(kind="api_client.created")
    assert event.object_label == "Kho"
    assert printed["client_secret"] not in json.dumps(event.details)


def test_the_command_refuses_a_name_that_exists(world):
    made("Kho", "--role", "leader")
    with pytest.raises(CommandError, match="/name"):
        made("Kho", "--role", "leader")
    assert ApiClient.objects.count() == 1


def test_the_command_names_every_fault_and_stores_nothing(world):
    with pytest.raises(CommandError) as refusal:
        made("Kho", "--role", "mayor", "--unit", "atlantis", "--office", "x", "--scope", "everything")
    text = str(refusal.value)
    assert all(pointer in text for pointer in ("/role", "/unit", "/office", "/scope"))
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize(
    ("role", "arguments", "pointer"),
    [
        ("commune_officer", [], "/unit"),
        ("sector_verifier", [], "/office"),
        ("leader", ["--unit", "commune-1"], "/unit"),
        ("commune_officer", ["--unit", "commune-1", "--office", "a"], "/office"),
    ],
)
def test_a_client_is_bound_to_places_exactly_as_a_person(world, role, arguments, pointer):
    with pytest.raises(CommandError, match=pointer):
        made("Kho", "--role", role, *arguments)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password", "username": "officer", "password": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"scope": "write"}, 400, "invalid_scope"),
        ({"scope": "households.identified"}, 400, "invalid_scope"),
    ],
)
def test_the_token_endpoint_refuses(world, change, status, error):
    printed = made("Kho", "--role", "leader", "--scope", "read")
    answer = (
        token_of(printed["client_id"], printed["client_secret"])
        if not change
        else Client().post(
            "/oauth/token/",
            {
                "grant_type": "client_credentials",
                "client_id": printed["client_id"],
                "client_secret": printed["client_secret"],
                **change,
            },
        )
    )
    assert answer.status_code == status
    body = answer.json()
    assert body["error"] == error
    assert body["status"] == status and body["title"] and body["detail"]


def test_no_identity_is_401_with_a_challenge(world):
    answer = Client().get("/api/v1/units/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer a b"])
def test_a_wrong_token_is_401_even_beside_a_session(world, header):
    client = Client(headers={"Authorization": header})
    client.force_login(world.people["leader"], backend="mongcai_portal.accounts.backends.PasswordBackend")
    assert client.get("/api/v1/units/").status_code == 401


def test_an_expired_token_is_401(world):
    caller = make_caller("leader")
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert caller.get("units/").status_code == 401


def test_a_revoked_client_is_401_at_once(world):
    caller = make_caller("leader")
    revoke_api_client(by=None, name=ApiClient.objects.get().name)
    assert caller.get("units/").status_code == 401


def test_a_session_reads_without_a_token(world):
    client = Client()
    client.force_login(world.people["leader"], backend="mongcai_portal.accounts.backends.PasswordBackend")
    assert client.get("/api/v1/units/").status_code == 200


def test_a_session_writes_only_with_the_csrf_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["coordinator"], backend="mongcai_portal.accounts.backends.PasswordBackend")
    answer = client.post("/api/v1/reports/", {"unit": "commune-1", "period": "2023"}, content_type="application/json")
    assert answer.status_code == 403


def test_a_token_without_write_only_reads(world):
    caller = make_caller("coordinator", scopes=["read"])
    assert caller.get("units/").status_code == 200
    answer = caller.post("reports/", {"unit": "commune-1", "period": "2023"})
    assert answer.status_code == 403
    assert "write" in answer.json()["detail"]


def test_a_token_without_read_does_not_read(world):
    assert make_caller("coordinator", scopes=["write"]).get("units/").status_code == 403


def test_an_unknown_address_is_a_problem_404_and_needs_an_identity(world):
    assert Client().get("/api/v1/nothing/here/").status_code == 401
    answer = make_caller("leader").get("nothing/here/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("call", "status", "vietnamese", "english"),
    [
        (lambda c, path, **more: Client().get(path, **more), 401, "không kèm danh tính", "no identity"),
        (lambda c, path, **more: c.delete(path, **more), 405, "không nhận phương thức DELETE", "does not take DELETE"),
        (
            lambda c, path, **more: c.post(path, "a,b", content_type="text/csv", **more),
            415,
            "không phải “text/csv”",
            "not “text/csv”",
        ),
        (
            lambda c, path, **more: c.post(path, '{"unit":\n x}', content_type="application/json", **more),
            400,
            "tại dòng 2, cột 2",
            "line 2, column 2",
        ),
        (
            lambda c, path, **more: c.post(path, b'"\xff"', content_type="application/json", **more),
            400,
            "không phải JSON hợp lệ",
            "not valid JSON",
        ),
    ],
)
def test_what_the_framework_refuses_is_told_in_the_language_asked(world, call, status, vietnamese, english):
    client = make_caller("coordinator").client
    for language, told in (("vi", vietnamese), ("en", english)):
        answer = call(client, "/api/v1/reports/", headers={"Accept-Language": language})
        assert answer.status_code == status
        assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (lambda: exceptions.PermissionDenied(), "không có quyền"),
        (lambda: exceptions.PermissionDenied("CSRF Failed: CSRF token missing."), "mã CSRF"),
        (lambda: exceptions.NotFound(), "Không có đối tượng này"),
        (lambda: exceptions.NotFound("Lời riêng"), "Lời riêng"),
        (lambda: exceptions.NotAcceptable(), "Accept"),
        (lambda: exceptions.Throttled(5), "gọi lại"),
        (lambda: exceptions.AuthenticationFailed(), "không đúng"),
        (lambda: exceptions.ParseError("Lồng quá sâu"), "Lồng quá sâu"),
    ],
)
def test_no_detail_of_the_framework_comes_through_as_it_is(error, told):
    with override("vi"):
        assert told in json.loads(problems.handle(error(), {}).content)["detail"]


def test_faults_of_a_body_are_told_in_the_language_asked(world):
    client = make_caller("coordinator").client

    def told(body, language):
        answer = client.post(
            "/api/v1/reports/", body, content_type="application/json", headers={"Accept-Language": language}
        )
        assert answer.status_code == 400
        return {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}

    body = {"unit": ["x"], "period": None}
    assert told(body, "vi") == {"/unit": "Cần một chuỗi ký tự.", "/period": "Trường này không được là null."}
    assert told(body, "en") == {"/unit": "A string is needed.", "/period": "This member must not be null."}
    assert told({"unit": ""}, "vi") == {"/unit": "Trường này không được để trống.", "/period": "Thiếu trường này."}
    assert told([], "vi") == {"": "Cần một đối tượng JSON."}


def test_messages_follow_the_language_asked(world):
    caller = make_caller("leader")
    vietnamese = caller.client.get("/api/v1/units/?x=1").json()["title"]
    english = caller.client.get("/api/v1/units/?x=1", headers={"Accept-Language": "en"}).json()["title"]
    assert vietnamese == "Dữ liệu gửi lên có lỗi"
    assert english != vietnamese
