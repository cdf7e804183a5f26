"""What must be so of the register's rows before the portal starts on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from mongcai_portal.common import ciphers

LOST_KEY = "portal.E002"
NO_SOURCE = "portal.E003"


@register()
def retention_names_its_source(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether a period after which people's data are erased is one, and says which text it is from."""
    years, source = settings.HOUSEHOLD_RETENTION_YEARS, settings.HOUSEHOLD_RETENTION_SOURCE.strip()
    if years is None or (years > 0 and source):
        return []
    return [
        Error(
            "People's data would be erased after a time that no text is named for.",
            hint="Set PORTAL_HOUSEHOLD_RETENTION_YEARS (1 or more) and PORTAL_HOUSEHOLD_RETENTION_SOURCE, or neither.",
            id=NO_SOURCE,
        )
    ]


@register(Tags.database)
def keys_of_identity_numbers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether every identity number can be read under the keys that are here; `migrate` and `prepare` ask this.

    A folder that was emptied, or a database that was brought along without its keys, would otherwise be noticed by the
    first official who asks for a number, when new ones are stored under another key already.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        used = set(keys_in_use(alias))
        if used - _known(makes=bool(used)):
            found.append(
                Error(
                    f"Identity numbers in the database “{alias}” are under keys that are not here.",
                    hint="Set PORTAL_DATA_KEYS, or put the file data_keys back; a backup holds both.",
                    id=LOST_KEY,
                )
            )
    return found


def keys_in_use(alias: str = "default") -> Iterator[str]:
    """Yield the name of every key that identity numbers and waiting files are under, one of them maybe twice.

    One small query for each, however many the numbers.
    """
    from communes.models import ImportContent, OpeningListContent, Person

    kinds: tuple[tuple[Any, str], ...] = ((Person, "identity_key"), (ImportContent, "key"), (OpeningListContent, "key"))
    for model, column in kinds:
        if column not in _columns(alias, model._meta.db_table):  # before `migrate`
            continue
        rows = model._default_manager.using(alias).order_by(column).values_list(column, flat=True)
        last = ""
        while (name := rows.filter(**{f"{column}__gt": last}).first()) is not None:
            yield name
            last = name


def _known(*, makes: bool) -> set[str]:
    """Names of the keys; none is made for the question's sake."""
    try:
        return set(ciphers.keyring().names) if makes and ciphers.stored_keys() else set()
    except ImproperlyConfigured:
        return set()


def _columns(alias: str, table: str) -> set[str]:
    introspection = connections[alias].introspection
    with connections[alias].cursor() as cursor:
        if table not in introspection.table_names(cursor):
            return set()
        return {column.name for column in introspection.get_table_description(cursor, table)}
