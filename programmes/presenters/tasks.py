"""Tasks as pages and files show them: words, shapes, links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.presenters.words import unit_title
from indicators.selectors.layout import Name
from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, localname, time_vi
from programmes.models import Task, TaskEntry
from programmes.presenters.programme_words import local
from programmes.rules import tasks as rules
from programmes.rules.tasks import DUE_SOON, LATE, LATER, OVERDUE, SETTLED, UNDATED, days_left, standing
from programmes.selectors.tasks import ON_A_BOARD, TaskCounts


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with its shape; `code` is the colour's class."""

    code: str
    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as a card, a row, and the head of its page."""

    task: Task
    title: str
    url: str
    owner: str
    unit: str
    programme: str  # "" for what is of no single one
    status: Chip
    due: str
    standing: Chip | None
    overdue: bool
    steps: str


@dataclass(frozen=True, slots=True)
class Column:
    """A status of the board, its first cards, and how many more there are."""

    status: Chip
    count: int
    cards: list[TaskCard]
    more: int
    code: str


def status_chip(status: str) -> Chip:
    """A status by word, shape and colour."""
    looks = {
        rules.OPEN: ("draft", "activity"),
        rules.REPORTED: ("submitted", "send"),
        rules.DONE: ("approved", "circle-check"),
        rules.CANCELLED: ("none", "ban"),
    }
    code, icon = looks[status]
    return Chip(code, icon, str(Task.Status(status).label))


def standing_chip(task: Task, now: datetime) -> Chip | None:
    """How a task stands against its deadline, where there is something to tell."""
    found = standing(task.status, task.due_on, now=now, reported_at=task.reported_at)
    if found == UNDATED:
        return Chip("none", "calendar", _("không có thời hạn"))
    if task.due_on is None or found in (LATER, SETTLED):
        return None
    if found == LATE:
        return Chip("part", "clock-exclamation", _("báo cáo sau hạn"))
    left = days_left(task.due_on, now)
    if found == OVERDUE:
        text = ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", -left) % {"n": -left}
        return Chip("unmet", "alert-triangle", text)
    if found == DUE_SOON and left == 0:
        return Chip("part", "clock", _("hết hạn hôm nay"))
    return Chip("part", "clock", ngettext("còn %(n)s ngày", "còn %(n)s ngày", left) % {"n": left})


def card(task: Task, now: datetime) -> TaskCard:
    """Arrange a task of `selectors.tasks.tasks_seen`."""
    late = standing(task.status, task.due_on, now=now) == OVERDUE
    done, total = task.steps_done, task.steps_total  # type: ignore[attr-defined]
    return TaskCard(
        task=task,
        title=localname(task, "title"),
        url=link("task", task.pk),
        owner=localname(task.owner),
        unit=unit_text(task),
        programme=local(task.programme, "short") if task.programme else "",
        status=status_chip(task.status),
        due=date_vi(task.due_on) if task.due_on else "",
        standing=standing_chip(task, now),
        overdue=late,
        steps=_("%(done)s/%(total)s bước") % {"done": done, "total": total} if total else "",
    )


def unit_text(task: Task) -> str:
    """The commune of a task, or that it is given for the whole town."""
    if not task.unit_id:
        return _("Cả địa bàn")
    named = Name(task.unit_name_vi, task.unit_name_en)  # type: ignore[attr-defined]
    return unit_title(named, task.unit_kind)  # type: ignore[attr-defined]


def columns(found: dict[str, list[Task]], counts: dict[str, int], now: datetime) -> list[Column]:
    """Arrange the board; `counts` by status under the same filter."""
    return [
        Column(
            status=status_chip(status),
            count=counts[status],
            cards=[card(task, now) for task in rows],
            more=max(0, counts[status] - ON_A_BOARD),
            code=status,
        )
        for status, rows in found.items()
    ]


def status_choices(counts: TaskCounts) -> list[tuple[str, str, int]]:
    """The filter by status, with its counts."""
    return [
        ("", pgettext("task", "Mọi trạng thái"), counts.total),
        *((value, str(label), counts.by_status[value]) for value, label in Task.Status.choices),
    ]


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move as a form: what it is called, what it asks for, and how it looks."""

    name: str
    title: str
    action: str
    icon: str
    ask: str
    needs_text: bool
    files: bool
    day: bool
    first: bool  # what the reader most likely came for


