"""`/households/export/`: the register as Excel or CSV, for whoever may take it out."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communes.forms.household_export import ExportForm
from communes.presenters.household_export import write_register
from communes.scope import scope_of
from communes.selectors.household_export import Asked, exportable
from communes.selectors.household_imports import units_for
from communes.services.household_export import release_register
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.ciphers import Undecipherable
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.exports import MEDIA_TYPES
from mongcai_portal.common.views.doors import at_fields, refusing


@require(Permission.HOUSEHOLDS_EXPORT)
@never_cache
@require_http_methods(["GET", "POST"])
@refusing()
def household_export(request: HttpRequest) -> HttpResponseBase:
    """Ask what is to leave, and hand it out; that it left stands in the log."""
    scope = scope_of(request.user)
    given = {
        "units": units_for(scope, Permission.HOUSEHOLDS_EXPORT),
        "every": scope.units_with(Permission.HOUSEHOLDS_EXPORT) is None,
        "numbers": request.user.has_perm(Permission.HOUSEHOLDS_UNMASK),
    }
    form = ExportForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = Asked(data["unit"], bool(data.get("numbers")))
        try:
            released = release_register(
                by=request.user, asked=asked, kind=data["format"], purpose=data.get("purpose", "")
            )
            out = TemporaryFile()  # noqa: SIM115 - the answer closes it
            write_register(data["format"], released, out)
        except Invalid as error:
            at_fields(form, error)
        except Undecipherable:
            messages.error(request, _("Không giải mã được số định danh: hãy báo quản trị hệ thống."))
        else:
            out.seek(0)
            name = f"{_('so-ho')}-{timezone.localdate():%Y-%m-%d}.{data['format']}"
            response = FileResponse(out, as_attachment=True, filename=name, content_type=MEDIA_TYPES[data["format"]])
            response["Cache-Control"] = "private, no-store"
            response["X-Content-Type-Options"] = "nosniff"
            return response
    context = {"form": form, "households": exportable(scope, Asked()).count()}
    return render(request, "communes/household_export.html", context, status=422 if form.errors else 200)
