"""What was found in a list of poor and near-poor households, in words: one sentence for each code of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from mongcai_portal.common.templatetags.portal import date_vi


def list_words(told: Mapping[str, str]) -> dict[str, str]:
    """What the words of a fault need, its days as people read them."""
    days = {name: date_vi(date.fromisoformat(told[name])) for name in ("since", "until", "day") if told.get(name)}
    return {**told, **days}


def list_messages(told: Mapping[str, str]) -> dict[str, str]:
    return {
        # The layout, and the file as a whole.
        "column_required": _("Chưa rõ cột nào là %(field)s: chọn cột ở mục Cách đọc tệp, hoặc đặt tên cột trong tệp."),
        "column_twice": _("Một cột được chọn cho hai mục."),
        "column_rows": _("Dòng tiêu đề phải đứng trước dòng dữ liệu đầu tiên."),
        "too_many_rows": _("Danh sách có quá %(n)s dòng: hãy chia thành nhiều tệp."),
        # Which household is meant.
        "unknown_code": _("Không có hộ nào của xã, phường này mang mã đó."),
        "not_there": (
            _("Vào ngày danh sách có hiệu lực, hộ này không có trong sổ: có từ %(since)s đến %(until)s.")
            if told.get("until")
            else _("Vào ngày danh sách có hiệu lực, hộ này không có trong sổ: có từ %(since)s.")
        ),
        "other_name": _("Theo sổ, chủ hộ của mã này vào ngày đó là %(head)s."),
        "other_village": _("Theo sổ, hộ này ở thôn, bản, khu khác vào ngày đó."),
        "no_village": _("Dòng không có mã hộ thì phải ghi thôn, bản, khu để tìm hộ theo tên chủ hộ."),
        "unknown_head": _("Không có chủ hộ nào tên như vậy ở thôn, bản, khu này vào ngày đó."),
        "several_heads": _("Thôn, bản, khu này có nhiều hộ mà chủ hộ cùng tên: ghi mã hộ (%(codes)s)."),
        "twice": _("Hộ này đã ghi ở dòng %(first)s."),
        # What it is.
        "unknown_status": _("Không hiểu “%(word)s”: ghi Hộ nghèo, Hộ cận nghèo hoặc Không nghèo."),
        "escaped": _(
            "“%(word)s” chưa nói hộ có còn cận nghèo hay không: ghi Hộ cận nghèo, hoặc Không nghèo nếu đã ra khỏi cả"
            " hai."
        ),
        "other_class": _("Dòng ghi “%(word)s”, khác với loại hộ đã chọn cho cả tệp."),
        "day_taken": _("Hộ này đã có kết quả phân loại khác theo chuẩn này từ đúng ngày đó."),
        "by_round": _(
            "Đợt rà soát đã phân loại hộ này theo chuẩn này (quyết định %(number)s ngày %(day)s): danh sách đầu kỳ"
            " không thay được quyết định đó."
        ),
    }
