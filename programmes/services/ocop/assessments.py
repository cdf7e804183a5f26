"""Assessing a product: the dossier, the sheets of the council's members, the result, and its approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import NumberFault, format_decimal, parse_decimal, parse_plain
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.text import search_key
from mongcai_portal.common.workflow import APPROVED, EDITABLE, SUBMITTED, VERIFIED
from programmes.models import OcopAssessment, OcopLevel, OcopRecognition, OcopSheet
from programmes.rules.ocop import (
    DISQUALIFIED,
    PARTS,
    Points,
    Scale,
    average,
    cut,
    points_faults,
    result_of,
    standing,
    stars_of,
)
from programmes.selectors.ocop_law import authorities_on, scale_on
from programmes.services.ocop.guard import (
    actor,
    assessment_for,
    day_faults,
    line,
    move,
    once,
    product_for,
    stale,
    take,
    tell,
    text_faults,
)

MEMBER, NOTE = 120, 2000
PLAIN = "plain"  # as the API and loaders write numbers


@dataclass(frozen=True, slots=True)
class SheetTyped:
    """A member's sheet as someone types it, in the number format of `language`; a row of blanks is no sheet."""

    member: str = ""
    a: str = ""
    b: str = ""
    c: str = ""

    @property
    def blank(self) -> bool:
        return not any(text.strip() for text in (self.member, self.a, self.b, self.c))


def open_assessment(
    *, by: Any, product_id: int, purpose: str, note: str = "", provenance: str = Provenance.SOURCED
) -> OcopAssessment:
    """Open the dossier of a product's assessment; a product has one open assessment at a time.

    Raises:
        OcopProduct.DoesNotExist, Forbidden; Invalid: `/purpose` required, open_already, never_recognised (a renewal),
        not_live (an upgrade), recognised_already (a first one); `/note` too_long.
    """
    product = product_for(by=by, product_id=product_id, permission=Permission.OCOP_EDIT)
    faults = text_faults(note.strip(), "note", most=NOTE)
    faults += _purpose_faults(product.pk, purpose, today=timezone.localdate() if by is not None else None)
    twice = Fault("/purpose", "open_already", _("Sản phẩm này đang có một hồ sơ đánh giá chưa xong."))
    if OcopAssessment.objects.filter(product=product).exclude(status=APPROVED).exists():
        faults.append(twice)
    if faults:
        raise Invalid(faults)
    with once(twice):
        row: OcopAssessment = OcopAssessment.objects.create(
            product=product,
            purpose=purpose,
            dossier_note=note.strip(),
            provenance=provenance,
            opened_by=actor(by),
            opened_at=timezone.now(),
        )
        tell(product, kind=Kind.OCOP_ASSESSMENT_OPENED, by=by, assessment=row.pk, purpose=purpose)
    return row


def submit(*, by: Any, assessment_id: int, lock: int | None = None) -> OcopAssessment:
    """Hand a dossier in to the council.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden; Stale: it is not open any more, or was changed meanwhile.
    """
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=(Permission.OCOP_EDIT,))
    with transaction.atomic():
        move(row, "submit", lock=lock, submitted_by=by, returned_because="")
        tell(row.product, kind=Kind.OCOP_ASSESSMENT_SUBMITTED, by=by, assessment=row.pk)
    return row


