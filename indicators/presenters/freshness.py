"""That a figure is older than it should be, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indicators.rules.freshness import Late
from mongcai_portal.common.templatetags.portal import time_vi


def late_text(late: Late, *, time: str = "") -> str:
    """Since when: `chưa cập nhật từ 14:02`; `time`: written otherwise than as on a page of the day."""
    words = {"time": time or time_vi(late.since)}
    if late.failed:
        return _("tính lại bị lỗi, số cũ từ %(time)s") % words
    return _("chưa cập nhật từ %(time)s") % words


def late_reason(late: Late) -> str:
    """What that means, and who sees more."""
    if late.failed:
        return _(
            "Kết quả chưa gồm số liệu được duyệt từ lúc này, vì tính lại bị lỗi; quản trị hệ thống thấy việc này ở "
            "trang Công việc chạy nền."
        )
    return _("Chưa gồm số liệu được duyệt, hoặc thay đổi trong sổ hộ, từ lúc này; cổng đang tính lại.")
