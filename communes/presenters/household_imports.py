"""Files of households as their pages tell them: where each stands, what was found in it, what its words mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communes.models import HouseholdImport, ImportFault
from communes.presenters.household_faults import field_name, message, where
from communes.rules.register_files.fields import FIELDS
from communes.rules.register_files.layout import MEMBERS, Layout, means
from communes.rules.register_files.stated import CellFault
from communes.selectors.household_imports import ImportPage, UnknownWord
from mongcai_portal.common.grids import letters
from mongcai_portal.common.jobs import OPEN
from mongcai_portal.common.models import Job

Status = HouseholdImport.Status
_LOOKS = {
    Status.SENT: ("file-spreadsheet", ""),
    Status.CHECKING: ("hourglass", "chip-part"),
    Status.FAULTY: ("alert-circle", "chip-unmet"),
    Status.READY: ("clipboard-check", "chip-part"),
    Status.APPLYING: ("hourglass", "chip-part"),
    Status.APPLIED: ("circle-check", "chip-met"),
    Status.UNDOING: ("hourglass", "chip-part"),
    Status.UNDONE: ("arrow-back-up", ""),
    Status.DISCARDED: ("trash", ""),
}
WORKED = (Status.CHECKING, Status.APPLYING, Status.UNDOING)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault as the page and the workbook tell it."""

    where: str
    field: str
    given: str
    message: str
    doubt: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a file is; `percent` None as long as nobody knows how much there is."""

    label: str
    detail: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word that nobody understood, and what it may be declared to mean."""

    name: str
    field: str
    word: str
    count: int
    choices: tuple[tuple[str, str], ...]


def status_look(row: HouseholdImport) -> tuple[str, str, str]:
    """Icon, class and word of where a file stands."""
    icon, css = _LOOKS[Status(row.status)]
    return icon, css, str(row.get_status_display())


def fault_lines(faults: Iterable[ImportFault | CellFault]) -> list[FaultLine]:
    return [
        FaultLine(where(one), field_name(one.field) if one.field else "", one.given, said(one), one.doubt)
        for one in faults
    ]


def said(fault: ImportFault | CellFault) -> str:
    return message(fault.code, fault.field, fault.told)


