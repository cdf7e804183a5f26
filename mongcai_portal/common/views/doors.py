"""How pages answer what services refuse: a foreign row is 404, a forbidden move 403, a fault stands at its field."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from mongcai_portal.common.errors import Forbidden, Invalid

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


def at_fields(form: Any, error: Invalid) -> None:
    """Put every fault of a service at its field, and those of no field above the form."""
    for fault in error.faults:
        name = fault.pointer.lstrip("/")
        form.add_error(name if name in form.fields else None, fault.message)
