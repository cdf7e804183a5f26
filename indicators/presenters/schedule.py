"""Beat's schedule in words, in Vietnamese time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.selectors.jobs import Background
from mongcai_portal.common.jobs import label_of
from mongcai_portal.common.templatetags.portal import time_vi

MOST_TIMES = 8  # of a day, listed one by one
# Beat tells its times every ten seconds; what should have been sent this long ago was not.
OVERDUE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the schedule."""

    name: str
    label: str
    rhythm: str
    last: str
    next: str
    overdue: bool


def schedule_lines(found: Background) -> tuple[Entry, ...]:
    """Every entry of the schedule, with when it was last sent and when it will be next."""
    return tuple(_entry(name, one, found) for name, one in settings.CELERY_BEAT_SCHEDULE.items())


def _entry(name: str, one: dict[str, Any], found: Background) -> Entry:
    row = found.schedule.get(name)
    return Entry(
        name=name,
        label=entry_label(name, one),
        rhythm=rhythm(one["schedule"]),
        last=time_vi(row.last_at) if row and row.last_at else "",
        next=time_vi(row.next_at) if row else "",
        overdue=row is not None and row.next_at < found.now - OVERDUE_AFTER,
    )


def entry_label(name: str, one: dict[str, Any]) -> str:
    """What an entry is for; one that asks for a job is called like the job."""
    if one["task"] == "common.tasks.ask_job":
        return label_of(one["args"][0])
    return {
        "sweep-requests": _("Tính các kết quả chưa bộ xử lý nào nhận"),
        "sweep-jobs": _("Chạy các công việc dài đang chờ"),
        "sweep-household-imports": _("Nhận các tệp sổ hộ đang chờ"),
        "seal-audit": _("Niêm phong nhật ký"),
        "verify-audit": _("Kiểm chứng nhật ký đã niêm phong"),
        "clear-expired": _("Xóa phiên làm việc và mã truy cập đã hết hạn"),
        "remind-due": _("Nhắc các báo cáo đến hạn trong ngày"),
        "send-reminders": _("Gửi các thư nhắc đang chờ"),
        "remind-ocop": _("Nhắc giấy chứng nhận OCOP sắp hết hiệu lực"),
        "send-ocop-letters": _("Gửi các thư nhắc OCOP đang chờ"),
        "heartbeat-evaluate": _("Dấu hiệu hoạt động: tính kết quả"),
        "heartbeat-maintenance": _("Dấu hiệu hoạt động: việc dài và việc định kỳ"),
        "heartbeat-mail": _("Dấu hiệu hoạt động: nhắc việc và gửi thư"),
    }.get(name, name)


def rhythm(schedule: Any) -> str:
    """When an entry runs: `5 giây một lần`, `hằng ngày lúc 01:30`."""
    if isinstance(schedule, crontab):
        return _clock(schedule)
    seconds = round(schedule.total_seconds() if isinstance(schedule, timedelta) else float(schedule))
    minutes, rest = divmod(seconds, 60)
    if rest or not minutes:
        return ngettext("%(n)s giây một lần", "%(n)s giây một lần", seconds) % {"n": seconds}
    return ngettext("%(n)s phút một lần", "%(n)s phút một lần", minutes) % {"n": minutes}


def _clock(schedule: crontab) -> str:
    every_day = (
        len(schedule.day_of_week) == 7 and len(schedule.day_of_month) == 31 and len(schedule.month_of_year) == 12
    )
    times = [f"{hour:02d}:{minute:02d}" for hour in sorted(schedule.hour) for minute in sorted(schedule.minute)]
    if every_day and len(times) <= MOST_TIMES:
        return _("hằng ngày lúc %(times)s") % {"times": ", ".join(times)}
    if every_day and len(schedule.hour) == 24 and len(schedule.minute) == 1:
        return _("mỗi giờ, vào phút %(minute)s") % {"minute": min(schedule.minute)}
    return _("theo lịch %(schedule)s (phút, giờ, ngày, tháng, thứ)") % {
        "schedule": " ".join(
            str(part)
            for part in (
                schedule._orig_minute,
                schedule._orig_hour,
                schedule._orig_day_of_month,
                schedule._orig_month_of_year,
                schedule._orig_day_of_week,
            )
        )
    }


def long_ago(moment: datetime | None) -> str:
    """When a sign last came, in words for a chip."""
    return _("từ %(time)s") % {"time": time_vi(moment)} if moment else _("chưa lần nào")