def save_sheets(
    *,
    by: Any,
    assessment_id: int,
    council: str,
    assessed_on: date | None,
    sheets: Sequence[SheetTyped],
    language: str = "vi",
    lock: int | None = None,
) -> OcopAssessment:
    """Store the council's session and the sheets of its members, all or none: they take the place of those before.

    The scale is that of the session's day; the points of each part are held against it.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden; Stale: the dossier is not with the council, or was changed meanwhile.
        Invalid: `/council` required; `/assessed_on` required, in_future, no_scale; `/sheets/<n>/member` required,
        too_long, twice; `/sheets/<n>/a` (b, c) required, not a number as `parse_decimal` says, negative, above_limit,
        too_fine (more than two decimals); `/sheets` required. Every fault at once.
    """
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=(Permission.OCOP_ASSESS,))
    faults = day_faults(assessed_on, "assessed_on", _("Ghi ngày hội đồng họp chấm."))
    if council not in OcopLevel.values:
        faults.append(Fault("/council", "required", _("Chọn hội đồng của cấp nào.")))
    scale = scale_on(assessed_on) if assessed_on else None
    if assessed_on and scale is None:
        message = _("Ngày %(day)s chưa có thang điểm nào được áp dụng.") % {"day": date_vi(assessed_on)}
        faults.append(Fault("/assessed_on", "no_scale", message))
    typed = [(at, one) for at, one in enumerate(sheets) if not one.blank]
    if not typed:
        faults.append(Fault("/sheets", "required", _("Ghi ít nhất một phiếu của thành viên hội đồng.")))
    spec = scale.spec if scale else None
    read = [_sheet(at, one, spec, language, faults) for at, one in typed]
    seen: dict[str, int] = {}
    for at, one in typed:
        key = search_key(one.member)
        if key and key in seen:
            faults.append(Fault(f"/sheets/{at}/member", "twice", _("Thành viên này đã có một phiếu ở trên.")))
        seen.setdefault(key, at)
    if faults:
        raise Invalid(faults)
    if row.status != SUBMITTED:
        raise stale()
    with transaction.atomic():
        take(row, lock, council=council, assessed_on=assessed_on, scale=scale)
        row.sheets.all().delete()
        OcopSheet.objects.bulk_create(
            OcopSheet(
                assessment=row,
                position=position,
                member=line(one.member),
                member_key=search_key(one.member),
                points_a=points.a,
                points_b=points.b,
                points_c=points.c,
            )
            for position, ((_at, one), points) in enumerate(zip(typed, read, strict=True), start=1)
            if points is not None
        )
        tell(
            row.product,
            kind=Kind.OCOP_SHEETS_SAVED,
            by=by,
            assessment=row.pk,
            council=council,
            assessed_on=assessed_on.isoformat() if assessed_on else "",
            sheets=len(typed),
        )
    return row


def verify(*, by: Any, assessment_id: int, disqualified_because: str = "", lock: int | None = None) -> OcopAssessment:
    """Settle the result: averages of the sheets, stars by the bands, and what they come to at the council's level.

    `disqualified_because`: the requirement besides points that the product does not meet; it then gets no stars.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden; Stale; Invalid: `/sheets` required (stars without an assessment).
    """
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=(Permission.OCOP_ASSESS,))
    because = disqualified_because.strip()
    mean = average([Points(one.points_a, one.points_b, one.points_c) for one in row.sheets.all()])
    if row.status != SUBMITTED:
        raise stale()
    if mean is None or row.scale is None or row.assessed_on is None:
        raise Invalid([Fault("/sheets", "required", _("Chưa có phiếu nào của hội đồng nên chưa có số sao."))])
    spec = row.scale.spec
    stars = stars_of(mean.total, spec.bands)
    result = DISQUALIFIED if because else result_of(stars, row.council, authorities_on(row.assessed_on), spec)
    with transaction.atomic():
        move(
            row,
            "verify",
            lock=lock,
            status=VERIFIED,
            verified_by=by,
            total=cut(mean.total),
            stars=None if because else stars,
            result=result,
            disqualified_because=because,
            **{f"points_{part}": cut(getattr(mean, part)) for part in PARTS},
        )
        tell(
            row.product,
            kind=Kind.OCOP_ASSESSMENT_VERIFIED,
            by=by,
            assessment=row.pk,
            total=str(row.total),
            stars=row.stars,
            result=result,
            reason=because,
        )
    return row


def send_back(*, by: Any, assessment_id: int, reason: str, lock: int | None = None) -> OcopAssessment:
    """Send a dossier back to the commune; its sheets stay, its result goes.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden; Stale; Invalid: `/reason` required, too_long.
    """
    permissions = (Permission.OCOP_ASSESS, Permission.OCOP_APPROVE)
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=permissions)
    faults = text_faults(reason.strip(), "reason", most=NOTE, needed=_("Ghi lý do trả lại."))
    if faults:
        raise Invalid(faults)
    nothing: dict[str, Any] = dict.fromkeys(("total", "stars", *(f"points_{part}" for part in PARTS)))
    with transaction.atomic():
        move(
            row,
            "send_back",
            lock=lock,
            returned_because=reason.strip(),
            result="",
            disqualified_because="",
            verified_by=None,
            **nothing,
        )
        tell(row.product, kind=Kind.OCOP_ASSESSMENT_RETURNED, by=by, assessment=row.pk, reason=reason.strip())
    return row


