"""How a workbook of money and its dry run read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mongcai_portal.common.exports import Table
from mongcai_portal.common.grids import letters
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.forms.budget_imports import NAMES
from programmes.models import BudgetImport
from programmes.presenters.money import millions, whole_dong
from programmes.rules.budget_files.layout import WORDED, Layout

Status = BudgetImport.Status


def status_look(row: BudgetImport) -> tuple[str, str, str]:
    """Icon, style and word of a status."""
    icon, css = {
        Status.SENT: ("upload", "chip-draft"),
        Status.FAULTY: ("alert-circle", "chip-unmet"),
        Status.READY: ("clipboard-check", "chip-part"),
        Status.APPLIED: ("circle-check", "chip-met"),
        Status.UNDONE: ("arrow-back-up", "chip-draft"),
        Status.DISCARDED: ("trash", "chip-draft"),
    }[Status(row.status)]
    return icon, css, str(row.get_status_display())


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault or a doubt, as read."""

    where: str
    name: str
    given: str
    message: str
    doubt: bool


def fault_lines(faults: Iterable[Mapping[str, Any]], sheet: str, *, doubt: bool = False) -> list[FaultLine]:
    return [
        FaultLine(
            _where(one, sheet), str(NAMES.get(one["name"], "")), one["given"], message_of(one["code"], one["told"]),
            doubt,
        )
        for one in faults
    ]  # fmt: skip


def _where(one: Mapping[str, Any], sheet: str) -> str:
    cell = f"{letters(one['column'])}{one['row']}" if one["column"] else _("dòng %(n)s") % {"n": one["row"]}
    return f"{sheet}!{cell}" if sheet else cell


def message_of(code: str, told: Mapping[str, str]) -> str:
    """Say what is wrong at a cell."""
    words = dict(told)
    for name in ("excess", "before", "after"):
        if name in words:
            words[name] = whole_dong(int(words[name]))
    if "day" in words:
        words["day"] = date_vi(date.fromisoformat(words["day"]))
    if code == "wrong_format" and words.get("meant"):
        code = "other_format"
    text = {
        "missing": _("Ô này trống."),
        "unknown_word": _("Không biết “%(word)s”: sửa trong tệp, hoặc cho biết nghĩa ở dưới."),
        "unknown_programme": _("Không biết chương trình “%(word)s”."),
        "own_programme": _("Chương trình của dòng đã tính rồi: bỏ khỏi cột dùng chung."),
        "unknown_component": _("Chương trình không có thành phần số %(n)s."),
        "ambiguous_unit": _("Nhiều đơn vị cùng tên: %(names)s."),
        "not_in_year": _("Năm %(year)s không có đơn vị hoặc nguồn vốn này."),
        "outside_term": _("Chương trình này từ năm %(first)s đến năm %(last)s."),
        "not_a_year": _("Năm là bốn chữ số, ví dụ 2023."),
        "in_kind": _("Ngày công và đất ghi trên cổng theo số lượng: bỏ dòng này khỏi tệp."),
        "not_allocated": _("Vốn huy động không phân bổ và không kéo dài."),
        "no_amounts": _("Dòng này không có số tiền nào."),
        "no_rows": _("Trang này không có dòng dữ liệu nào."),
        "too_many_rows": _("Trang có quá %(n)s dòng: hãy chia thành nhiều tệp."),
        "twice": _("Cùng chương trình, thành phần, đơn vị, năm và nguồn với dòng %(row)s."),
        "hidden_row": _("Dòng đang bị ẩn nhưng có nội dung: bỏ ẩn để xem, hoặc xóa."),
        "uncomputed": _("Công thức chưa có kết quả: mở bằng Excel, tính rồi lưu lại."),
        "cell_error": _("Công thức báo lỗi."),
        "not_a_number": _("“%(text)s” không phải là số tiền.") if "text" in words else _("Ô này không phải là số."),
        "other_format": _("“%(text)s” viết theo kiểu kia (dấu phẩy và dấu chấm đổi chỗ). Có phải %(meant)s?"),
        "wrong_format": _("“%(text)s” không đúng cách viết số đã khai báo."),
        "not_whole": _("“%(text)s” có phần lẻ của đồng."),
        "too_long": _("Số tiền quá lớn."),
        "negative": _("Số tiền không thể âm."),
        "beyond_plan": _("Phân bổ vượt kế hoạch và vốn kéo dài %(excess)s đồng vào ngày %(day)s."),
        "before_allocation": _("Giải ngân %(excess)s đồng vào ngày %(day)s khi chưa có phân bổ."),
        "overspent": _("Giải ngân vượt số đã phân bổ %(excess)s đồng vào ngày %(day)s."),
        "carried_on": _("Vượt phần còn lại của năm trước hoặc phần năm sau đã nhận: %(excess)s đồng."),
        "less": _("Ít hơn số đã ghi trên cổng: %(before)s đồng, theo tệp còn %(after)s đồng."),
        "looks_other": _("“%(text)s” đọc theo kiểu đã khai báo là số lẻ; viết kiểu kia thì là số nguyên."),
    }.get(code, _("Số trước đó đã ghi trên cổng không cho phép số này."))
    return text % words if words else text


