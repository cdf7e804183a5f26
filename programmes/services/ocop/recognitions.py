"""Recording decisions: that a product has so many stars, that they are withdrawn, or that a record was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import APPROVED
from programmes.models import OcopAssessment, OcopLevel, OcopRecognition
from programmes.rules.ocop import AWARDED, event_of, expiry, last_day
from programmes.selectors.ocop_law import authorities_on
from programmes.services.ocop.guard import (
    actor,
    assessment_for,
    day_faults,
    gone,
    line,
    once,
    recognition_for,
    still_stands,
    tell,
    text_faults,
)
from programmes.services.ocop.scans import checked_paper, keep, told

NUMBER, SIGNER, SOURCE, NOTE = 60, 200, 80, 2000


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is typed from the paper; the stars are those of the assessment it rests on."""

    stars: int | None = None
    level: str = ""
    decision_number: str = ""
    decided_on: date | None = None
    signer: str = ""
    source: str = ""
    note: str = ""


def recognise(
    *,
    by: Any,
    assessment_id: int,
    decision: Decision,
    scan: File[Any] | None = None,
    provenance: str = Provenance.SOURCED,
) -> OcopRecognition:
    """Record the decision that a product has the stars of an approved assessment, for as long as the scale says.

    Whether that is its first recognition, a renewal, an upgrade or a downgrade follows from those before it.

    Args:
        scan: the signed decision; it can be added later (`attach_scan`).
        provenance: illustrative rows have no number, as none was published.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden.
        Invalid: `/stars` not_assessed (no approved assessment gives stars), other_stars; `/level` required,
        not_competent; `/decision_number` required, too_long; `/decided_on` required (a certificate without a date),
        in_future, before_assessment, duplicate; `/signer`, `/source`, `/note` too_long; `/scan` what `check_upload`
        says of it. Every fault at once.
    """
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=(Permission.OCOP_RECOGNISE,))
    faults = _star_faults(row, decision) + _decision_faults(row, decision, provenance)
    twice = Fault("/decided_on", "duplicate", _("Quyết định công nhận này đã được ghi."))
    standing = OcopRecognition.objects.filter(product=row.product_id)
    if standing.filter(assessment=row).exists() or (
        decision.decided_on and standing.filter(decided_on=decision.decided_on).exists()
    ):
        faults.append(twice)
    checked = checked_paper(scan, faults)
    if faults or decision.decided_on is None or row.scale is None or row.stars is None:
        raise Invalid(faults)
    with once(twice):
        made: OcopRecognition = OcopRecognition.objects.create(
            product=row.product,
            assessment=row,
            stars=row.stars,
            level=decision.level,
            decision_number=line(decision.decision_number),
            decided_on=decision.decided_on,
            expires_on=expiry(decision.decided_on, row.scale.certificate_months),
            signer=line(decision.signer),
            provenance=provenance,
            source=line(decision.source),
            note=decision.note.strip(),
            recorded_by=actor(by),
            recorded_at=timezone.now(),
        )
        if scan is not None and checked is not None:
            keep(made, scan, checked, by)
        tell(
            row.product,
            kind=Kind.OCOP_RECOGNISED,
            by=by,
            recognition=made.pk,
            stars=made.stars,
            event=event_of(made.certificate, _certificates(standing.exclude(pk=made.pk))),
            decision_number=made.decision_number,
            decided_on=made.decided_on.isoformat(),
            last_day=last_day(made.expires_on).isoformat(),
            files=told(checked),
        )
    return made


