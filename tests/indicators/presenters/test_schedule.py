"""The schedule in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.utils.translation import override

from indicators.presenters.jobs import error_words
from indicators.presenters.schedule import entry_label, rhythm


@pytest.mark.parametrize(
    ("schedule", "vi", "en"),
    [
        (5.0, "5 giây một lần", "every 5 seconds"),
        (60.0, "1 phút một lần", "every minute"),
        (timedelta(minutes=5), "5 phút một lần", "every 5 minutes"),
        (90, "90 giây một lần", "every 90 seconds"),
        (crontab(hour=1, minute=30), "hằng ngày lúc 01:30", "every day at 01:30"),
        (crontab(hour="7-8", minute=15), "hằng ngày lúc 07:15, 08:15", "every day at 07:15, 08:15"),
        (crontab(minute=5), "mỗi giờ, vào phút 5", "every hour, at minute 5"),
        (
            crontab(hour=3, minute=0, day_of_week="sun"),
            "theo lịch 0 3 * * sun (phút, giờ, ngày, tháng, thứ)",
            "by the schedule 0 3 * * sun (minute, hour, day, month, weekday)",
        ),
    ],
)
def test_rhythm(schedule: Any, vi: str, en: str) -> None:
    with override("vi"):
        assert rhythm(schedule) == vi
    with override("en"):
        assert rhythm(schedule) == en


def test_every_entry_has_a_name_in_words() -> None:
    for name, one in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry_label(name, one) not in (name, one.get("args", [name])[0]), name


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", ""),
        ("lost", "Bộ xử lý dừng giữa chừng"),
        ("OperationalError: could not connect to 10.1.2.3", "Cơ sở dữ liệu không trả lời"),
        ("OSError", "tệp trên đĩa"),
        ("ZeroDivisionError: x of 10.1.2.3", "gặp lỗi ZeroDivisionError"),
    ],
)
def test_a_fault_is_told_without_the_programs_text(code: str, said: str) -> None:
    words = error_words(code)
    assert said in words and "10.1.2.3" not in words