def approve(*, by: Any, assessment_id: int, lock: int | None = None) -> OcopAssessment:
    """Approve the result: it is final, and a decision of recognition may rest on it.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden: also who handed the dossier in or settled its result; Stale.
    """
    row = assessment_for(by=by, assessment_id=assessment_id, permissions=(Permission.OCOP_APPROVE,))
    if by is not None and by.pk in (row.submitted_by_id, row.verified_by_id):
        raise Forbidden(_("Người nộp hồ sơ hoặc chốt kết quả không được tự phê duyệt."))
    with transaction.atomic():
        move(row, "approve", lock=lock, approved_at=timezone.now())
        tell(
            row.product,
            kind=Kind.OCOP_ASSESSMENT_APPROVED,
            by=by,
            assessment=row.pk,
            total=str(row.total),
            stars=row.stars,
            result=row.result,
        )
    return row


def _purpose_faults(product_id: int, purpose: str, *, today: date | None) -> list[Fault]:
    """Hold the purpose against the product's recognitions on a day (None: loaders write the past down)."""
    if purpose not in OcopAssessment.Purpose.values:
        return [Fault("/purpose", "required", _("Chọn mục đích đánh giá."))]
    known = [one.certificate for one in OcopRecognition.objects.filter(product=product_id)]
    if purpose == OcopAssessment.Purpose.FIRST:
        if known:
            message = _("Sản phẩm đã từng được công nhận: chọn đánh giá lại hoặc nâng hạng.")
            return [Fault("/purpose", "recognised_already", message)]
    elif not known:
        return [Fault("/purpose", "never_recognised", _("Sản phẩm chưa từng được công nhận: chọn đánh giá lần đầu."))]
    elif purpose == OcopAssessment.Purpose.UPGRADE and today is not None and standing(known, today) is None:
        message = _("Công nhận của sản phẩm không còn hiệu lực: chọn đánh giá lại.")
        return [Fault("/purpose", "not_live", message)]
    return []


def _sheet(at: int, typed: SheetTyped, scale: Scale | None, language: str, faults: list[Fault]) -> Points | None:
    """Read a sheet; what is wrong with it is added to the faults."""
    place = f"/sheets/{at}"
    for fault in text_faults(line(typed.member), "member", most=MEMBER, needed=_("Ghi tên thành viên hội đồng.")):
        faults.append(Fault(f"{place}{fault.pointer}", fault.code, fault.message))
    values: dict[str, Decimal] = {}
    for part in PARTS:
        found = _number(getattr(typed, part), language)
        if isinstance(found, Decimal):
            values[part] = found
        else:
            faults.append(Fault(f"{place}/{part}", *found))
    if len(values) < len(PARTS):
        # What could be read is held against the scale all the same: nobody mends one part to be told of the next.
        if scale is not None:
            points = Points(**{part: values.get(part, Decimal(0)) for part in PARTS})
            faults += _limits(points, scale, place, language)
        return None
    points = Points(**values)
    if scale is not None:
        faults += _limits(points, scale, place, language)
    return points


def _number(text: str, language: str) -> Decimal | tuple[str, str]:
    text = text.strip()
    if not text:
        return "required", _("Ghi điểm.")
    try:
        value = parse_plain(text) if language == PLAIN else parse_decimal(text, language)
    except NumberFault as fault:
        if fault.suggestions:
            meant = _(" hay ").join(fault.suggestions)
            return fault.code, _("“%(text)s” có thể hiểu theo hai cách; ý là %(meant)s?") % {
                "text": text,
                "meant": meant,
            }
        return fault.code, _("“%(text)s” không phải là số.") % {"text": text}
    if value != value.quantize(Decimal("0.01")):
        return "too_fine", _("Điểm có nhiều nhất hai chữ số thập phân.")
    return value


def _limits(points: Points, scale: Scale, place: str, language: str) -> list[Fault]:
    shown = "vi" if language == PLAIN else language
    messages = {
        "negative": _("Điểm không được âm."),
        "above_limit": _("Phần này có nhiều nhất %(limit)s điểm."),
    }
    return [
        Fault(f"{place}/{one.part}", one.code, messages[one.code] % {"limit": format_decimal(one.limit, shown)})
        for one in points_faults(points, scale)
    ]


def may_edit(row: OcopAssessment) -> bool:
    """Whether the dossier is with the commune."""
    return row.status in EDITABLE
