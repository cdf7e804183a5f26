"""Talking about an element: a remark is added once, never changed, and marked as read by the side it was meant for."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Comment, CommentSeen, Report
from indicators.models.comments import COMMENT_LENGTH
from indicators.selectors.comments import may_comment, reads_for, side_of
from indicators.selectors.definitions import ElementDef, definitions_for
from indicators.services.guard import report_for, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Forbidden, Invalid

_TOKEN = re.compile(r"[0-9a-f]{32}")


class UnknownElement(LookupError):
    """The report is not asked for this element."""


def comment(*, by: Any, report_id: int, element: str, text: str, token: str) -> Comment:
    """Add a remark about an element and return it; the same token again returns what it stored the first time.

    Raises:
        Report.DoesNotExist, UnknownElement; Forbidden: neither the commune nor the office of the element (or the
        coordinator); Invalid: no text, a text that is too long, a token that no form drew or that sent something else.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.comment")
    definition = _element(report, element)
    if not may_comment(scope, report, definition.office_id):
        raise Forbidden(_("Chỉ xã và phòng ban phụ trách số liệu này được trao đổi ở đây."))
    said = text.replace("\r\n", "\n").strip()
    faults = _faults(said, token)
    if faults:
        raise Invalid(faults)
    side = side_of(scope, report.unit_id)
    with transaction.atomic():
        row, new = Comment.objects.get_or_create(
            report=report,
            token=token,
            defaults={
                "revision": report.revision,
                "element_id": definition.id,
                "side": side,
                "text": said,
                "by_id": by.pk,
                "by": str(by),
                "at": timezone.now(),
            },
        )
        if new:
            tell(report, kind=Kind.REPORT_COMMENTED, by=by, element=element, comment=row.pk, side=side)
    if not new and (row.by_id, row.element_id, row.text) != (by.pk, definition.id, said):
        raise Invalid([Fault("/token", "sent_before", _("Biểu mẫu này đã gửi một ý kiến khác. Hãy tải lại trang."))])
    return row


def mark_seen(*, by: Any, report_id: int, element: str, upto: int) -> bool:
    """Note that the person's side has read a thread up to a remark; return whether that is news.

    Raises:
        Report.DoesNotExist, UnknownElement, Comment.DoesNotExist; Forbidden: the thread is not this person's to answer.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.comment")
    definition = _element(report, element)
    side = reads_for(scope, report.unit_id, definition.office_id)
    if not side:
        raise Forbidden(_("Chỉ xã và phòng ban phụ trách số liệu này được trao đổi ở đây."))
    row = Comment.objects.get(pk=upto, report=report, element=definition.id)
    with transaction.atomic():
        news = _seen(report, definition, side, row, by)
        if news:
            tell(report, kind=Kind.REPORT_COMMENTS_SEEN, by=by, element=element, upto=row.pk, side=side)
    return news


def _element(report: Report, code: str) -> ElementDef:
    definition = definitions_for(report.period).element(code)
    if definition is None:
        raise UnknownElement(code)
    return definition


def _faults(text: str, token: str) -> list[Fault]:
    faults = []
    if not text:
        faults.append(Fault("/text", "required", _("Ghi nội dung cần trao đổi.")))
    if len(text) > COMMENT_LENGTH:
        faults.append(Fault("/text", "too_long", _("Nội dung trao đổi dài quá 2.000 ký tự.")))
    if not _TOKEN.fullmatch(token):
        faults.append(Fault("/token", "invalid", _("Biểu mẫu gửi lên thiếu mã. Hãy tải lại trang.")))
    return faults


def _seen(report: Report, definition: ElementDef, side: str, upto: Comment, by: Any) -> bool:
    """Move the side's mark forward; a mark never goes back, whichever window comes last."""
    said = {"upto": upto, "by": str(by), "at": timezone.now()}
    row, new = CommentSeen.objects.get_or_create(report=report, element_id=definition.id, side=side, defaults=said)
    return new or bool(CommentSeen.objects.filter(pk=row.pk, upto__lt=upto.pk).update(**said))
