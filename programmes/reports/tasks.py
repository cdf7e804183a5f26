"""Section "tasks": conclusions and directives, and where each task stood at the end of the period, overdue first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from mongcai_portal.common.exports import Table
from programmes.models import Task
from programmes.presenters.programme_words import local
from programmes.presenters.tasks import unit_text
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, own, text_mark
from programmes.rules.tasks import (
    CANCELLED,
    DONE,
    LATE,
    OPEN,
    OVERDUE,
    REPORTED,
    UNDATED,
    days_left,
    last_moment,
    standing,
)
from programmes.selectors.tasks import tasks_of_period

LABEL = 120
_ORDER = {OPEN: 1, REPORTED: 2, DONE: 3, CANCELLED: 4}

_TASK: Group = {
    "title": Text(gettext_lazy("Nhiệm vụ")),
    "programme": Text(gettext_lazy("Chương trình; trống khi là việc chung")),
    "origin": Text(gettext_lazy("Nguồn gốc: kết luận, văn bản, tiêu chí tụt chuẩn …")),
    "document": Text(gettext_lazy("Văn bản và ngày")),
    "office": Text(gettext_lazy("Phòng ban chủ trì")),
    "place": Text(gettext_lazy("Xã, phường, hoặc cả địa bàn")),
    "due": Text(pgettext_lazy("task", "Thời hạn")),
    "status": Text(gettext_lazy("Tình trạng vào ngày cuối kỳ, so với thời hạn")),
    "result": Text(gettext_lazy("Kết quả đã báo cáo")),
    "mark": Text(gettext_lazy("Dấu tin cậy; trống khi có nguồn")),
}
SHAPE: Group = {
    "sentence": Text(gettext_lazy("Cả câu: bao nhiêu nhiệm vụ, bao nhiêu hoàn thành, quá hạn")),
    "total": Text(gettext_lazy("Số nhiệm vụ")),
    "done": Text(gettext_lazy("Số nhiệm vụ hoàn thành")),
    "reported": Text(gettext_lazy("Số nhiệm vụ đã báo cáo, chờ xác nhận")),
    "open": Text(gettext_lazy("Số nhiệm vụ đang thực hiện")),
    "overdue": Text(gettext_lazy("Số nhiệm vụ quá hạn")),
    "rows": Rows(gettext_lazy("Từng nhiệm vụ, quá hạn ở trên"), _TASK),
    "late": Rows(gettext_lazy("Từng nhiệm vụ quá hạn"), _TASK),
    "none": Text(gettext_lazy("Câu nói rằng kỳ này không có nhiệm vụ nào; trống khi có")),
}


def build(ground: Ground) -> Data:
    """Return the tasks that were given by the last day and not ended before the first, as they stood on the last day.

    How one stood follows from its history; its deadline is the one that is set now.
    """
    inside = None if ground.is_home else {ground.world.area.id}
    rows = [_row(one, ground.until) for one in tasks_of_period(inside, ground.since, ground.until)]
    return {"rows": sorted(rows, key=_rank)}


def _row(one: Task, until: date) -> Data:
    then: Any = one  # with what `stood_on` adds
    status, moment = then.status_then, last_moment(until)
    reported = then.reported_then if status in (REPORTED, DONE) else None
    found = standing(status, one.due_on, now=moment, reported_at=reported)
    return {
        "id": one.pk,
        "title": {"vi": one.title_vi, "en": one.title_en or one.title_vi},
        "programme": both(lambda: local(one.programme, "short")) if one.programme else None,
        "origin": both(lambda: Task.Origin(one.origin).label),
        "document": one.document,
        "document_on": one.document_on.isoformat() if one.document_on else None,
        "office": {"vi": one.owner.name_vi, "en": one.owner.name_en},
        "unit": one.unit.uid if one.unit else "",
        "place": both(lambda: unit_text(one)),
        "assigned_on": one.assigned_on.isoformat(),
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "status": status,
        "standing": found,
        "days": -days_left(one.due_on, moment) if found == OVERDUE and one.due_on else 0,
        "reported_on": timezone.localtime(reported).date().isoformat() if reported else None,
        "result": then.result_then if reported else "",
        "text_provenance": one.text_provenance,
        "plan_provenance": one.plan_provenance,
    }


def _rank(row: Data) -> tuple[Any, ...]:
    return (row["standing"] != OVERDUE, _ORDER[row["status"]], row["due_on"] or "9999", row["id"])


# --- Words --------------------------------------------------------------------------------------------------------


def _status(row: Data) -> str:
    """Return where a task stands, and how against its deadline."""
    word = str(Task.Status(row["status"]).label)
    if row["standing"] == OVERDUE:
        return word + ", " + ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", row["days"]) % {"n": row["days"]}
    return f"{word}, {_('báo cáo sau hạn')}" if row["standing"] == LATE else word


def _due(row: Data) -> str:
    return _("không nêu") if row["standing"] == UNDATED or row["due_on"] is None else day(row["due_on"])


def _programme(row: Data) -> str:
    """Return a task's programme; reports of before tasks had one name none."""
    return own(row.get("programme"))


