"""What people are told of a number that could not be read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mongcai_portal.common.numbers import NumberFault


def number_message(fault: NumberFault) -> str:
    """Return the user's message for a number that could not be read."""
    if fault.code == "ambiguous":
        whole, fraction = fault.suggestions
        return _("“%(text)s” đọc được hai cách: hãy gõ %(whole)s hoặc %(fraction)s.") % {
            "text": fault.text.strip(),
            "whole": whole,
            "fraction": fraction,
        }
    if fault.code == "wrong_format" and fault.suggestions:
        return _("“%(text)s” không đúng cách viết số. Có phải %(suggestion)s?") % {
            "text": fault.text.strip(),
            "suggestion": fault.suggestions[0],
        }
    return {
        "too_long": _("Số quá dài: nhiều nhất 11 chữ số và 4 chữ số thập phân."),
        "date": _("Excel đã đổi số vừa gõ thành ngày: định dạng ô là số rồi gõ lại."),
        "percent": _("Ô định dạng phần trăm, nhưng số liệu này không tính bằng phần trăm."),
    }.get(fault.code, _("“%(text)s” không phải là số.") % {"text": fault.text.strip()})
