"""Too many wrong passwords: which name is meant, and what the reader is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.conf import settings as axes
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.common.views.errors import problem, wants_json

from .models import normalize_username


def username_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Count tries by the stored spelling, so that `Admin` and `admin` share one count."""
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else "") or ""
    return normalize_username(str(typed))[:150]


def opens_at(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    """Return when the name may be tried again (rounded up to the minute, as the page shows it)."""
    tries = AccessAttempt.objects.filter(
        username=username_of(request, credentials), ip_address=getattr(request, "axes_ip_address", None)
    )
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    until: datetime = last + get_cool_off(request)
    return until.replace(second=0, microsecond=0) + timedelta(minutes=1)


def address_closed(ip: str) -> bool:
    """Whether so many tries failed from this address lately, whatever the names, that it is trying out lists."""
    tries = AccessAttempt.objects.filter(ip_address=ip, attempt_time__gt=timezone.now() - get_cool_off(None))
    failed = tries.aggregate(failed=Sum("failures_since_start"))["failed"] or 0
    return bool(failed >= settings.LOGIN_ADDRESS_LIMIT)


def closed_address(request: HttpRequest) -> HttpResponse:
    """Answer 429 to an address that is closed: the login page with the reason on it, or a problem for programs."""
    from .views.login import login_page

    minutes = int(get_cool_off(request).total_seconds()) // 60
    message = _("Quá nhiều lần đăng nhập sai từ mạng này; hãy thử lại sau %(minutes)d phút.") % {"minutes": minutes}
    if wants_json(request):
        answer: HttpResponse = problem(429, "locked_out", _("Tạm khóa đăng nhập"), message)
    else:
        answer = login_page(request, locked_message=message, username="")
    answer["Retry-After"] = str(minutes * 60)
    return answer


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer 429 with the time: the login page with the reason on it, or a problem for programs."""
    from .services import record_login_locked
    from .views.login import login_page

    username = username_of(request, credentials)
    until = timezone.localtime(opens_at(request, credentials))
    message = _("Đã sai mật khẩu %(limit)d lần. Tên đăng nhập này tạm khóa tại máy này, thử lại được từ %(time)s.") % {
        "limit": axes.AXES_FAILURE_LIMIT,
        "time": until.strftime("%H:%M"),
    }
    # The try that closes the name went through the form; later ones are refused before it.
    if getattr(request, "login_failed_now", False):
        record_login_locked(username=username, ip=getattr(request, "axes_ip_address", "") or "")
    if wants_json(request):
        answer: HttpResponse = problem(429, "locked_out", _("Tạm khóa đăng nhập"), message)
    else:
        answer = login_page(request, locked_message=message, username=username)
    answer["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds())))
    return answer
