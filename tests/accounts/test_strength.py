"""What must not be guessed or forged: how many bits it has, which algorithm and which key."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.conf import settings
from django.core import signing

from communes.services.api_clients import create_api_client
from mongcai_portal.accounts.sessions import SessionStore
from mongcai_portal.common.ciphers import new_key
from tests.factories.clients import token_of

pytestmark = pytest.mark.django_db
ENOUGH = 128


def bits(length: int, letters: int) -> float:
    return length * math.log2(letters)


def drawn(made: set[str], alphabet: int) -> float:
    """The bits of what is drawn, letter by letter; none comes twice, and no letter beyond the alphabet."""
    assert len(made) == 50 and len({len(one) for one in made}) == 1
    assert len(set("".join(made))) == alphabet
    return bits(len(next(iter(made))), alphabet)


def test_the_key_of_a_session_is_drawn_from_165_bits() -> None:
    made = set()
    for _ in range(50):
        session = SessionStore()
        session.create()
        made.add(session.session_key)
    assert drawn(made, 36) > 165


def test_secrets_tokens_and_keys_have_128_bits_and_more() -> None:
    client: Any = create_api_client(by=None, name="Kho", role="leader", scopes=["read"], units=[], offices=[])
    token = token_of(client.client_id, client.client_secret).json()["access_token"]
    assert bits(len(client.client_secret), 62) > ENOUGH and bits(len(token), 62) > ENOUGH
    assert drawn({new_key() for _ in range(50)}, 16) == 256


@pytest.mark.parametrize("signer", [{"algorithm": "sha1"}, {"algorithm": "md5"}, {"key": "another-key"}])
def test_a_signed_text_is_taken_under_one_algorithm_and_one_key_alone(signer: dict[str, str]) -> None:
    assert signing.Signer().algorithm == "sha256" and settings.SECRET_KEY_FALLBACKS == []
    assert signing.Signer().unsign(signing.Signer().sign("a")) == "a"
    with pytest.raises(signing.BadSignature):
        signing.Signer().unsign(signing.Signer(**signer).sign("a"))