def kinds_of(row: BudgetImport) -> list[tuple[str, str, int]]:
    """Name of a field, its code, and how many faults and doubts there are of it."""
    counts = Counter(one["name"] for one in [*row.faults, *row.doubts])
    return [(str(NAMES.get(name, _("cả dòng"))), name or "row", n) for name, n in counts.most_common()]


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word that nobody knows yet, how often it stands there, and what it may mean."""

    name: str
    word: str
    count: int
    field: str
    choices: list[tuple[Any, Any]]


def word_lines(row: BudgetImport, choices: Mapping[str, list[tuple[Any, Any]]]) -> list[WordLine]:
    counts = Counter(
        (one["name"], one["told"]["word"])
        for one in row.faults
        if one["code"] == "unknown_word" and one["name"] in WORDED
    )
    return [
        WordLine(f"word_{at}", word, n, str(NAMES[name]), flat(choices[name]))
        for at, ((name, word), n) in enumerate(counts.items())
    ]


def flat(choices: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Choices without groups: a group's name stands before each of its own."""
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += [(one, f"{value}: {text}") for one, text in label] if isinstance(label, list) else [(value, label)]
    return found


def said_of(row: BudgetImport, posted: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return what a form of words says, by field and word."""
    words = dict.fromkeys(
        (one["name"], one["told"]["word"])
        for one in row.faults
        if one["code"] == "unknown_word" and one["name"] in WORDED
    )
    return {key: posted[f"word_{at}"] for at, key in enumerate(words) if posted.get(f"word_{at}")}


def amounts(row: BudgetImport) -> list[tuple[str, str]]:
    """What a file changes in all, in million đồng."""
    return [(str(NAMES[name]), millions(row.counts.get(name, 0))) for name in list(NAMES)[-4:]]


def sheet_of(row: BudgetImport) -> str:
    return Layout.of_json(row.layout).sheet if row.layout else ""


def fault_table(row: BudgetImport) -> Table:
    """Every fault and doubt of a file, for whoever puts it right."""
    sheet = sheet_of(row)
    lines = [*fault_lines(row.faults, sheet), *fault_lines(row.doubts, sheet, doubt=True)]
    return Table(
        title=_("Lỗi trong tệp %(name)s") % {"name": row.name},
        headings=[_("Ô"), _("Mục"), _("Trong tệp"), _("Lỗi"), _("Loại")],
        rows=[
            [one.where, one.name, one.given, one.message, _("cần xác minh") if one.doubt else _("lỗi")] for one in lines
        ],
        name=_("Lỗi"),
    )
