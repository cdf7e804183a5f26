"""What the database must do that no setting of the portal can make it do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

ORDER = "portal.W001"


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
