"""How reminders read: to the officer, and to the coordinator who sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Reminder
from indicators.presenters.entry import due_text
from indicators.presenters.words import local, period_label
from indicators.selectors.layout import Name
from indicators.selectors.reminders import ToRemind
from mongcai_portal.common.templatetags.portal import date_vi, time_vi


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A reminder as its recipient reads it."""

    pk: int
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A report to be reminded of, as the coordinator reads it."""

    uid: str
    unit: str
    status: str
    revision: int
    officers: list[tuple[str, bool]]
    last: str
    today: bool
    report_id: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A reminder that was made, as the coordinator reads it."""

    at: datetime
    unit: str
    who: str
    kind: str
    by: str
    mail: str
    icon: str
    text: str


_ICONS = {
    Reminder.Mail.WAITING: "hourglass",
    Reminder.Mail.SENT: "check",
    Reminder.Mail.SKIPPED: "circle-minus",
    Reminder.Mail.FAILED: "alert-triangle",
}


def own_lines(rows: Iterable[Reminder], *, today: date | None = None) -> list[OwnLine]:
    """The officer's own reminders; how late it is is counted as of now."""
    lines = []
    for row in rows:
        left, _pressing = due_text(row.period.due_on, today=today)
        lines.append(
            OwnLine(
                row.pk,
                _("Nhắc nộp báo cáo %(period)s") % {"period": period_label(row.period.code).lower()},
                _("Hạn nộp 24:00 ngày %(day)s: %(left)s.") % {"day": date_vi(row.period.due_on), "left": left},
                _("%(who)s nhắc ngày %(day)s") % {"who": row.asked_by, "day": date_vi(row.day)} if row.asked_by else "",
            )
        )
    return lines


def mail_text(row: Reminder) -> str:
    """What came of the letter, in words."""
    if row.mail == Reminder.Mail.SENT:
        return _("đã gửi %(time)s") % {"time": time_vi(row.sent_at)}
    reason = {
        "no_address": _("tài khoản chưa có địa chỉ thư; lời nhắc hiện trên trang"),
        "reserved_domain": _("địa chỉ thuộc tên miền dành riêng, không gửi ra ngoài; lời nhắc hiện trên trang"),
        "not_needed": _("báo cáo đã được trình trước khi gửi"),
    }.get(row.error, row.error)
    if row.mail == Reminder.Mail.SKIPPED:
        return _("không gửi thư: %(reason)s") % {"reason": reason}
    if row.mail == Reminder.Mail.FAILED:
        return _("gửi không được sau %(n)s lần: %(reason)s") % {"n": row.attempts, "reason": reason}
    if row.next_try_at and row.error:
        return _("gửi lỗi (%(reason)s), thử lại lúc %(time)s") % {"reason": reason, "time": time_vi(row.next_try_at)}
    return _("đang chờ gửi")


def waiting_lines(rows: Sequence[ToRemind], made: Iterable[Reminder]) -> list[WaitingLine]:
    """The reports that wait for their commune, with whom a reminder would reach and when the last one was."""
    last: dict[int, Reminder] = {}
    for row in made:
        last.setdefault(row.unit_id, row)
    today = timezone.localdate()

    def when(unit_id: int) -> str:
        if unit_id not in last:
            return ""
        return _("hôm nay") if last[unit_id].day == today else date_vi(last[unit_id].day)

    return [
        WaitingLine(
            uid=one.report.unit.uid,
            unit=local(one.name),
            status=one.report.status,
            revision=one.report.revision,
            officers=[(officer.display_name, bool(officer.email)) for officer in one.officers],
            last=when(one.unit_id),
            today=one.unit_id in last and last[one.unit_id].day == today,
            report_id=one.report.pk,
        )
        for one in rows
    ]


def log_lines(rows: Iterable[Reminder], names: Mapping[int, Name]) -> list[LogLine]:
    """The reminders that were made."""
    return [
        LogLine(
            at=row.created_at,
            unit=local(names[row.unit_id]) if row.unit_id in names else "",
            who=row.recipient.display_name,
            kind=row.get_kind_display(),
            by=row.asked_by or _("tự động"),
            mail=row.mail,
            icon=_ICONS[Reminder.Mail(row.mail)],
            text=mail_text(row),
        )
        for row in rows
    ]
