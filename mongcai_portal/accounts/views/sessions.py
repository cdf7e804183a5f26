"""One's own open sessions, and the password asked again before what opens other doors."""

from __future__ import annotations

import time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mongcai_portal.accounts import services
from mongcai_portal.accounts.decorators import confirmed, signed_in
from mongcai_portal.accounts.forms import ConfirmForm
from mongcai_portal.accounts.models import OpenSession
from mongcai_portal.accounts.presenters import session_views
from mongcai_portal.accounts.sessions import CONFIRMED
from mongcai_portal.common.pages import home_of

from .login import client_ip


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def password_confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then go on to the page that needed it; the session gets a new key."""
    form = ConfirmForm(request, request.POST if request.method == "POST" else None)
    target = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = home_of(request)
    if form.is_valid():
        request.session.cycle_key()
        request.session[CONFIRMED] = time.time()
        services.record_password_confirmed(by=request.user)
        return redirect(target)
    if form.is_bound and form.data.get("password"):
        request.login_failed_now = True  # type: ignore[attr-defined]
        services.record_login_failed(username=request.user.get_username(), ip=client_ip(request))
    return render(
        request, "accounts/password_confirm.html", {"form": form, "next": target}, status=422 if form.errors else 200
    )


@signed_in
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in; end one of these sessions, or all the others."""
    if request.method == "POST":
        action, handle = request.POST.get("action", ""), request.POST.get("session", "")
        if action == "end":
            if services.end_session(user=request.user, handle=handle, by=request.user):
                messages.success(request, _("Đã kết thúc phiên."))
            else:
                messages.info(request, _("Phiên này đã kết thúc từ trước."))
        elif action == "others":
            services.end_sessions(user=request.user, by=request.user, but=request.session.session_key)
            messages.success(request, _("Đã kết thúc mọi phiên khác."))
        else:
            raise Http404
        return redirect("sessions")
    rows = OpenSession.objects.live().filter(user=request.user).order_by("-seen_at")
    return render(
        request, "accounts/sessions.html", {"sessions": session_views(rows, request.session.session_key or "")}
    )
