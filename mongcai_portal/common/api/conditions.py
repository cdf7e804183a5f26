"""What a write of the API must say of itself: the version it has seen, its key, and how it is meant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.request import Request

from mongcai_portal.common.api.etags import holds
from mongcai_portal.common.errors import Fault, Invalid, Unconditional


class ConditionalWrites:
    """Views with writes of one object: `conditional` names the actions whose unsafe methods take If-Match."""

    conditional: ClassVar[frozenset[str]] = frozenset()
    request: Request

    def seen(self) -> Callable[[str], bool]:
        """Return whether the caller has seen a version; services ask while they hold the object.

        Asked of a request that names none, it raises Unconditional: after 404 and 403, which tell a stranger nothing.
        """
        return partial(_seen, self.request.headers.get("If-Match", ""))


def _seen(header: str, version: str) -> bool:
    if not header.strip():
        raise Unconditional(
            _("Lời gọi ghi phải kèm If-Match: ETag của lần đọc gần nhất, hoặc * khi không cần so với lần đọc nào.")
        )
    return holds(header, version)


def flag_asked(request: Request, name: str) -> bool:
    """Return a yes or no of the query string; without it, no.

    Raises:
        Invalid: it is neither `true` nor `false`.
    """
    text = request.query_params.get(name, "false")
    if text not in ("true", "false"):
        raise Invalid([Fault(f"/{name}", "invalid", _("Tham số này là true hoặc false."))])
    return text == "true"


def conditional_of(view: Any, method: str) -> bool:
    """Whether an operation takes If-Match."""
    return method != "GET" and getattr(view, "action", None) in getattr(view, "conditional", ())
