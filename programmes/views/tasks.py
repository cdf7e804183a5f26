"""`/tasks/`: the board, the list and its file, and giving a task."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from communes.models import Office, Unit
from communes.scope import Scope, scope_of
from communes.selectors.village_choices import units_on
from indicators.models import Level
from indicators.presenters.words import level_label, unit_title
from indicators.selectors.layout import Name
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.exports import XLSX, download
from mongcai_portal.common.templatetags.portal import date_vi, localname, time_vi
from mongcai_portal.common.views.doors import at_fields, refusing, renewed, too_many
from programmes.forms.tasks import STANDINGS, FilterForm, NewTaskForm
from programmes.measures.money import NTM
from programmes.models import Difficulty, Programme, Task
from programmes.presenters.programme_words import local
from programmes.presenters.tasks import card, columns, status_choices, task_table
from programmes.rules.difficulties import WITHDRAWN
from programmes.rules.tasks import TITLE
from programmes.selectors.measure_names import measure_labels, programme_of
from programmes.selectors.tasks import (
    GENERAL,
    TaskFilter,
    board_columns,
    criterion_named,
    last_version,
    office_of,
    owners_of,
    programmes_of,
    task_counts,
    task_list,
    units_of,
)
from programmes.services.tasks import NewTask, assign
from programmes.services.tasks.assigning import assign_faults

LINES = 50
MOST_EXPORTED = 5_000
refusals = refusing(Task.DoesNotExist, Unit.DoesNotExist)


@require(Permission.TASKS_VIEW)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the reader's tasks as a board of statuses, or as a list."""
    scope, now = scope_of(request.user), timezone.now()
    today = timezone.localdate(now)
    wanted = FilterForm(request.GET).wanted()
    counts = task_counts(scope, wanted, today)
    context: dict[str, Any] = {
        "wanted": wanted,
        "filtered": wanted != TaskFilter(),
        "counts": counts,
        "statuses": status_choices(counts),
        "standings": STANDINGS,
        "origins": Task.Origin.choices,
        "programmes": _programmes(scope),
        "offices": [(one.code, localname(one)) for one in owners_of(scope)],
        "units": [(one.unit.uid, unit_title(Name(one.name_vi, one.name_en), one.kind)) for one in units_of(scope)],
        "may_assign": Permission.TASKS_ASSIGN in scope.permissions,
        "as_list": request.GET.get("view") == "list",
    }
    if context["as_list"]:
        page = Paginator(task_list(scope, wanted, today), LINES).get_page(request.GET.get("page"))
        return render(
            request,
            "programmes/task_list.html",
            context | {"page_obj": page, "cards": [card(task, now) for task in page.object_list]},
        )
    found = board_columns(scope, wanted, today)
    # Overdue, soon and undated are open ones: their columns hold what was found, not what the status counts.
    shown = {status: len(rows) for status, rows in found.items()} if wanted.standing else counts.by_status
    return render(request, "programmes/task_board.html", context | {"columns": columns(found, shown, now)})


@require(Permission.TASKS_VIEW)
@require_GET
def task_export(request: HttpRequest) -> HttpResponse:
    """Hand out the list, narrowed as it is on the page, as a workbook."""
    scope, now = scope_of(request.user), timezone.now()
    wanted = FilterForm(request.GET).wanted()
    rows = list(task_list(scope, wanted, timezone.localdate(now))[: MOST_EXPORTED + 1])
    if len(rows) > MOST_EXPORTED:
        return too_many(request, "task_list", MOST_EXPORTED)
    cards = [card(task, now) for task in rows]
    lines = [_("Lập lúc %(time)s, theo phạm vi của %(who)s") % {"time": time_vi(now), "who": request.user}]
    named = dict(_programmes(scope))
    table = task_table(cards, lines=lines + _asked(wanted, named), measures=measure_labels())
    return download(XLSX, table, name=f"nhiem-vu-{timezone.localdate(now).isoformat()}")


def _programmes(scope: Scope) -> list[tuple[str, str]]:
    """The programmes to choose from, and what belongs to none alone; nothing while no task has one."""
    found = [(one.code, local(one, "short")) for one in programmes_of(scope)]
    return [*found, (GENERAL, _("Việc chung"))] if found else []


def _asked(wanted: TaskFilter, programmes: dict[str, str]) -> list[str]:
    """What a file was narrowed to, in words."""
    standings = {code: str(label) for code, label in STANDINGS}
    said = [
        (pgettext("task", "Chương trình"), programmes.get(wanted.programme, wanted.programme)),
        (_("Phòng ban"), wanted.office),
        (_("Địa bàn"), wanted.unit),
        (_("Trạng thái"), str(Task.Status(wanted.status).label) if wanted.status else ""),
        (_("So với thời hạn"), standings.get(wanted.standing, "")),
        (_("Nguồn gốc"), str(Task.Origin(wanted.origin).label) if wanted.origin else ""),
        (_("Tìm"), wanted.q),
    ]
    return [f"{name}: {text}" for name, text in said if text]


