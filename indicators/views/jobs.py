"""`/jobs/`: background work, its schedule, and what an administrator does about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from indicators.presenters.jobs import jobs_view
from indicators.selectors.jobs import background
from indicators.services import jobs as services
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.jobs import label_of
from mongcai_portal.common.models import Job
from mongcai_portal.common.views.doors import refusing
from mongcai_portal.common.views.errors import is_fragment

refusals = refusing(Job.DoesNotExist)


@require(Permission.JOBS_VIEW)
@never_cache
@require_GET
def jobs_page(request: HttpRequest) -> HttpResponse:
    """Show running and past work; the page asks every few seconds and is told nothing while nothing has changed."""
    asked = request.GET.get("before", "")
    try:
        before = parse_datetime(asked)
    except ValueError:
        before = None
    view = jobs_view(background(before=before if before and before.tzinfo else None))
    if is_fragment(request) and request.GET.get("seen") == view.digest:
        return HttpResponse(status=204)
    context = {
        "view": view,
        "before": asked if before else "",
        "may_manage": request.user.has_perm(Permission.JOBS_MANAGE),
        "kept_days": settings.JOBS_KEPT_DAYS,
    }
    return render(request, "indicators/jobs.html", context)


def _change(request: HttpRequest, change: Callable[[], str]) -> HttpResponse:
    """Do something to work, say what came of it, and show the page again."""
    try:
        messages.success(request, change())
    except (Stale, Invalid) as error:
        messages.error(request, str(error))
    return redirect("jobs")


def _verb(view: Callable[..., HttpResponse]) -> Any:
    return require(Permission.JOBS_MANAGE)(never_cache(require_POST(refusals(view))))


@_verb
def job_start(request: HttpRequest) -> HttpResponse:
    """Ask for a job; one of the kind that is open already stays the only one."""

    def change() -> str:
        job = services.start(by=request.user, kind=request.POST.get("kind", ""))
        return _("%(job)s: đã xếp vào hàng chờ.") % {"job": label_of(job.kind)}

    return _change(request, change)


@_verb
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Cancel a job that waits or runs."""

    def change() -> str:
        job = services.cancel(by=request.user, job_id=job_id)
        if job.state == Job.State.CANCELLED:
            return _("%(job)s: đã hủy, việc này không chạy nữa.") % {"job": label_of(job.kind)}
        return _("%(job)s: đang dừng ở bước kế tiếp; phần đã ghi được giữ.") % {"job": label_of(job.kind)}

    return _change(request, change)


@_verb
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Let a job that failed or was cancelled run again."""

    def change() -> str:
        job = services.retry(by=request.user, job_id=job_id)
        return _("%(job)s: đã xếp vào hàng chờ để chạy lại.") % {"job": label_of(job.kind)}

    return _change(request, change)


@_verb
def evaluations_retry(request: HttpRequest) -> HttpResponse:
    """Let every evaluation with an error be tried again."""

    def change() -> str:
        count = services.retry_evaluations(by=request.user)
        said = ngettext("Tính lại %(n)s báo cáo ngay.", "Tính lại %(n)s báo cáo ngay.", count)
        return said % {"n": count} if count else _("Không còn báo cáo nào tính bị lỗi.")

    return _change(request, change)


@_verb
def letters_retry(request: HttpRequest) -> HttpResponse:
    """Let every letter that was given up be sent again."""

    def change() -> str:
        count = services.retry_letters(by=request.user)
        said = ngettext("Gửi lại %(n)s thư.", "Gửi lại %(n)s thư.", count)
        return said % {"n": count} if count else _("Không còn thư nào gửi không được.")

    return _change(request, change)
