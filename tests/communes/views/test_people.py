"""The pages of users and of other systems."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Office, RoleAssignment, UnitVersion
from communes.services.access import assign_role
from mongcai_portal.accounts.models import ApiClient, User
from mongcai_portal.accounts.services import create_user
from tests.communes.conftest import PASSWORD, Town
from tests.factories.clients import token_of


def text_of(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def client(town: Town) -> Any:
    return town.client(town.admin)


NEW = {
    "username": "ha.nguyen",
    "full_name": "Nguyễn Thị Hà",
    "email": "ha@mongcai.gov.vn",
    "language": "vi",
    "role": "commune_officer",
    "unit": "hai-son",
    "password_by": "link",
}


@pytest.mark.parametrize("query", ["NGUYEN thi ha", "Nguyễn Thị Hà", "ha@mongcai", "ha.ngu"])
def test_people_are_found_without_tones_by_name_or_address(client: Any, query: str) -> None:
    create_user(username="ha.nguyen", by=None, full_name="Nguyễn Thị Hà", email="ha@mongcai.gov.vn")
    text = text_of(client.get("/users/", {"q": query}))
    assert "Nguyễn Thị Hà" in text and ">Officer<" not in text


def test_the_list_says_who_holds_what_where_and_who_is_out(town: Town, client: Any) -> None:
    User.objects.filter(pk=town.leader.pk).update(is_active=False)
    create_user(username="moi", by=None, full_name="Người mới")
    text = text_of(client.get("/users/"))
    assert "Cán bộ xã · Hải Sơn" in text and "Quản trị hệ thống · toàn thành phố" in text and "đã ngừng" in text
    assert [p.user.username for p in client.get("/users/?state=closed").context["people"]] == ["leader"]
    assert [p.user.username for p in client.get("/users/?state=without_role").context["people"]] == ["moi"]
    assert [p.user.username for p in client.get("/users/?role=commune_officer").context["people"]] == ["officer"]
    assert "Không có tài khoản nào khớp" in text_of(client.get("/users/?q=khong-ai"))


def test_a_former_commune_is_offered_too_and_says_until_when(town: Town, client: Any) -> None:
    UnitVersion.objects.filter(unit=town.commune).update(valid_to=date(2025, 6, 30))
    text = text_of(client.get("/users/new/"))
    assert "Hải Sơn (đến 30/06/2025)" in text and text.index("Trà Cổ") < text.index("Hải Sơn (đến")


def test_a_person_is_made_with_a_role_and_a_letter(client: Any) -> None:
    page = client.post("/users/new/", NEW, follow=True)
    assert "Đã tạo tài khoản ha.nguyen." in text_of(page) and len(mail.outbox) == 1
    assert RoleAssignment.objects.get(user__username="ha.nguyen").unit.uid == "hai-son"


def test_a_password_is_shown_once_and_stored_by_no_browser(client: Any) -> None:
    page = client.post("/users/new/", {**NEW, "password_by": "once"})
    password = page.context["password"]
    assert page.status_code == 200 and password in text_of(page) and "no-store" in page["Cache-Control"]
    user = User.objects.get(username="ha.nguyen")
    assert user.check_password(password) and user.must_change_password
    assert password not in text_of(client.get(f"/users/{user.pk}/"))


def test_all_faults_are_named_at_once_and_nothing_typed_is_lost(client: Any) -> None:
    page = client.post(
        "/users/new/",
        {**NEW, "username": "officer", "full_name": "", "email": "sai", "unit": "", "valid_from": "hôm nay"},
    )
    form = page.context["form"]
    assert page.status_code == 422
    assert set(form.errors) == {"username", "full_name", "email", "unit", "valid_from"}
    assert 'value="sai"' in text_of(page) and 'value="hôm nay"' in text_of(page)
    assert User.objects.filter(username__startswith="officer").count() == 1


def test_an_account_is_changed_and_a_second_window_is_told(town: Town, client: Any) -> None:
    path, lock = f"/users/{town.officer.pk}/", town.officer.lock
    form = {"full_name": "Lê Văn Ba", "email": "ba@mongcai.gov.vn", "language": "vi", "lock": lock}
    assert client.post(path, form).status_code == 302
    late = town.client(town.second).post(path, {**form, "full_name": "Khác"})
    assert late.status_code == 409 and "Hiện nay: Lê Văn Ba" in text_of(late) and 'value="Khác"' in text_of(late)
    assert User.objects.get(pk=town.officer.pk).full_name == "Lê Văn Ba"
    wrong = client.post(path, {"full_name": "", "email": "sai", "language": "vi", "lock": lock})
    assert wrong.status_code == 422 and set(wrong.context["form"].errors) == {"full_name", "email"}


def test_roles_are_given_dated_and_ended_on_the_page(town: Town, client: Any) -> None:
    path = f"/users/{town.officer.pk}/roles/"
    wrong = client.post(path, {"role": "sector_verifier", "unit": "tra-co"})
    assert wrong.status_code == 422 and set(wrong.context["role_form"].errors) == {"unit", "office"}
    assert client.post(path, {"role": "sector_verifier", "office": "yte"}).status_code == 302
    row = RoleAssignment.objects.get(user=town.officer, role="sector_verifier")
    days = {"action": "days", "valid_from": "2025-01-01", "valid_to": "2099-12-31", "seen_from": "", "seen_to": ""}
    assert client.post(f"{path}{row.pk}/", days).status_code == 302
    assert RoleAssignment.objects.get(pk=row.pk).valid_to == date(2099, 12, 31)
    assert client.post(f"{path}{row.pk}/", {**days, "valid_to": "2098-01-01"}).status_code == 409
    assert client.post(f"{path}{row.pk}/", {**days, "valid_to": "2024-01-01"}).status_code == 422
    assert client.post(f"{path}{row.pk}/", {"action": "end"}).status_code == 302
    assert not RoleAssignment.objects.filter(pk=row.pk).exists()


def test_a_role_is_reached_by_its_own_person_alone(town: Town, client: Any) -> None:
    other = RoleAssignment.objects.get(user=town.leader)
    assert client.post(f"/users/{town.officer.pk}/roles/{other.pk}/", {"action": "end"}).status_code == 404
    assert RoleAssignment.objects.filter(pk=other.pk).exists()


def test_ones_own_page_offers_no_role_and_no_closing_and_posting_it_is_forbidden(town: Town, client: Any) -> None:
    path = f"/users/{town.admin.pk}/"
    text = text_of(client.get(path))
    assert "do quản trị khác sửa" in text and 'id="role-add"' not in text and 'id="close"' not in text
    assert client.post(f"{path}roles/", {"role": "coordinator"}).status_code == 403
    assert client.post(f"{path}account/", {"action": "close", "reason": "x"}).status_code == 403


def test_the_last_administrator_is_kept_and_the_page_says_why(town: Town, client: Any) -> None:
    RoleAssignment.objects.filter(user=town.admin).update(valid_to=date(2099, 1, 1))
    page = client.post(f"/users/{town.second.pk}/account/", {"action": "close", "reason": "x"})
    assert page.status_code == 422 and "người quản trị cuối cùng" in text_of(page)
    assert User.objects.get(pk=town.second.pk).is_active


def test_an_account_is_closed_opened_unlocked_and_let_in_again(town: Town, client: Any) -> None:
    path = f"/users/{town.officer.pk}/account/"
    assert client.post(path, {"action": "close", "reason": ""}).status_code == 422
    assert client.post(path, {"action": "close", "reason": "Nghỉ hưu"}).status_code == 302
    assert "Mở lại tài khoản" in text_of(client.get(f"/users/{town.officer.pk}/"))
    assert client.post(path, {"action": "reopen"}).status_code == 302
    once = client.post(path, {"action": "once"})
    assert once.status_code == 200 and User.objects.get(pk=town.officer.pk).check_password(once.context["password"])
    assert client.post(path, {"action": "link"}).status_code == 302 and len(mail.outbox) == 1
    assert client.post(path, {"action": "ăn"}).status_code == 404
    stranger = type(client)()
    for _ in range(5):
        stranger.post("/login/", {"username": "officer", "password": "sai"})
    assert "tạm khóa" in text_of(client.get("/users/?q=officer"))
    client.post(path, {"action": "unlock"})
    assert "tạm khóa" not in text_of(client.get("/users/?q=officer"))


@pytest.mark.parametrize("name", ["officer", "leader"])
def test_users_and_clients_are_the_administrators(town: Town, name: str) -> None:
    client = town.client(getattr(town, name))
    for path in ("/users/", "/users/new/", f"/users/{town.admin.pk}/", "/api-clients/"):
        assert client.get(path).status_code == 403
    for path in (f"/users/{town.admin.pk}/account/", f"/users/{town.admin.pk}/roles/", "/api-clients/1/"):
        assert client.post(path).status_code == 403
    assert 'href="/users/"' not in text_of(client.get("/reports/"))


def test_an_unknown_person_and_a_program_are_not_found(client: Any) -> None:
    service = create_user(username="api.kho", by=None, is_service=True)
    assert client.get(f"/users/{service.pk}/").status_code == client.get("/users/99999/").status_code == 404


def test_the_list_costs_the_same_with_twenty_people(town: Town, client: Any) -> None:
    def queries() -> int:
        client.get("/users/")
        with CaptureQueriesContext(connection) as found:
            client.get("/users/")
        return len(found)

    few = queries()
    for n in range(20):
        user = create_user(username=f"nguoi{n}", by=None, full_name=f"Người {n}")
        assign_role(by=None, user=user, role="commune_officer", unit=town.commune)
        office = Office.objects.create(code=f"p{n}", name_vi=f"P{n}", name_en=f"P{n}", sort_key=f"p{n}")
        assign_role(by=None, user=user, role="sector_verifier", office=office)
    assert queries() == few <= 9


# --- Other systems -----------------------------------------------------------------------------------------------


def test_a_system_is_connected_its_secret_shown_once_changed_and_revoked(client: Any) -> None:
    asked = {"name": "Kho số liệu", "role": "commune_officer", "units": ["hai-son"], "scopes": ["read", "write"]}
    page = client.post("/api-clients/", asked)
    made = page.context["made"]
    assert page.status_code == 200 and made.client_secret in text_of(page) and "no-store" in page["Cache-Control"]
    assert token_of(made.client_id, made.client_secret).status_code == 200
    listed = text_of(client.get("/api-clients/"))
    assert "Kho số liệu" in listed and made.client_id in listed and made.client_secret not in listed
    row = ApiClient.objects.get()
    again = client.post(f"/api-clients/{row.pk}/", {"action": "rotate"}).context["made"]
    assert token_of(made.client_id, made.client_secret).status_code == 401
    assert token_of(again.client_id, again.client_secret).status_code == 200
    assert client.post(f"/api-clients/{row.pk}/", {"action": "revoke", "reason": "Hết hợp đồng"}).status_code == 302
    assert "đã thu hồi" in text_of(client.get("/api-clients/"))
    assert client.post(f"/api-clients/{row.pk}/", {"action": "rotate"}).status_code == 302
    assert client.post("/api-clients/99/", {"action": "rotate"}).status_code == 404


def test_every_fault_of_a_connection_is_named(client: Any) -> None:
    page = client.post("/api-clients/", {"name": " ", "role": "commune_officer", "offices": ["yte"]})
    assert page.status_code == 422 and set(page.context["form"].errors) == {"name", "units", "offices", "scopes"}
    assert not ApiClient.objects.exists()


def test_a_person_made_on_the_page_signs_in_and_must_change_the_password(client: Any) -> None:
    password = client.post("/users/new/", {**NEW, "password_by": "once"}).context["password"]
    window = type(client)()
    assert window.post("/login/", {"username": "ha.nguyen", "password": password}).status_code == 302
    assert window.get("/reports/").url == "/password/change/"
    changed = {"old_password": password, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert window.post("/password/change/", changed).status_code == 302
    assert window.get("/reports/").status_code == 200


def test_all_sessions_of_a_person_are_ended_by_the_administrator(town: Town, client: Any) -> None:
    officer, other = town.client(town.officer), town.client(town.leader)
    assert officer.get("/password/change/").status_code == 200
    path = f"/users/{town.officer.pk}/account/"
    assert "Kết thúc mọi phiên" in text_of(client.get(f"/users/{town.officer.pk}/"))
    assert client.post(path, {"action": "sessions"}).status_code == 302
    assert officer.get("/password/change/").status_code == 302
    assert other.get("/password/change/").status_code == 200
    assert client.post(f"/users/{town.admin.pk}/account/", {"action": "sessions"}).status_code == 403


@pytest.mark.parametrize("path", ["/users/new/", "/users/{}/", "/api-clients/"])
def test_accounts_and_systems_ask_for_the_password_again(town: Town, client: Any, path: str) -> None:
    from django.conf import settings

    from mongcai_portal.accounts.sessions import STARTED

    where = path.format(town.officer.pk)
    assert client.get(where).status_code == 200
    session = client.session
    session[STARTED] = session[STARTED] - settings.PORTAL_CONFIRMED_FOR - 5
    session.save()
    assert client.get(where)["Location"] == f"/password/confirm/?next={where}"
    assert client.get("/users/").status_code == 200  # reading the list changes nothing
    # The form of a page that was opened in time is taken a while longer.
    assert client.post(where, {}).status_code == 422
    session[STARTED] -= settings.PORTAL_CONFIRMED_FOR
    session.save()
    assert client.post(where, {})["Location"].startswith("/password/confirm/")
