"""Other systems in tests: an API client with its token, over the Django test client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client

from communes.services.api_clients import create_api_client
from mongcai_portal.accounts.models import User


class ApiCaller:
    """Calls the API with a bearer token; `get`, `post`, `put` return Django's test responses."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path if path.startswith("/") else f"/api/v1/{path}", query)

    def post(self, path: str, data: Any = None) -> Any:
        return self.client.post(f"/api/v1/{path}", {} if data is None else data, content_type="application/json")

    def put(self, path: str, data: Any) -> Any:
        return self.client.put(f"/api/v1/{path}", data, content_type="application/json")


def token_of(client_id: str, client_secret: str, **more: str) -> Any:
    """Ask the token endpoint as another system does."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret, **more}
    return Client().post("/oauth/token/", form)


def make_caller(
    role: str, *, units: Sequence[str] = (), offices: Sequence[str] = (), scopes: Sequence[str] = ("read", "write")
) -> ApiCaller:
    """Connect a system in a role, and get it a token."""
    name = f"{role} {User.objects.count()}"
    made = create_api_client(by=None, name=name, role=role, units=units, offices=offices, scopes=scopes)
    answer = token_of(made.client_id, made.client_secret)
    assert answer.status_code == 200, answer.content
    return ApiCaller(answer.json()["access_token"])


def pointers(response: Any) -> dict[str, str]:
    """The faults of a problem answer: pointer → code."""
    assert response["Content-Type"] == "application/problem+json", response.content
    return {fault["pointer"]: fault["code"] for fault in response.json().get("errors", [])}
