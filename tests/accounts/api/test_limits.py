"""A client that calls too often, and one that guesses secrets."""

import base64
from typing import Any

import pytest
from django.test import Client

from communes.services.api_clients import create_api_client
from mongcai_portal import env
from tests.factories.clients import make_caller, token_of
from tests.factories.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    make_world()


def made(name: str) -> Any:
    return create_api_client(by=None, name=name, role="leader", units=(), offices=(), scopes=("read",))


def test_a_client_that_calls_too_often_is_told_when_to_come_back(settings):
    settings.API_RATE = (3, 60)
    caller, other = make_caller("leader"), make_caller("leader")
    assert [caller.get("units/").status_code for _ in range(3)] == [200] * 3
    answer = caller.get("units/")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["type"] == "urn:mongcai:problem:throttled"
    assert 1 <= int(answer["Retry-After"]) <= 20
    assert other.get("units/").status_code == 200
    assert caller.post("reports/").status_code == 429
    assert caller.get("schema/").status_code == 429


def test_who_guesses_a_secret_is_stopped_and_others_are_not(settings):
    settings.TOKEN_RATE = (3, 60)
    one, other = (
        create_api_client(by=None, name=n, role="leader", units=(), offices=(), scopes=("read",)) for n in "ab"
    )
    guesses = [token_of(one.client_id, f"guess {n}") for n in range(4)]
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429]
    assert guesses[-1].json()["type"] == "urn:mongcai:problem:throttled"
    assert 1 <= int(guesses[-1]["Retry-After"]) <= 20
    assert token_of(one.client_id, one.client_secret).status_code == 429
    assert token_of(other.client_id, other.client_secret).status_code == 200


def test_guessing_by_basic_credentials_is_the_same_guessing(settings):
    settings.TOKEN_RATE = (2, 60)
    client = made("a")
    basic = base64.b64encode(f"{client.client_id}:guess".encode()).decode()
    answers = [
        Client().post(
            "/oauth/token/", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert token_of(client.client_id, "guess").status_code == 429


def test_guessing_for_many_clients_is_stopped_by_its_address(settings):
    settings.TOKEN_RATE = (1, 60)
    answers = [token_of(f"client {n}", "guess").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]


def test_a_client_that_does_it_right_is_never_counted(settings):
    settings.TOKEN_RATE = (1, 3600)
    client = made("a")
    assert [token_of(client.client_id, client.client_secret).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(("text", "rate"), [("1200/minute", (1200, 60)), ("5 / hour", (5, 3600)), ("1/second", (1, 1))])
def test_a_rate_is_read(text, rate):
    assert env.rate(text) == rate


@pytest.mark.parametrize("text", ["1200", "0/minute", "x/minute", "5/day", "-1/hour"])
def test_a_rate_that_says_nothing_is_refused(text):
    with pytest.raises(Exception, match="1200/minute"):
        env.rate(text)
