"""Searches for people: what is typed never stands in an address or a log, a token of the session stands for it."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

from communes.rules.families import plain_identity

SEARCHES, SEARCHES_KEPT = "household_searches", 20
# So many digits may be an identity number, or one mistyped: they are answered at once and kept nowhere.
LIKE_A_NUMBER = 9


def keep_search(request: HttpRequest, q: str) -> str:
    """Keep a search for the time of the session, and return the token that stands for it."""
    kept: dict[str, str] = request.session.get(SEARCHES, {})
    for token, text in kept.items():
        if text == q:
            return token
    token = secrets.token_urlsafe(6)
    request.session[SEARCHES] = dict([*kept.items(), (token, q)][-SEARCHES_KEPT:])
    return token


def kept_search(request: HttpRequest, token: str) -> str:
    """Return what a token stands for; "" when it stands for nothing (any more)."""
    return str(request.session.get(SEARCHES, {}).get(token, ""))


def may_be_identity(q: str) -> bool:
    """Whether what is typed may be an identity number."""
    number = plain_identity(q)
    return number.isdecimal() and len(number) >= LIKE_A_NUMBER
