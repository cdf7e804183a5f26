"""How pages answer what services refuse: a foreign row is 404, a forbidden move 403, a fault stands at its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.templatetags.portal import number

View = Callable[..., HttpResponse]


def refusing(*missing: type[Exception]) -> Callable[[View], View]:
    """Answer these `DoesNotExist` and `Forbidden` with the portal's 404 and 403 (pages, fragments and JSON alike)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except missing as error:
                raise Http404 from error
            except Forbidden as error:
                raise PermissionDenied(str(error)) from error

        return guarded

    return decorate


def too_many(request: HttpRequest, name: str, most: int) -> HttpResponse:
    """Show the list of the address `name` again, narrowed as it was, and say that it is too long for one file.

    A file that stopped somewhere would be taken for the whole list.
    """
    messages.error(
        request, _("Có hơn %(n)s dòng, quá nhiều cho một tệp: hãy chọn thêm bộ lọc rồi tải lại.") % {"n": number(most)}
    )
    query = request.GET.urlencode()
    return redirect(f"{reverse(name)}?{query}" if query else reverse(name))


def renewed(form: Any, request: HttpRequest, faults: Iterable[Fault]) -> bool:
    """Whether the form's token wrote something else before (`/token`): it is told so and its next press writes anew."""
    used = next((one for one in faults if one.pointer == "/token"), None)
    if used is None:
        return False
    messages.error(request, used.message)
    data = request.POST.copy()
    data["token"] = uuid4().hex
    form.data = data
    return True


def at_fields(form: Any, error: Invalid) -> None:
    """Put every fault of a service at its field, and those of no field above the form."""
    for fault in error.faults:
        name = fault.pointer.lstrip("/")
        form.add_error(name if name in form.fields else None, fault.message)
