"""What must be so before the portal starts, and what the database must do that no setting can make it do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from mongcai_portal.common import ciphers

ORDER = "portal.W001"
NO_KEY = "portal.E001"


@register(Tags.database)
def order_of_texts(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether texts are compared by code point; `migrate` asks this.

    Keys to sort by (`common.text.sort_key`) are made for that: by the rules of most languages V, X and Y, whose signs
    stand behind Z, come before A.
    """
    return [
        Warning(
            f"The database “{alias}” sorts texts by the rules of a language: Vạn Ninh would stand before An.",
            hint="Make it as deploy/postgresql/create.sql does (LC_COLLATE 'C.UTF-8'), and put a backup back into it.",
            id=ORDER,
        )
        for alias in databases or ()
        if not _by_code_point(alias)
    ]


def _by_code_point(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        # The signs behind Z that stand for the last letters, and the blank between words.
        cursor.execute("SELECT %s < %s AND %s < %s", ["Z", "[", "B Z", "BA"])
        return bool(cursor.fetchone()[0])


@register(Tags.security)
def keys_of_the_data(**kwargs: Any) -> list[CheckMessage]:
    """Whether there is something to encrypt identity numbers with; `check` and every command ask this."""
    hint = "Set PORTAL_DATA_KEYS (openssl rand -hex 32), or put back the file data_keys of the portal's folder."
    if not ciphers.present():
        return [Error("There is no key to encrypt identity numbers with.", hint=hint, id=NO_KEY)]
    try:
        if ciphers.stored_keys():
            ciphers.keyring()
    except ImproperlyConfigured as fault:
        return [Error(str(fault), hint=hint, id=NO_KEY)]
    return []


def refuse_start() -> None:
    """Let no web server and no worker start without the keys: they would take what they cannot store.

    Raises:
        ImproperlyConfigured: with what is missing.
    """
    for fault in keys_of_the_data():
        raise ImproperlyConfigured(f"{fault.msg} {fault.hint} ({fault.id})")
