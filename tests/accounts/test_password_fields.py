"""Where a password is typed, it is hidden, can be pasted, and a password manager knows which one is meant."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.windows import BACKEND
from tests.factories.world import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/login/", ["current-password"]),
        ("/password/confirm/", ["current-password"]),
        ("/password/change/", ["current-password", "new-password", "new-password"]),
    ],
)
def test_passwords_are_typed_hidden_and_pasted_freely(path: str, meant: list[str]) -> None:
    client = Client()
    if path != "/login/":
        client.force_login(make_person("ha", "leader"), backend=BACKEND)
    text = client.get(path).content.decode()
    fields = re.findall(r"<input[^>]*name=\"[^\"]*password[^\"]*\"[^>]*>", text)
    assert [re.search(r'autocomplete="([^"]+)"', field)[1] for field in fields] == meant  # type: ignore[index]
    for field in fields:
        assert 'type="password"' in field
        assert not re.search(r"onpaste|readonly|maxlength=\"[1-9]\d?\"|value=\"[^\"]", field)
