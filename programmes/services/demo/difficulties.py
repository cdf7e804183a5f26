"""Difficulties and proposals of the demonstration, written by the people who would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mongcai_portal.accounts.models import User
from mongcai_portal.common.models import Provenance
from programmes.models import Difficulty
from programmes.services.difficulties import DifficultyTyped, Proposed, resolve_difficulty, write_difficulty


def write_difficulties(raw: Mapping[str, Any], people: Mapping[str, User]) -> int:
    """Write those that were not written yet; return how many.

    Args:
        raw: the content of `demo_difficulties.yaml`.
        people: who writes, by user name.
    """
    # Always the same token: loading again writes nothing twice, also when the file words it otherwise by then.
    tokens = {row["key"]: uuid5(NAMESPACE_URL, f"difficulty:{row['key']}").hex for row in raw["difficulties"]}
    known = set(Difficulty.objects.filter(token__in=tokens.values()).values_list("token", flat=True))
    made = 0
    for row in raw["difficulties"]:
        if tokens[row["key"]] in known:
            continue
        by = people[row["by"]]
        written = write_difficulty(
            by=by, token=tokens[row["key"]], typed=_typed(row), provenance=Provenance.ILLUSTRATIVE
        )
        if "resolved_on" in row:
            resolve_difficulty(
                by=by,
                difficulty_id=written.pk,
                text=row["resolution"],
                resolved_on=date.fromisoformat(row["resolved_on"]),
            )
        made += 1
    return made


def _typed(row: Mapping[str, Any]) -> DifficultyTyped:
    names = ("programme", "kind", "office", "text", "unit", "cause_objective", "cause_subjective")
    return DifficultyTyped(
        **{name: row.get(name, "") for name in names},
        period=str(row["period"]),
        proposals=[Proposed(one["addressee"], one["text"]) for one in row.get("proposals", ())],
    )
