"""The seven tasks of the review of 29/02/2024, given to offices for the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mongcai_portal.accounts.models import User
from mongcai_portal.common.models import Provenance
from programmes.models import Task
from programmes.services.tasks import NewTask, assign


def give_directions(raw: Mapping[str, Any], *, by: User) -> int:
    """Give those that were not given yet; return how many.

    Args:
        raw: the content of `directions_2024.yaml`.
        by: who gives them.
    """
    # Always the same token: loading again gives nothing twice, also when the file words it otherwise by then.
    tokens = {row["key"]: uuid5(NAMESPACE_URL, f"direction:{row['key']}").hex for row in raw["directions"]}
    known = set(Task.objects.filter(token__in=tokens.values()).values_list("token", flat=True))
    made = 0
    for row in raw["directions"]:
        token = tokens[row["key"]]
        if token in known:
            continue
        assign(
            by=by,
            task=NewTask(
                token=token,
                title=row["title_vi"],
                title_en=row["title_en"],
                origin=Task.Origin.CONCLUSION,
                document=raw["document_vi"],
                document_on=date.fromisoformat(raw["document_on"]),
                owner=row["owner"],
                measure=row.get("measure", ""),
                assigned_on=date.fromisoformat(raw["assigned_on"]),
                due_on=date.fromisoformat(raw["due_on"]),
                text_provenance=Provenance.UNVERIFIED,
                text_source=raw["source"],
                plan_provenance=Provenance.ILLUSTRATIVE,
            ),
        )
        made += 1
    return made
