"""Entering a norm from its decision: checked whole, shown to whom it concerns, stored as the successor of what held.

A norm is never edited. The row that held stays readable with who entered its successor, when, why and from what.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from indicators.models import CriteriaSet, Norm, NormEntry
from indicators.selectors.norm_effects import change_of, touched_reports
from indicators.selectors.norm_target import NormTarget
from indicators.services.evaluation import request_evaluations
from indicators.services.guard import require
from indicators.services.norm_reading import NormDraft
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Stale
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import plain


def seen_of(target: NormTarget) -> str:
    """Return what a window remembers of a set: the moment of its last change."""
    return target.criteria_set.changed_at.isoformat()


def enter_norm(*, by: Any, draft: NormDraft, seen: str) -> Norm:
    """Store a checked norm as the successor of what held, and ask for the evaluation of whom it concerns.

    Args:
        seen: `seen_of` the target that this window showed.

    Raises:
        Forbidden; Stale: the set was changed in another window meanwhile.
    """
    require(scope_of(by), "norms.enter")
    version, criteria_set, moment = draft.target.version, draft.target.criteria_set, timezone.now()
    change = change_of(version, draft.spec)
    with transaction.atomic():
        _take(criteria_set, seen, moment)
        if draft.supersedes is not None:
            Norm.objects.filter(pk=draft.supersedes.pk).update(superseded_at=moment)
        entry = NormEntry.objects.create(
            decision=draft.decision,
            issued_on=draft.issued_on,
            issuer=draft.issuer,
            reason=draft.reason,
            document=draft.document,
            supersedes=draft.supersedes,
            entered_by=str(by)[:200],
            entered_by_id=by.pk,
            entered_at=moment,
        )
        norm = _stored(draft, entry)
        pairs = {(one.report.unit_id, one.report.period_id) for one in touched_reports(version, change)}
        request_evaluations(pairs)
        record(
            kind=Kind.NORM_ENTERED,
            by=by,
            obj_type="norm",
            obj_id=norm.pk,
            label=f"{criteria_set.code} · {version.indicator.code}{f' {norm.part}' if norm.part else ''}",
            before=_told(draft.supersedes),
            after=_told(norm),
            issued_on=draft.issued_on.isoformat(),
            issuer=draft.issuer,
            document=draft.document.sha256,
            reason=draft.reason,
            reports=len(pairs),
        )
        # A report approved while this was being stored may have been evaluated by what held before.
        transaction.on_commit(
            lambda: request_evaluations(
                {(one.report.unit_id, one.report.period_id) for one in touched_reports(version, change)} - pairs
            )
        )
    return norm


def _take(criteria_set: CriteriaSet, seen: str, moment: datetime) -> None:
    """Move the set's stamp from what the window saw: of two windows one comes second, and is told."""
    try:
        before = datetime.fromisoformat(seen)
    except ValueError:
        before = None
    if before is None or not CriteriaSet.objects.filter(pk=criteria_set.pk, changed_at=before).update(
        changed_at=moment
    ):
        raise changed_meanwhile()


def changed_meanwhile() -> Stale:
    """What a window is told that comes second."""
    return Stale(_("Bộ tiêu chí vừa được thay đổi ở cửa sổ khác: hãy xem lại ảnh hưởng rồi xác nhận lần nữa."))


def _stored(draft: NormDraft, entry: NormEntry) -> Norm:
    value = draft.value
    return Norm.objects.create(
        version=draft.target.version,
        part=draft.target.part,
        region=draft.place.region,
        year=draft.place.year,
        commune_group=draft.place.group,
        valid_from=draft.valid_from,
        boolean=value if isinstance(value, bool) else None,
        choice=value if isinstance(value, str) else "",
        number=None if isinstance(value, bool | str) else value,
        provenance=Provenance.SOURCED,
        decision=draft.decision,
        entry=entry,
    )


def _told(norm: Norm | None) -> dict[str, Any] | None:
    """A norm as the audit trail keeps it."""
    if norm is None:
        return None
    value = norm.value
    told: dict[str, Any] = {
        "value": value if isinstance(value, bool | str) or value is None else plain(value),  # type: ignore[arg-type]
        "provenance": str(norm.provenance),
        "decision": norm.decision,
        "region": norm.region,
        "year": norm.year,
        "group": norm.commune_group,
        "valid_from": norm.valid_from.isoformat() if norm.valid_from else None,
    }
    if norm.derived_set:
        told["derived_from"] = f"{norm.derived_set} {norm.derived_indicator} × {plain(norm.derived_factor)}"  # type: ignore[arg-type]
    return told
