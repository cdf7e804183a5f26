"""How single things are called and written: levels, units, periods, values, states."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.rules.types import Value
from indicators.selectors.entry import PastValue
from indicators.selectors.layout import Layout, Name
from mongcai_portal.common.numbers import format_decimal

State = ReportedValue.State


def language() -> str:
    """The reader's language: vi or en."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def level_label(level: str, layout: Layout | None = None) -> str:
    """The short word of a level; a level without one is called by its name."""
    short = {
        "standard": pgettext("level", "NTM"),
        "advanced": pgettext("level", "Nâng cao"),
        "model": pgettext("level", "Kiểu mẫu"),
    }.get(level)
    if short:
        return short
    words = next((s for s in layout.sets.values() if s.level == level), None) if layout else None
    return local(words.level_name) if words else level


def local(name: Name) -> str:
    """A name in the reader's language."""
    return (name.name_en if language() == "en" else name.name_vi) or name.name_vi


NAMES = 20  # in a sentence; who wants all of them finds them in a table


def listed(names: Sequence[str], limit: int = NAMES) -> str:
    """Names of communes one after the other; of very many the first, and how many more there are."""
    shown = ", ".join(name.replace(" ", "\N{NO-BREAK SPACE}") for name in names[:limit])
    rest = len(names) - limit
    if rest <= 0:
        return shown
    return ngettext("%(names)s và thêm %(n)s xã", "%(names)s và thêm %(n)s xã", rest) % {"names": shown, "n": rest}


def unit_title(name: Name, kind: str) -> str:
    """A unit as a title: `Xã Hải Sơn`, `Hai Son commune`."""
    titles = {
        "commune": _("Xã %(name)s"),
        "ward": _("Phường %(name)s"),
        "special_zone": _("Đặc khu %(name)s"),
    }
    return titles.get(kind, "%(name)s") % {"name": local(name)}


def unit_phrase(name: Name, kind: str) -> str:
    """A unit inside a sentence: `xã Hải Sơn`, `Hai Son commune`."""
    phrases = {
        "commune": _("xã %(name)s"),
        "ward": _("phường %(name)s"),
        "special_zone": _("đặc khu %(name)s"),
        "city": _("thành phố %(name)s"),
        "province": _("tỉnh %(name)s"),
    }
    return phrases.get(kind, "%(name)s") % {"name": local(name)}


def zone_text(zone: str) -> str:
    """A zone as read; one without a word keeps its code."""
    return {
        "ethnic_area": _("Vùng đồng bào dân tộc thiểu số"),
        "mountain": _("Miền núi, vùng cao"),
        "land_border": _("Biên giới đất liền"),
        "coastal": _("Ven biển"),
        "island": _("Hải đảo"),
        "khu_vuc_1": _("Khu vực I"),
        "khu_vuc_2": _("Khu vực II"),
        "khu_vuc_3": _("Khu vực III"),
        "dac_biet_kho_khan": _("Đặc biệt khó khăn"),
    }.get(zone, zone)


def value_text(value: Value | None, unit: str = "") -> str:
    """A value as read: `96,4%`, `48,5 triệu đồng/người/năm`, `đạt`, `mức độ 2`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("đạt") if value else _("chưa đạt")
    if isinstance(value, Decimal):
        text = format_decimal(value, language(), grouping=True)
        return f"{text}%" if unit == "%" else text
    return scale_word(str(value))


def scale_word(word: str) -> str:
    """A word of a scale; the decrees' words are translated, others stay."""
    return {
        "yếu": _("yếu"),
        "trung bình": _("trung bình"),
        "khá": _("khá"),
        "tốt": _("tốt"),
        "mức độ 1": _("mức độ 1"),
        "mức độ 2": _("mức độ 2"),
        "mức độ 3": _("mức độ 3"),
    }.get(word, word)


def unit_text(unit: str) -> str:
    """A unit as read; units of yes/no and scales are said by the control itself."""
    return {
        "%": "%",
        "đạt/chưa đạt": "",
        "mức xếp loại": "",
        "mức độ": "",
        "triệu đồng/người/năm": _("triệu đồng/người/năm"),
        "mô hình": _("mô hình"),
        "nhà": _("nhà"),
        "m2/người": _("m²/người"),
        "tổ chức": _("tổ chức"),
        "hợp tác xã": _("hợp tác xã"),
        "lít/người/ngày đêm": _("lít/người/ngày đêm"),
        "vụ": _("vụ"),
        "lĩnh vực": _("lĩnh vực"),
    }.get(unit, unit)


def state_text(state: str) -> str:
    """The word of a state that is not a value."""
    return {State.NO_DATA: _("chưa có số liệu"), State.NOT_APPLICABLE: _("không áp dụng")}.get(State(state), "")


def stored_text(row: ReportedValue | None, unit: str) -> str:
    """A stored cell as read; an absent one gives ""."""
    if row is None:
        return ""
    if row.state != State.VALUE:
        return state_text(row.state)
    value: Value = row.boolean if row.boolean is not None else (row.choice or row.number)
    return value_text(value, unit)


def said_text(state: str, value: Value | None, unit: str) -> str:
    """What a cell says, as read: its value, or the word of its state."""
    return value_text(value, unit) if state == State.VALUE else state_text(state)


def past_text(past: PastValue | None, unit: str) -> str:
    """A value of an earlier period as read."""
    if past is None:
        return ""
    return value_text(past.value, unit) if past.state == State.VALUE else state_text(past.state)


def period_label(code: str) -> str:
    """A period as read: `Năm 2023`, `Quý 4/2023`, `Tháng 11/2023`, `6 tháng đầu năm 2023`."""
    year, _dash, rest = code.partition("-")
    if not rest:
        return _("Năm %(year)s") % {"year": year}
    if rest.startswith("Q"):
        return _("Quý %(n)s/%(year)s") % {"n": rest[1:], "year": year}
    if rest.startswith("H"):
        return (_("6 tháng đầu năm %(year)s") if rest == "H1" else _("6 tháng cuối năm %(year)s")) % {"year": year}
    return _("Tháng %(n)s/%(year)s") % {"n": int(rest), "year": year}