def withdraw(
    *, by: Any, recognition_id: int, withdrawn_on: date | None, decision_number: str, reason: str
) -> OcopRecognition:
    """Record that a recognition was withdrawn before its end.

    Raises:
        OcopRecognition.DoesNotExist, Forbidden; Stale: annulled meanwhile.
        Invalid: `/withdrawn_on` required, in_future, before_decision, expired, withdrawn; `/decision_number` required,
        too_long; `/reason` required, too_long. Every fault at once.
    """
    row = recognition_for(by=by, recognition_id=recognition_id, permission=Permission.OCOP_RECOGNISE)
    still_stands(row)
    already = Fault("/withdrawn_on", "withdrawn", _("Quyết định này đã bị thu hồi."))
    faults = day_faults(withdrawn_on, "withdrawn_on", _("Ghi ngày thu hồi."))
    faults += text_faults(line(decision_number), "decision_number", most=NUMBER, needed=_("Ghi số quyết định thu hồi."))
    faults += text_faults(reason.strip(), "reason", most=NOTE, needed=_("Ghi lý do thu hồi."))
    if withdrawn_on is not None and withdrawn_on < row.decided_on:
        message = _("Ngày thu hồi không được trước ngày công nhận (%(day)s).") % {"day": date_vi(row.decided_on)}
        faults.append(Fault("/withdrawn_on", "before_decision", message))
    if withdrawn_on is not None and withdrawn_on >= row.expires_on:
        message = _("Giấy chứng nhận đã hết hiệu lực sau ngày %(day)s, không còn gì để thu hồi.")
        faults.append(Fault("/withdrawn_on", "expired", message % {"day": date_vi(row.last_day)}))
    if row.withdrawn_on is not None:
        faults.append(already)
    if faults or withdrawn_on is None:
        raise Invalid(faults)
    with transaction.atomic():
        changed = OcopRecognition.objects.filter(pk=row.pk, withdrawn_on__isnull=True).update(
            withdrawn_on=withdrawn_on, withdrawal_decision=line(decision_number), withdrawal_reason=reason.strip()
        )
        if not changed:
            raise Invalid([already])
        tell(
            row.product,
            kind=Kind.OCOP_WITHDRAWN,
            by=by,
            recognition=row.pk,
            withdrawn_on=withdrawn_on.isoformat(),
            decision_number=line(decision_number),
            reason=reason.strip(),
        )
    row.refresh_from_db()
    return row


def annul(*, by: Any, recognition_id: int, reason: str) -> OcopRecognition:
    """Annul a record that was typed wrongly; it stays readable and counts nowhere; the right one is recorded anew.

    Raises:
        OcopRecognition.DoesNotExist, Forbidden; Stale: annulled meanwhile; Invalid: `/reason` required, too_long.
    """
    row = recognition_for(by=by, recognition_id=recognition_id, permission=Permission.OCOP_RECOGNISE)
    still_stands(row)
    faults = text_faults(reason.strip(), "reason", most=NOTE, needed=_("Ghi lý do: bản ghi sai ở đâu."))
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        changed = OcopRecognition.objects.filter(pk=row.pk, withdrawn_on=row.withdrawn_on).update(
            annulled_at=timezone.now(), annulled_by=actor(by), annulment_reason=reason.strip()
        )
        if not changed:
            raise gone()
        tell(row.product, kind=Kind.OCOP_ANNULLED, by=by, recognition=row.pk, reason=reason.strip())
    return OcopRecognition.records.get(pk=row.pk)


def _star_faults(row: OcopAssessment, decision: Decision) -> list[Fault]:
    """Stars come from an approved assessment, and from nowhere else."""
    if row.status != APPROVED or row.result != AWARDED or row.stars is None:
        message = _("Chưa có kết quả đánh giá được phê duyệt đạt hạng sao: không ghi được số sao.")
        return [Fault("/stars", "not_assessed", message)]
    if decision.stars is not None and decision.stars != row.stars:
        message = _("Kết quả đánh giá là %(stars)s sao; quyết định phải ghi đúng số sao đó.")
        return [Fault("/stars", "other_stars", message % {"stars": row.stars})]
    return []


def _decision_faults(row: OcopAssessment, decision: Decision, provenance: str) -> list[Fault]:
    faults = day_faults(decision.decided_on, "decided_on", _("Ghi ngày quyết định: thời hạn tính từ ngày này."))
    day = decision.decided_on
    if day is not None and row.assessed_on is not None and day < row.assessed_on:
        message = _("Quyết định không thể trước ngày hội đồng chấm (%(day)s).") % {"day": date_vi(row.assessed_on)}
        faults.append(Fault("/decided_on", "before_assessment", message))
    if decision.level not in OcopLevel.values:
        faults.append(Fault("/level", "required", _("Chọn cấp ban hành quyết định.")))
    elif day is not None and row.stars is not None and decision.level not in authorities_on(day).get(row.stars, ()):
        message = _("Ngày %(day)s cấp này không có thẩm quyền công nhận %(stars)s sao.")
        faults.append(Fault("/level", "not_competent", message % {"day": date_vi(day), "stars": row.stars}))
    needed = "" if provenance == Provenance.ILLUSTRATIVE else _("Ghi số quyết định.")
    faults += text_faults(line(decision.decision_number), "decision_number", most=NUMBER, needed=needed)
    faults += text_faults(line(decision.signer), "signer", most=SIGNER)
    faults += text_faults(line(decision.source), "source", most=SOURCE)
    return faults + text_faults(decision.note.strip(), "note", most=NOTE)


def _certificates(rows: Iterable[OcopRecognition]) -> list[Any]:
    return [one.certificate for one in rows]
