"""`/api-clients/`: other systems that call the API."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from oauth2_provider.settings import oauth2_settings

from communes.forms.people import ClientForm
from communes.presenters.people import client_views, place_choices
from communes.scope import scope_of
from communes.selectors.people import api_clients, places
from communes.services.api_clients import (
    ClientCredentials,
    create_api_client,
    revoke_api_client,
    rotate_api_client,
)
from mongcai_portal.accounts.decorators import confirmed, require
from mongcai_portal.accounts.models import ApiClient
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.mail import link
from mongcai_portal.common.views.doors import at_fields, refusing

refusals = refusing(ApiClient.DoesNotExist)
# Where the service's pointers stand on the form.
PLACES = {"/unit": "/units", "/office": "/offices", "/scope": "/scopes"}


def _form(request: HttpRequest, data: Any = None) -> ClientForm:
    return ClientForm(
        data,
        **place_choices(*places(scope_of(request.user))),
        scopes=[(code, f"{code} · {label}") for code, label in oauth2_settings.SCOPES.items()],
        initial={"scopes": ["read"], "role": "leader"},
    )


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def client_list(request: HttpRequest) -> HttpResponse:
    """List the other systems, and connect one more; its secret is shown in this one answer."""
    if request.method == "GET":
        return _page(request, _form(request))
    form = _form(request, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = create_api_client(
                by=request.user,
                name=data["name"],
                role=data["role"],
                units=data["units"],
                offices=data["offices"],
                scopes=data["scopes"],
            )
        except Invalid as error:
            at_fields(form, Invalid(Fault(PLACES.get(f.pointer, f.pointer), f.code, f.message) for f in error.faults))
        else:
            return _page(request, _form(request), made=made)
    return _page(request, form, status=422)


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_POST
@refusals
def client_change(request: HttpRequest, client_id: int) -> HttpResponse:
    """Give a client a new secret, or close it."""
    client = ApiClient.objects.get(pk=client_id)
    action = request.POST.get("action", "")
    if action == "rotate":
        try:
            return _page(request, _form(request), made=rotate_api_client(by=request.user, name=client.name))
        except Invalid as error:
            messages.error(request, str(error))
    elif action == "revoke":
        revoke_api_client(by=request.user, name=client.name, reason=request.POST.get("reason", "").strip())
        messages.success(
            request, _("Đã thu hồi kết nối %(name)s; mọi mã truy cập hết tác dụng.") % {"name": client.name}
        )
    else:
        raise Http404
    return redirect("api_clients")


def _page(
    request: HttpRequest, form: ClientForm, *, made: ClientCredentials | None = None, status: int = 200
) -> HttpResponse:
    context = {"clients": client_views(api_clients()), "form": form, "made": made, "token_url": link("/oauth/token/")}
    return render(request, "communes/clients.html", context, status=status)