def _document(row: Data) -> str:
    return ", ".join(filter(None, (row["document"], day(row["document_on"]))))


def _mark(row: Data) -> str:
    """Return both marks in words: of what a task says, and of who does it by when."""
    text, plan = text_mark(row["text_provenance"]), text_mark(row["plan_provenance"])
    told = [
        _("nội dung: %(mark)s") % {"mark": text} if text else "",
        _("phòng ban, thời hạn: %(mark)s") % {"mark": plan} if plan else "",
    ]
    return "; ".join(filter(None, told))


def _task(row: Data) -> dict[str, str]:
    return {
        "title": own(row["title"]),
        "programme": _programme(row),
        "origin": own(row["origin"]),
        "document": _document(row),
        "office": own(row["office"]),
        "place": own(row["place"]),
        "due": _due(row),
        "status": _status(row),
        "result": row["result"],
        "mark": _mark(row),
    }


def _late(data: Data) -> list[Data]:
    return [row for row in data["rows"] if row["standing"] == OVERDUE]


def _sentence(data: Data) -> str:
    if not data["rows"]:
        return ""
    by = Counter(row["status"] for row in data["rows"])
    words = {
        "total": len(data["rows"]), "done": by[DONE], "reported": by[REPORTED], "open": by[OPEN],
        "cancelled": by[CANCELLED], "overdue": len(_late(data)),
    }  # fmt: skip
    told = _(
        "Có %(total)s nhiệm vụ: hoàn thành %(done)s, đã báo cáo chờ xác nhận %(reported)s, đang thực hiện %(open)s "
        "(quá hạn %(overdue)s)"
    )
    return (told + (_(", đã hủy %(cancelled)s") if by[CANCELLED] else "")) % words + "."


def _none(data: Data) -> str:
    return "" if data["rows"] else _("Trong kỳ không có nhiệm vụ nào trên cổng.")


def view(data: Data) -> dict[str, Any]:
    """Return the texts."""
    by = Counter(row["status"] for row in data["rows"])
    return {
        "sentence": _sentence(data),
        "total": str(len(data["rows"])),
        "done": str(by[DONE]),
        "reported": str(by[REPORTED]),
        "open": str(by[OPEN]),
        "overdue": str(len(_late(data))),
        "rows": [_task(row) for row in data["rows"]],
        "late": [_task(row) for row in _late(data)],
        "none": _none(data),
    }


def tables(data: Data) -> Iterable[Table]:
    """Return one line a task."""
    yield Table(
        _("Nhiệm vụ"),
        (
            _("Nhiệm vụ"), pgettext("task", "Chương trình"), _("Nguồn gốc"), pgettext("task", "Văn bản"),
            _("Phòng ban chủ trì"), _("Địa bàn"), _("Ngày giao"), pgettext("task", "Thời hạn"), _("Đến cuối kỳ"),
            _("Số ngày quá hạn"), _("Ngày báo cáo"), pgettext("task", "Kết quả"), _("Dấu tin cậy"),
        ),
        [
            (
                own(row["title"]), _programme(row), own(row["origin"]), _document(row), own(row["office"]),
                own(row["place"]),
                date.fromisoformat(row["assigned_on"]), date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                _status(row), row["days"] or None,
                date.fromisoformat(row["reported_on"]) if row["reported_on"] else None, row["result"], _mark(row),
            )
            for row in data["rows"]
        ],
        lines=tuple(filter(None, (_sentence(data), _none(data)))),
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return one line a task."""
    yield PageTable(
        _("Nhiệm vụ"),
        (
            _("Nhiệm vụ"), pgettext("task", "Chương trình"), _("Phòng ban chủ trì"), _("Địa bàn"),
            pgettext("task", "Thời hạn"), _("Đến cuối kỳ"),
        ),
        tuple(
            (
                f"{own(row['title'])} ({mark})" if (mark := _mark(row)) else own(row["title"]),
                _programme(row), own(row["office"]), own(row["place"]), _due(row), _status(row),
            )
            for row in data["rows"]
        ),
        notes=tuple(filter(None, (_sentence(data), _none(data)))),
    )  # fmt: skip


def figures(data: Data) -> Iterable[Figure]:
    """Return how many tasks there are and how many overdue, and how each stands."""
    rests = ("tasks",)
    yield Figure("task/total", _("Số nhiệm vụ"), str(len(data["rows"])), rests)
    yield Figure("task/overdue", _("Số nhiệm vụ quá hạn"), str(len(_late(data))), rests)
    for row in data["rows"]:
        title = own(row["title"])
        named = title if len(title) <= LABEL else title[:LABEL].rstrip() + "…"
        label = _("Nhiệm vụ: %(title)s") % {"title": named}
        due = _("thời hạn %(day)s") % {"day": _due(row)}
        text = "; ".join(filter(None, (_status(row), due, row["result"])))
        yield Figure(f"task/{row['id']}", label, text, rests, row["unit"])


SECTION = Section(
    code="tasks",
    title=gettext_lazy("Nhiệm vụ"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
