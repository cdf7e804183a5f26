"""Who may write money, who was first, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communes.models import UnitVersion
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Outdated, Stale
from mongcai_portal.common.numbers import NumberFault, format_decimal
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.text import nfc
from programmes.models import BudgetLine
from programmes.rules.budget import Breach
from programmes.rules.money import money_of, parse_money
from programmes.selectors.versions import line_version

# Whether the caller has seen this version of what it changes (If-Match).
Seen = Callable[[str], bool]


def may(by: Any) -> None:
    """Raise Forbidden unless the person writes money; None is the system itself."""
    if by is not None and Permission.BUDGET_EDIT not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền ghi kế hoạch và giải ngân vốn."))


def line_for(*, by: Any, line_id: int) -> BudgetLine:
    """Return a line that the person may write.

    Raises:
        BudgetLine.DoesNotExist: of a unit that is not theirs to see.
        Forbidden: visible, but not theirs to write.
    """
    rows = BudgetLine.objects.all() if by is None else BudgetLine.objects.visible_to(scope_of(by))
    line: BudgetLine = rows.select_related("programme", "component", "unit", "source").get(pk=line_id)
    may(by)
    return line


def take(line: BudgetLine, *, lock: int | None, seen: Seen | None) -> None:
    """Take the line for the caller's transaction: whoever saw an older one is told so.

    Raises:
        Stale: another window was first. Outdated: the caller has seen another version.
    """
    if seen is not None:
        hold(line.pk)
        if not seen(line_version(line.pk)):
            raise Outdated(_("Dòng vốn đã thay đổi từ lần đọc gần nhất: hãy đọc lại rồi gửi với ETag mới."))
    rows = BudgetLine.objects.filter(pk=line.pk)
    if lock is not None:
        rows = rows.filter(lock=lock)
    if rows.update(lock=F("lock") + 1) != 1:
        raise Stale(_("Dòng vốn này vừa được ghi ở cửa sổ khác: xem lại các số rồi ghi tiếp."))


def hold(*line_ids: int) -> None:
    """Take rows until the transaction ends: what is read after this stays so."""
    BudgetLine.objects.filter(pk__in=line_ids).update(lock=F("lock"))


# --- What was typed --------------------------------------------------------------------------------------------------


def amount_of(value: str | int | Decimal | None, pointer: str = "/amount") -> tuple[int | None, list[Fault]]:
    """Return a typed amount as whole đồng in the reader's format, and what is wrong with it."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, [Fault(pointer, "required", _("Ghi số tiền."))]
    try:
        if isinstance(value, int | Decimal):
            return money_of(value), []
        return parse_money(value, get_language() or "vi"), []
    except NumberFault as fault:
        return None, [Fault(pointer, fault.code, money_message(fault))]


def money_message(fault: NumberFault) -> str:
    """Return the user's message for an amount that could not be read."""
    words = {"text": fault.text.strip()[:40]}
    if fault.code == "wrong_format" and fault.suggestions:
        return _("“%(text)s” viết theo kiểu khác (dấu phẩy và dấu chấm đổi chỗ). Có phải %(meant)s?") % {
            **words, "meant": fault.suggestions[0],
        }  # fmt: skip
    return {
        "wrong_format": _("“%(text)s” không đúng cách viết số tiền.") % words,
        "not_whole": _("“%(text)s” có phần lẻ của đồng: số tiền là đồng nguyên.") % words,
        "too_long": _("Số tiền quá lớn."),
    }.get(fault.code, _("“%(text)s” không phải là số tiền.") % words)


def text_of(value: str, pointer: str, longest: int) -> tuple[str, list[Fault]]:
    """Return a text composed and trimmed, and what is wrong with it."""
    text = " ".join(nfc(value).split())
    if len(text) > longest:
        return text, [Fault(pointer, "too_long", _("Dài quá %(n)s ký tự.") % {"n": longest})]
    return text, [] if text.isprintable() else [Fault(pointer, "unprintable", _("Có ký tự không in được."))]


def day_faults(on: date | None, year: int, *, today: date | None = None) -> list[Fault]:
    """Return what is wrong with the day of an entry: money of a year is planned before it and settled soon after."""
    if on is None:
        return [Fault("/on", "required", _("Ghi ngày của văn bản hoặc ngày chi."))]
    if on > (today or timezone.localdate()):
        return [Fault("/on", "in_future", _("Ngày này chưa tới."))]
    if not year - 1 <= on.year <= year + 1:
        message = _("Ngày phải trong khoảng từ năm %(first)s đến năm %(last)s cho vốn năm %(year)s.")
        words = {"first": year - 1, "last": year + 1, "year": year}
        return [Fault("/on", "other_year", message % words)]
    return []


# --- What is told ----------------------------------------------------------------------------------------------------


def dong(amount: int) -> str:
    """Write an amount as read: 1.500.000 đồng."""
    return _("%(amount)s đồng") % {"amount": format_decimal(amount, get_language() or "vi", grouping=True)}


def breach_fault(breach: Breach, pointer: str = "/amount") -> Fault:
    """Say what a line may not be."""
    words = {"excess": dong(breach.excess), "day": date_vi(breach.on)}
    messages = {
        "beyond_plan": _("Phân bổ vượt kế hoạch và vốn kéo dài %(excess)s vào ngày %(day)s."),
        "before_allocation": _("Giải ngân %(excess)s vào ngày %(day)s khi chưa có phân bổ."),
        "overspent": _("Giải ngân vượt số đã phân bổ %(excess)s vào ngày %(day)s."),
        "not_allocated": _("Vốn huy động không phân bổ và không kéo dài: ghi kế hoạch và số đã huy động."),
        "carried_on": _("Năm sau đã nhận kéo dài: còn thiếu %(excess)s nếu ghi như vậy."),
        "negative_planned": _("Kế hoạch giảm quá số đã giao %(excess)s vào ngày %(day)s."),
        "negative_carried_over": _("Vốn kéo dài giảm quá số đã ghi %(excess)s vào ngày %(day)s."),
        "negative_allocated": _("Phân bổ giảm quá số đã phân bổ %(excess)s vào ngày %(day)s."),
        "negative_disbursed": _("Giải ngân giảm quá số đã giải ngân %(excess)s vào ngày %(day)s."),
    }
    return Fault(pointer, breach.code, messages[breach.code] % words)


def label_of(line: BudgetLine) -> str:
    """How a line is named in the audit trail."""
    version = (
        UnitVersion.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=date(line.year, 12, 31)), unit=line.unit_id
        )
        .order_by(F("valid_from").desc(nulls_last=True))
        .first()
    )
    name = version.name_vi if version else line.unit.uid
    part = f"{line.programme.code}.{line.component.number}" if line.component else line.programme.code
    return f"{part} · {name} · {line.year} · {line.source.name_vi}"


def tell(line: BudgetLine, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a line, in the caller's transaction."""
    record(
        kind=kind,
        by=by,
        obj_type="budget_line",
        obj_id=line.pk,
        label=label_of(line),
        unit_uid=line.unit.uid,
        **details,
    )  # fmt: skip
