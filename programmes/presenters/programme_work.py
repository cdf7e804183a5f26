"""What programmes planned, what was reached and what is being done: on their list, and on the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.presenters.cards import Kpi, kpi
from programmes.presenters.programme_words import carried
from programmes.presenters.targets import Look, PlanLine, counts_of, plan_line
from programmes.presenters.tasks import TaskCard, card
from programmes.presenters.text import name_of
from programmes.rules.tasks import OPEN, REPORTED
from programmes.selectors.programme_plans import ProgrammePlans
from programmes.selectors.programmes import ListPage
from programmes.selectors.tasks import ProgrammeTasks


@dataclass(frozen=True, slots=True)
class ProgrammePlansView:
    """The targets of a programme at the town, how many stand how, and its figures that nothing is planned for.

    `area` "": there is no town on the day. `below`: how many targets the communes have, in words; "" for none.
    """

    area: str
    day: str
    lines: tuple[PlanLine, ...]
    counts: tuple[tuple[Look, int], ...]
    unplanned: tuple[Kpi, ...]
    below: str
    url: str


def plans_part(found: ProgrammePlans, programme: str) -> ProgrammePlansView:
    """Arrange what a programme planned and reached."""
    world, n = found.world, found.below
    url = link("targets", programme=programme, as_of=found.day)
    return ProgrammePlansView(
        area=name_of(world.area) if world else "",
        day=date_vi(found.day),
        lines=tuple(plan_line(row, world) for row in found.rows) if world else (),
        counts=tuple((how, count) for how, _state, count in counts_of(found.rows)),
        unplanned=tuple(kpi(world, value, breakthrough=one.breakthrough) for one, value in found.unplanned)
        if world
        else (),
        below=ngettext("%(n)s chỉ tiêu của các xã", "%(n)s chỉ tiêu của các xã", n) % {"n": n} if n else "",
        url=url,
    )


@dataclass(frozen=True, slots=True)
class TasksView:
    """The first tasks of a programme, and how many there are."""

    cards: tuple[TaskCard, ...]
    summary: str
    overdue: str
    overdue_url: str
    more: int
    url: str
    new_url: str  # "" for who gives none


def tasks_part(found: ProgrammeTasks, programme: str, *, assigns: bool, now: datetime) -> TasksView:
    """Arrange the tasks of a programme."""
    counts = found.counts
    words = {"total": counts.total, "open": counts.by_status[OPEN], "reported": counts.by_status[REPORTED]}
    told = _("%(open)s đang thực hiện, %(reported)s chờ xác nhận, tất cả %(total)s")
    late = ngettext("%(n)s quá hạn", "%(n)s quá hạn", counts.overdue) % {"n": counts.overdue}
    return TasksView(
        cards=tuple(card(task, now) for task in found.first),
        summary=told % words if counts.total else "",
        overdue=late if counts.overdue else "",
        overdue_url=link("task_list", view="list", programme=programme, standing="overdue"),
        more=counts.total - len(found.first),
        url=link("task_list", view="list", programme=programme),
        new_url=link("task_new", programme=programme) if assigns else "",
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """One short statement with its link; `chip` colours what is not as it should be."""

    icon: str
    text: str
    url: str
    chip: str = ""


def facts_of(page: ListPage, programme: str) -> tuple[Fact, ...]:
    """Say of a programme in the list how its targets stand, what is open and what hinders it; nothing of nothing."""
    found = []
    for how, _state, n in counts_of(row for row in page.plans if row.measure.programme == programme):
        words = {"n": n, "status": how.word.lower()}
        text = ngettext("%(n)s chỉ tiêu: %(status)s", "%(n)s chỉ tiêu: %(status)s", n) % words
        url = link("programme", programme, **carried(page.when)) + "#targets"
        found.append(Fact(how.icon, text, url, how.chip))
    tasks = (page.tasks or {}).get(programme)
    if tasks is not None:
        text = ngettext("%(n)s nhiệm vụ đang thực hiện", "%(n)s nhiệm vụ đang thực hiện", tasks.open)
        url = link("task_list", view="list", programme=programme, status=OPEN)
        found.append(Fact("list-check", text % {"n": tasks.open}, url))
        if tasks.overdue:
            text = ngettext("%(n)s quá hạn", "%(n)s quá hạn", tasks.overdue) % {"n": tasks.overdue}
            url = link("task_list", view="list", programme=programme, standing="overdue")
            found.append(Fact("alert-triangle", text, url, "unmet"))
    hindered = (page.difficulties or {}).get(programme, 0)
    if hindered:
        text = ngettext("%(n)s tồn tại chưa giải quyết", "%(n)s tồn tại chưa giải quyết", hindered) % {"n": hindered}
        found.append(Fact("message", text, link("difficulty_list", programme=programme, status="open")))
    return tuple(found)
