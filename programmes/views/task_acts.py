"""`/tasks/<id>/`: a task with its steps, history and files, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communes.scope import scope_of
from indicators.presenters.words import level_label
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.files import serve_file
from mongcai_portal.common.links import link
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.tasks import MoveForm, StepForm
from programmes.models import Task, TaskFile, TaskStep
from programmes.presenters.tasks import card, entry_icon, move_views
from programmes.rules import tasks as rules
from programmes.selectors.measure_names import measure_labels
from programmes.selectors.tasks import task_file as file_seen
from programmes.selectors.tasks import task_page
from programmes.services import tasks as services
from programmes.services.tasks.files import KINDS
from programmes.services.tasks.guard import party_of

refusals = refusing(Task.DoesNotExist, TaskFile.DoesNotExist, TaskStep.DoesNotExist)
ACCEPT = ",".join(f".{kind}" for kind in (*KINDS, "jpg"))


@require(Permission.TASKS_VIEW)
@require_GET
@refusals
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show a task."""
    return _page(request, task_id)


def _page(
    request: HttpRequest,
    task_id: int,
    *,
    move: str = "",
    form: MoveForm | None = None,
    step_form: StepForm | None = None,
    file_faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = task_page(scope_of(request.user), task_id)
    party = party_of(found.task, request.user)
    here = found.task
    names = rules.moves_of(here.status, party)
    own_report = rules.refusal(rules.CONFIRM, here.status, party) == rules.OWN_REPORT
    sees_programmes = request.user.has_perm(Permission.PROGRAMMES_VIEW)
    measure = measure_labels().get(here.measure, here.measure) if here.measure else ""
    context: dict[str, Any] = {
        "page": found,
        "task": here,
        "card": card(here, timezone.now()),
        "moves": move_views(names),
        "tried": move,
        "form": form,
        "step_form": step_form or StepForm(auto_id="%s"),
        "file_faults": file_faults or [],
        "accept": ACCEPT,
        "may_settle": rules.STEP in names,
        "may_add": here.status == rules.OPEN and (party.owns or party.assigns),
        "may_file": here.status not in rules.ENDED and (party.owns or party.assigns),
        "own_report": own_report,
        "entries": [(one, entry_icon(one)) for one in found.entries],
        "measure": measure,
        "measure_url": link("measure", here.measure, unit=here.unit.uid if here.unit else "") if here.measure else "",
        "programme_url": link("programme", here.programme.code) if here.programme and sees_programmes else "",
        "level": level_label(here.level) if here.level else "",
    }
    return render(request, "programmes/task.html", context, status=status)


@require(Permission.TASKS_VIEW)
@require_POST
@refusals
def task_move(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a task one move further: `move` names it, `lock` is the version that the window saw."""
    form = MoveForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    name = request.POST.get("move", "")
    lock = request.POST.get("lock", "")
    given: dict[str, Any] = {
        "by": request.user,
        "task_id": task_id,
        "text": data.get("text", ""),
        "lock": int(lock) if lock.isascii() and lock.isdecimal() and len(lock) < 10 else None,
    }
    files = request.FILES.getlist("files")
    acts = {
        rules.PROGRESS: (lambda: services.record_progress(**given, files=files), _("Đã ghi tiến độ.")),
        rules.REPORT: (
            lambda: services.report_result(**given, files=files),
            _("Đã báo cáo kết quả; chờ xác nhận."),
        ),
        rules.CONFIRM: (lambda: services.confirm_task(**given), _("Đã xác nhận hoàn thành.")),
        rules.RETURN: (lambda: services.return_task(**given), _("Đã trả lại nhiệm vụ.")),
        rules.CANCEL: (lambda: services.cancel_task(**given), _("Đã hủy nhiệm vụ.")),
        rules.REOPEN: (lambda: services.reopen_task(**given), _("Đã mở lại nhiệm vụ.")),
        rules.POSTPONE: (
            lambda: services.postpone_task(**given, due_on=data.get("due_on")),
            _("Đã đổi thời hạn."),
        ),
    }
    if name not in acts:
        # A foreign task is not there, whatever is asked of it.
        task_page(scope_of(request.user), task_id)
        messages.error(request, _("Không có lựa chọn này."))
        return redirect("task", task_id=task_id)
    act, told = acts[name]
    try:
        act()
    except Stale as error:
        messages.error(request, str(error))
        return _page(request, task_id, move=name, form=form, status=409)
    except Invalid as error:
        at_fields(form, error)
        return _page(request, task_id, move=name, form=form, status=422)
    messages.success(request, told)
    return redirect("task", task_id=task_id)


@require(Permission.TASKS_VIEW)
@require_POST
@refusals
def task_step_new(request: HttpRequest, task_id: int) -> HttpResponse:
    """Add a step."""
    form = StepForm(request.POST, auto_id="%s")
    readable = form.is_valid()
    data = form.cleaned_data
    try:
        if readable:
            services.add_step(
                by=request.user, task_id=task_id, text=data.get("step", ""), due_on=data.get("step_due_on")
            )
        else:
            return _page(request, task_id, step_form=form, status=422)
    except Stale as error:
        messages.error(request, str(error))
        return _page(request, task_id, step_form=form, status=409)
    except Invalid as error:
        at_fields(form, error)
        return _page(request, task_id, step_form=form, status=422)
    messages.success(request, _("Đã thêm bước."))
    return redirect("task", task_id=task_id)


@require(Permission.TASKS_VIEW)
@require_POST
@refusals
def task_step(request: HttpRequest, task_id: int, number: int) -> HttpResponse:
    """Mark a step as done (`done=1`), or as not done after all."""
    try:
        services.settle_step(by=request.user, task_id=task_id, number=number, done=request.POST.get("done") == "1")
    except Stale as error:
        messages.error(request, str(error))
    return redirect("task", task_id=task_id)


@require(Permission.TASKS_VIEW)
@require_POST
@refusals
def task_file_new(request: HttpRequest, task_id: int) -> HttpResponse:
    """Attach a file."""
    try:
        services.attach_file(by=request.user, task_id=task_id, file=request.FILES.get("file"))
    except Stale as error:
        messages.error(request, str(error))
    except Invalid as error:
        return _page(request, task_id, file_faults=[str(one.message) for one in error.faults], status=422)
    else:
        messages.success(request, _("Đã đính kèm tệp."))
    return redirect("task", task_id=task_id)


@require(Permission.TASKS_VIEW)
@require_GET
@refusals
def task_file(request: HttpRequest, task_id: int, attachment_id: int) -> HttpResponseBase:
    """A file of a task, shown within a page where a browser can show it, or with `?download` to be kept."""
    row = file_seen(scope_of(request.user), task_id, attachment_id)
    return serve_file(row, inline="download" not in request.GET)
