"""What a reader asks of any list or object: which fields, in which order, and as what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rest_framework.request import Request

from mongcai_portal.common.errors import Fault
from mongcai_portal.common.exports import MEDIA_TYPES

JSON = "json"
FORMATS = (JSON, *MEDIA_TYPES)
FORMAT, FIELDS, ORDERING = "format", "fields", "ordering"


@dataclass(frozen=True, slots=True)
class Asked:
    """`fields` in the order named, empty for all of them; `ordering` empty for the list's own order."""

    format: str = JSON
    fields: tuple[str, ...] = ()
    ordering: str = ""
    faults: tuple[Fault, ...] = field(default=(), repr=False)

    def wants(self, *names: str) -> bool:
        """Whether the answer shows one of these fields: what it does not show need not be read."""
        return not self.fields or any(name in self.fields for name in names)


def read_asked(
    request: Request, *, formats: Collection[str], fields: Collection[str], orderings: Mapping[str, object]
) -> Asked:
    """Read the three parameters; every name that is unknown is a fault of its own."""
    query = request.query_params
    faults: list[Fault] = []
    kind = query.get(FORMAT, JSON)
    if kind not in formats:
        message = _("Địa chỉ này không có định dạng “%(name)s”. Các định dạng: %(known)s.")
        faults.append(Fault(f"/{FORMAT}", "invalid_choice", message % {"name": kind, "known": ", ".join(formats)}))
    names = tuple(dict.fromkeys(name.strip() for name in query[FIELDS].split(","))) if FIELDS in query else ()
    unknown = [name for name in names if name not in fields]
    for name in unknown:
        message = _("Không có trường “%(name)s”. Các trường: %(known)s.")
        faults.append(Fault(f"/{FIELDS}", "unknown_field", message % {"name": name, "known": ", ".join(fields)}))
    ordering = query.get(ORDERING, "")
    if ordering.removeprefix("-") not in orderings and ORDERING in query:
        message = _("Không sắp xếp được theo “%(name)s”. Các cách sắp xếp: %(known)s, thêm dấu - để đảo thứ tự.")
        known = ", ".join(orderings) or "–"
        faults.append(Fault(f"/{ORDERING}", "invalid_choice", message % {"name": ordering, "known": known}))
    return Asked(kind, names, ordering, tuple(faults))
