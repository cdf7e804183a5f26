"""Reading a survey sheet as typed or sent: the words of `rules.poverty.survey`, each fault at its field."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from communes.rules.poverty.scores import TableSpec
from communes.rules.poverty.survey import PLAIN, SCREENING, Said, Survey, Wrong, check
from communes.rules.poverty.types import FormSpec
from mongcai_portal.common.errors import Fault, Invalid, step
from mongcai_portal.common.number_words import number_message
from mongcai_portal.common.numbers import NumberFault, format_decimal, plain


def read_sheet(said: Said, form: FormSpec, table: TableSpec | None = None, *, pointer: str = "") -> Survey:
    """Return a survey sheet as it is to be stored.

    Args:
        said: the sheet as someone filled it in.
        form: the form it is filled in by (`selectors.poverty.survey_forms`).
        table: the items of sheet B1 for the household's region and area type; None while they are not entered.
        pointer: where the sheet stands in what was sent; faults add their field (`/answers/water`).

    Raises:
        Invalid: with every fault of the sheet at its field.
    """
    found = check(said, form, table)
    if isinstance(found, Survey):
        return found
    raise Invalid(
        Fault(pointer + "".join(step(name) for name in one.about), one.code, message_of(one, said.language))
        for one in found
    )


def message_of(wrong: Wrong, language: str = "vi") -> str:
    """Return the user's message for a fault; numbers in it are written as in `language`."""
    fault = wrong.told.get("fault")
    if isinstance(fault, NumberFault):
        return number_message(fault)
    told = {name: _shown(value, language) for name, value in wrong.told.items()}
    if wrong.code == "beyond_limits":
        words = {
            "income": _("Thu nhập phải từ %(least)s đến %(most)s đồng/người/tháng."),
            "a_score": _("Điểm A phải từ %(least)s đến %(most)s."),
            "b_score": _("Điểm B phải từ %(least)s đến %(most)s."),
        }
        return words[wrong.about[0]] % told
    if wrong.code == "not_whole":
        return _("Thu nhập phải là số nguyên đồng.") if wrong.about == ("income",) else _("Điểm phải là số nguyên.")
    if wrong.code == "not_a_sum":
        if wrong.told["each"] is None:
            return _("Điểm B này không phải là tổng điểm của các chỉ số thiếu hụt.")
        return _("Mỗi chỉ số thiếu hụt được %(each)s điểm, nên điểm B không thể là %(value)s.") % told
    if wrong.code == "score_disagrees":
        if wrong.about == ("a_score",):
            return _("Các mục đã chọn được %(sum)s điểm, khác điểm A đã ghi (%(value)s).") % told
        if wrong.told["sum"] == wrong.told["most"]:
            return _("Các câu trả lời được %(sum)s điểm, khác điểm B đã ghi (%(value)s).") % told
        return _("Theo các câu trả lời, điểm B từ %(sum)s đến %(most)s, khác điểm đã ghi (%(value)s).") % told
    if wrong.code == "unknown_screening":
        known = ", ".join(SCREENING)
        return _("Không có kết quả nhận dạng nhanh “%(value)s”; các kết quả: %(known)s.") % {**told, "known": known}
    return {
        "negative": _("Thu nhập không được âm."),
        "wrong_type": _("Giá trị phải là một số."),
        "not_yes_or_no": _("Chọn có hoặc không."),
        "unknown_deprivation": _("Mẫu phiếu không có chỉ số thiếu hụt “%(code)s”."),
        "no_table": _("Chưa nhập bảng điểm phiếu B1 cho vùng và khu vực này; hãy ghi điểm A."),
        "unknown_item": _("Bảng điểm không có mục “%(item)s”."),
        "unknown_option": _("Mục “%(item)s” không có lựa chọn “%(option)s”."),
        "one_only": _("Mục “%(item)s” chỉ được chọn một."),
        "duplicate": _("Mục “%(item)s” có lựa chọn ghi hai lần."),
    }[wrong.code] % told


def _shown(value: object, language: str) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return plain(Decimal(value)) if language == PLAIN else format_decimal(value, language, grouping=True)
    return str(value)
