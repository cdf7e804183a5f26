"""Other systems in tests: an API client with its token, over the Django test client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client

from communes.services.api_clients import create_api_client
from mongcai_portal.accounts.models import User


class ApiCaller:
    """Calls the API with a bearer token; `get`, `post`, `put` return Django's test responses.

    Writes say `If-Match: *` unless told otherwise (None: nothing at all); other headers by name.
    """

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path if path.startswith("/") else f"/api/v1/{path}", query)

    def post(self, path: str, data: Any = None, *, if_match: str | None = "*", **headers: str) -> Any:
        return self._send(self.client.post, path, {} if data is None else data, if_match, headers)

    def put(self, path: str, data: Any, *, if_match: str | None = "*", **headers: str) -> Any:
        return self._send(self.client.put, path, data, if_match, headers)

    @staticmethod
    def _send(method: Any, path: str, data: Any, if_match: str | None, headers: dict[str, str]) -> Any:
        said = headers if if_match is None else {**headers, "If-Match": if_match}
        return method(f"/api/v1/{path}", data, content_type="application/json", headers=said)


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
