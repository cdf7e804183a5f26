"""Language and light."""

import pytest

from mongcai_portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_language_is_kept_with_the_account_and_the_browser(client, person, sign_in):
    sign_in()
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/password/change/"})
    assert response.url == "/password/change/"
    person.refresh_from_db()
    assert person.language == "en"
    assert client.cookies["django_language"].value == "en"
    assert '<html lang="en"' in client.get("/password/change/").content.decode()
    assert AuditEvent.objects.get(kind="user.language").details == {"before": "vi", "after": "en"}


def test_a_new_browser_speaks_the_language_of_the_account(client, person):
    person.language = "en"
    person.save()
    client.force_login(person)
    assert '<html lang="en"' in client.get("/password/change/", headers={"Accept-Language": "vi"}).content.decode()


def test_login_turns_a_shared_browser_to_the_language_of_the_account(client, person, sign_in):
    client.cookies["django_language"] = "en"
    sign_in()
    assert '<html lang="vi"' in client.get("/password/change/").content.decode()


def test_stranger_switches_the_language_without_an_account(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in client.get("/login/").content.decode()


def test_page_is_vietnamese_in_an_english_browser_and_the_api_answers_as_asked(client):
    english = {"Accept-Language": "en-US,en;q=0.9"}
    assert '<html lang="vi"' in client.get("/login/", headers=english).content.decode()
    asked = client.get("/khong-co", headers={**english, "Accept": "application/json"})
    assert asked.json()["title"] == "Page not found"


def test_unknown_language_changes_nothing(client, person, sign_in):
    sign_in()
    client.post("/i18n/setlang/", {"language": "fr"})
    person.refresh_from_db()
    assert person.language == "vi"


@pytest.mark.parametrize("path", ["/i18n/setlang/", "/theme/"])
def test_switch_never_leads_outside(client, path):
    assert "evil" not in client.post(path, {"language": "en", "theme": "dark", "next": "https://evil.example/"}).url
    assert client.get(path).status_code == 405


def test_chosen_light_is_in_the_first_byte_of_the_page(client):
    assert "data-bs-theme" not in client.get("/login/").content.decode()[:200]
    client.post("/theme/", {"theme": "dark", "next": "/login/"})
    assert 'data-bs-theme="dark"' in client.get("/login/").content.decode()[:200]
    client.cookies["portal_theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/login/").content.decode()[:200]