@require(Permission.TASKS_ASSIGN)
@require_http_methods(["GET", "POST"])
@refusals
def task_new(request: HttpRequest) -> HttpResponse:
    """Give a task; `?measure=`, `?criterion=&level=&unit=` or `?difficulty=` fill in what it comes from."""
    today = timezone.localdate()
    labels = measure_labels()
    units = [(one.unit.uid, unit_title(Name(one.name_vi, one.name_en), one.kind)) for one in units_on(today)]
    cause = _cause(request, labels, scope_of(request.user))
    units += _former(request.POST.get("unit") or cause["unit"], units)
    offices = [(one.code, localname(one)) for one in Office.objects.order_by("sort_key")]
    if cause["unit"] and cause["unit"] not in dict(units):
        cause["unit"] = ""
    form = NewTaskForm(
        request.POST if request.method == "POST" else None,
        offices=offices,
        units=units,
        measures=list(labels.items()),
        programmes=[(one.code, local(one, "short")) for one in Programme.objects.order_by("position")],
        initial={"token": uuid4().hex, **cause["initial"], "unit": cause["unit"]},
    )
    if request.method == "POST":
        made = _assigned(request, form)
        if made is not None:
            messages.success(request, _("Đã giao nhiệm vụ cho %(office)s.") % {"office": localname(made.owner)})
            return redirect("task", task_id=made.pk)
    said: dict[str, Any] = {name: form[name].value() for name in ("level", "criterion")}
    number = str(said["criterion"] or "")
    difficulty = _difficulty(str(form["difficulty"].value() or ""), scope_of(request.user))
    criterion = criterion_named(str(said["level"] or ""), int(number)) if number.isdecimal() else None
    context = {
        "form": form,
        "criterion": criterion,
        "difficulty": difficulty,
        "programme": local(difficulty.programme, "short") if difficulty else "",
        "level": level_label(str(said["level"] or "")),
    }
    return render(request, "programmes/task_new.html", context, status=422 if request.method == "POST" else 200)


def _former(uid: str, present: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A commune that was merged since is offered beside the present ones when a figure of its time asks for a task."""
    found = None if not uid or uid in dict(present) else last_version(uid)
    if found is None:
        return []
    name = unit_title(Name(found.name_vi, found.name_en), found.kind)
    if found.valid_to:
        name = _("%(name)s (đến %(day)s)") % {"name": name, "day": date_vi(found.valid_to)}
    return [(uid, name)]


def _cause(request: HttpRequest, labels: dict[str, str], scope: Scope) -> dict[str, Any]:
    """Read what the address says a task comes from; what names nothing is left out."""
    query = request.GET
    if found := _difficulty(query.get("difficulty", ""), scope):
        initial = {
            "origin": Task.Origin.DIFFICULTY,
            "difficulty": found.pk,
            "title": _("Khắc phục: %(text)s") % {"text": Truncator(found.text).chars(TITLE - 40)},
            "text": found.text,
            "owner": found.office.code,
        }
        return {"unit": found.unit.uid if found.unit else "", "initial": initial}
    measure = query.get("measure", "")
    unit = query.get("unit", "")
    if measure in labels:
        title = _("Có biện pháp để đạt chỉ tiêu: %(label)s") % {"label": labels[measure]}
        initial = {"origin": "late_target", "measure": measure, "title": title, "programme": programme_of(measure)}
        return {"unit": unit, "initial": initial}
    number = query.get("criterion", "")
    level = query.get("level") or _lowest_level()
    if number.isascii() and number.isdecimal() and len(number) < 3:
        criterion = criterion_named(level, int(number))
        if criterion is not None:
            owner = office_of(criterion)
            title = _("Khắc phục tiêu chí %(number)s (%(name)s)") % {
                "number": criterion.number,
                "name": localname(criterion),
            }
            initial = {
                "origin": "slipping",
                "level": level,
                "criterion": criterion.number,
                "title": title,
                "owner": owner.code if owner else "",
                "programme": NTM,
            }
            return {"unit": unit, "initial": initial}
    return {"unit": unit, "initial": {"programme": query.get("programme", "")}}


def _difficulty(number: str, scope: Scope) -> Difficulty | None:
    """Return the difficulty that a task comes from, when the reader sees it and it was not withdrawn."""
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    rows = Difficulty.objects.visible_to(scope).exclude(status=WITHDRAWN).select_related("office", "unit", "programme")
    found: Difficulty | None = rows.filter(pk=int(number)).first()
    return found


def _lowest_level() -> str:
    return Level.objects.filter(sets__status="published").order_by("rank").values_list("code", flat=True).first() or ""


def _assigned(request: HttpRequest, form: NewTaskForm) -> Task | None:
    """Give the task as typed; None when something is wrong with it, which stands at its field by then."""
    form.is_valid()
    data = form.cleaned_data
    unreadable = set(form.errors)
    task = NewTask(
        token=data.get("token") or uuid4().hex,
        title=data.get("title", ""),
        text=data.get("text", ""),
        origin=Task.Origin.DIFFICULTY if data.get("difficulty") else data.get("origin", ""),
        document=data.get("document", ""),
        document_on=data.get("document_on"),
        owner=data.get("owner", ""),
        unit=data.get("unit", ""),
        measure=data.get("measure", ""),
        level=data.get("level", "") if data.get("criterion") else "",
        criterion=data.get("criterion"),
        difficulty=data.get("difficulty"),
        # A difficulty's own is not typed.
        programme="" if data.get("difficulty") else data.get("programme", ""),
        due_on=data.get("due_on"),
        no_deadline=bool(data.get("no_deadline")),
        steps=data.get("steps", "").splitlines(),
    )
    try:
        if not unreadable:
            return assign(by=request.user, task=task)
        faults = assign_faults(task)
    except Invalid as error:
        faults = list(error.faults)
    if renewed(form, request, faults):
        return None
    # What could not be read gets no second fault for what it was taken as.
    at_fields(form, Invalid(one for one in faults if one.pointer.lstrip("/") not in unreadable))
    return None