def move_views(names: tuple[str, ...]) -> list[MoveView]:
    """The moves that this reader may take now, in the order of their use."""
    words = {
        rules.REPORT: (_("Báo cáo kết quả"), _("Báo cáo kết quả"), "send", _("Kết quả đã đạt được")),
        rules.CONFIRM: (_("Xác nhận hoàn thành"), _("Xác nhận"), "circle-check", _("Ý kiến (nếu có)")),
        rules.RETURN: (pgettext("task", "Trả lại"), pgettext("task", "Trả lại"), "arrow-back-up", _("Lý do trả lại")),
        rules.PROGRESS: (_("Cập nhật tiến độ"), _("Cập nhật"), "edit", _("Việc đã làm")),
        rules.POSTPONE: (_("Đổi thời hạn"), _("Đổi thời hạn"), "calendar-event", _("Lý do đổi thời hạn")),
        rules.REOPEN: (pgettext("task", "Mở lại"), pgettext("task", "Mở lại"), "lock-open", _("Lý do mở lại")),
        rules.CANCEL: (_("Hủy nhiệm vụ"), _("Hủy nhiệm vụ"), "ban", _("Lý do hủy")),
    }
    return [
        MoveView(
            name,
            title,
            action,
            icon,
            ask,
            needs_text=rules.MOVES[name].says_why,
            files=name in (rules.REPORT, rules.PROGRESS),
            day=name == rules.POSTPONE,
            first=name in (rules.REPORT, rules.CONFIRM),
        )
        for name, (title, action, icon, ask) in words.items()
        if name in names
    ]


def entry_icon(entry: TaskEntry) -> str:
    """The shape of a line of the history."""
    kinds = TaskEntry.Kind
    return {
        kinds.ASSIGNED: "flag",
        kinds.PROGRESS: "edit",
        kinds.REPORTED: "send",
        kinds.RETURNED: "arrow-back-up",
        kinds.CONFIRMED: "circle-check",
        kinds.CANCELLED: "ban",
        kinds.REOPENED: "lock-open",
        kinds.POSTPONED: "calendar-event",
        kinds.STEP_ADDED: "plus",
        kinds.STEP_DONE: "check",
        kinds.STEP_UNDONE: "minus",
        kinds.FILED: "paperclip",
    }[kinds(entry.kind)]


def task_table(cards: list[TaskCard], *, lines: list[str], measures: dict[str, str]) -> Table:
    """The list as a sheet of a workbook."""
    marks = {"illustrative": _("minh họa"), "unverified": _("chưa đối chiếu"), "missing": _("chưa có nguồn")}

    def row(one: TaskCard) -> list[Cell]:
        task = one.task
        came = measures.get(task.measure, task.measure)
        if task.criterion:
            came = _("Tiêu chí %(number)s") % {"number": task.criterion}
        if task.difficulty is not None:
            came = Truncator(task.difficulty.text).chars(160)
        return [
            one.title, one.programme or _("Việc chung"), str(Task.Origin(task.origin).label), task.document,
            task.document_on, one.owner, one.unit,
            came, task.assigned_on, task.due_on, one.status.label, one.standing.label if one.standing else "",
            one.steps, task.result, task.reported_by, time_vi(task.reported_at) if task.reported_at else "",
            marks.get(task.text_provenance, ""), marks.get(task.plan_provenance, ""),
        ]  # fmt: skip

    return Table(
        title=_("Nhiệm vụ"),
        lines=lines,
        headings=[
            _("Nhiệm vụ"), pgettext("task", "Chương trình"), _("Nguồn gốc"), pgettext("task", "Văn bản"),
            pgettext("task", "Ngày văn bản"), _("Phòng ban chủ trì"), _("Địa bàn"),
            _("Xuất phát từ"), _("Ngày giao"), pgettext("task", "Thời hạn"), _("Trạng thái"), _("So với thời hạn"),
            _("Các bước"), pgettext("task", "Kết quả"), _("Người báo cáo"), _("Lúc báo cáo"), _("Dấu của nội dung"),
            _("Dấu của phòng ban, thời hạn"),
        ],
        rows=[row(one) for one in cards],
    )  # fmt: skip