def progress_of(row: HouseholdImport, job: Job | None) -> Progress:
    """Say what is done with a file that is worked on."""
    label = {
        Status.CHECKING: _("Đang đọc và đối chiếu từng ô"),
        Status.APPLYING: _("Đang nhập tất cả vào sổ hộ"),
        Status.UNDOING: _("Đang rút các hộ của tệp khỏi sổ"),
    }[Status(row.status)]
    if job is None or job.state not in OPEN or job.state == Job.State.WAITING:
        return Progress(label, _("đang chờ đến lượt"), None)
    if not job.done:
        return Progress(label, _("vừa bắt đầu"), None)
    if job.total:
        percent = min(100, job.done * 100 // job.total)
        return Progress(
            label, _("%(n)s dòng đã đọc") % {"n": job.done}, percent if row.status == Status.CHECKING else None
        )
    return Progress(label, _("%(n)s dòng đã đọc") % {"n": job.done}, None)


def error_words(code: str) -> str:
    """Say what stopped the last work on a file."""
    return {
        "": "",
        "changed": _("Sổ hộ đã thay đổi sau lần kiểm tra trước, nên chưa nhập gì: xem lại kết quả kiểm tra mới."),
        "resting": _("Đã có dữ liệu ghi theo hộ của tệp trong lúc chờ, nên không hoàn tác."),
        "cancelled": _("Công việc đã bị hủy ở trang công việc chạy nền; chưa có gì thay đổi."),
        "forbidden": _("Người yêu cầu không còn quyền nhập sổ hộ; chưa có gì thay đổi."),
        "unreadable": _("Không mở được tệp đã lưu: hãy gửi lại tệp."),
        "failed": _("Có lỗi của cổng khi xử lý tệp; chưa có gì thay đổi. Hãy thử lại hoặc báo quản trị hệ thống."),
    }.get(code, _("Chưa xong; hãy thử lại."))


def word_lines(words: Sequence[UnknownWord], villages: Sequence[tuple[str, str]]) -> list[WordLine]:
    """The words that a file uses and nobody understands, each with what it may mean."""
    lines = []
    for at, one in enumerate(words):
        choices = (
            villages if one.field == "village" else [(code, word_label(one.field, code)) for code in means(one.field)]
        )
        if choices:
            lines.append(WordLine(f"word_{at}", field_name(one.field), one.word, one.count, tuple(choices)))
    return lines


def word_label(field: str, code: str) -> str:
    """What a code of a field is called."""
    from communes.models.households import Relation
    from communes.models.persons import Allowance, Education, Nutrition, Schooling, Sex, Work
    from communes.rules.ethnic_groups import ETHNIC_GROUPS

    labels: dict[str, Any] = {
        "relation": Relation, "sex": Sex, "schooling": Schooling, "education": Education, "work": Work,
        "allowance": Allowance, "nutrition": Nutrition,
    }  # fmt: skip
    if field == "ethnicity":
        return ETHNIC_GROUPS.get(code, _("người nước ngoài"))
    if field in labels:
        return str(labels[field](code).label)
    return _("có") if code == "yes" else _("không")


def heading_choices(headings: dict[int, str]) -> dict[int, str]:
    """What a column is called where one is chosen: its letters and its heading."""
    return {column: f"{letters(column)} · {text}" for column, text in headings.items()}


def field_names() -> dict[str, str]:
    return {spec.key: field_name(spec.key) for spec in FIELDS}


def needed(layout: Layout) -> set[str]:
    """The fields without which nothing can be read."""
    return {"code", "village", "name"} | ({"relation"} if layout.rows_are == MEMBERS else set())


def import_context(page: ImportPage) -> dict[str, Any]:
    """Everything that `communes/household_import.html` shows besides its pages of faults."""
    row = page.row
    icon, css, word = status_look(row)
    return {
        "row": row,
        "icon_name": icon,
        "status_class": css,
        "status": word,
        "unit": page.unit,
        "counts": row.counts,
        "error": error_words(row.error),
        "working": row.status in WORKED,
        "progress": progress_of(row, page.job) if row.status in WORKED else None,
        "sent": row.status == Status.SENT,
        "faulty": row.status == Status.FAULTY,
        "ready": row.status == Status.READY,
        "applied": row.status == Status.APPLIED,
        "undone": row.status == Status.UNDONE,
        "open": row.status in (Status.SENT, Status.FAULTY, Status.READY),
        "words": word_lines(page.words, page.villages),
        "kinds": [(message_kind(code), code, n) for code, n in page.by_code],
    }


def message_kind(code: str) -> str:
    """A kind of fault in a few words, to choose by."""
    ages = _("tuổi và quan hệ không khớp")
    return {
        "required": _("thiếu thông tin"),
        "unknown_word": _("từ chưa hiểu"),
        "shape": _("kiểu ngày chưa khai báo"),
        "not_a_day": _("không phải ngày"),
        "short_year": _("năm hai chữ số"),
        "other_order": _("ngày và tháng đổi chỗ"),
        "days_swapped": _("ngày và tháng đổi chỗ"),
        "not_a_number": _("không phải số"),
        "wrong_number": _("số sai kiểu"),
        "malformed": _("số định danh sai dạng"),
        "zero_lost": _("mất số 0 ở đầu"),
        "unknown_village": _("thôn không có"),
        "unknown_unit": _("xã không có"),
        "other_unit": _("thôn thuộc xã khác"),
        "several_villages": _("thôn trùng tên"),
        "code_reused": _("mã hộ dùng lại"),
        "code_used": _("mã hộ đã có trong sổ"),
        "differs": _("dòng của hộ khác nhau"),
        "no_head": _("không có chủ hộ"),
        "two_heads": _("hai chủ hộ"),
        "in_future": _("ngày sinh chưa tới"),
        "child_too_old": ages,
        "grandchild_too_old": ages,
        "parent_too_young": ages,
        "grandparent_too_young": ages,
        "number_twice": _("số định danh ghi hai lần"),
        "number_known": _("số định danh đã có trong sổ"),
        "person_twice": _("người ghi hai lần"),
        "person_known": _("người đã có trong sổ"),
        "hidden_row": _("dòng ẩn"),
        "merged": _("ô gộp"),
    }.get(code, _("khác"))
