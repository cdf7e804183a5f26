"""What a caller may ask in the query string: `as_of`, and filters that refuse unknown names."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from mongcai_portal.common.errors import Fault, Invalid, step

# Nothing is known of other years, and calendars end.
FIRST_YEAR, LAST_YEAR = 1900, 2200


def day_asked(request: Request, default: date | None = None) -> date:
    """Return `as_of` as a day; without one the given default, else today in Asia/Ho_Chi_Minh.

    Raises:
        Invalid: not a day written `YYYY-MM-DD`, or one of a year that nothing is known of.
    """
    text = request.query_params.get("as_of")
    if text is None:
        return default or timezone.localdate()
    try:
        if len(text) != 10:  # Python also reads 20231231 and 2023-W52-7
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        message = _("“%(value)s” không phải là ngày viết theo dạng NNNN-TT-NN, ví dụ 2023-12-31.") % {"value": text}
        raise Invalid([Fault("/as_of", "not_a_date", message)]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = _("Ngày xem từ năm %(first)s đến năm %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Invalid([Fault("/as_of", "out_of_range", message)])
    return day


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """django-filter with faults of the portal's shape; unknown names are the view's (`known_params`)."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        # A request that filters by nothing is spared the making of a form with all choices.
        filters = self.get_filterset_class(view, queryset)
        if filters is not None and request.query_params.keys().isdisjoint(filters.base_filters):
            return queryset
        return super().filter_queryset(request, queryset, view)

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None and not filterset.is_valid():
            raise Invalid(
                Fault(step(field), entry["code"] or "invalid", entry["message"])
                for field, entries in filterset.errors.get_json_data().items()
                for entry in entries
            )
        return filterset


def unknown_in(request: Request, known: set[str]) -> list[Fault]:
    """Name query parameters that nothing reads: a mistyped filter must not answer with everything."""
    faults = []
    for name, value in request.query_params.items():
        if name not in known:
            message = _("Không có tham số “%(name)s”. Các tham số: %(known)s.") % {
                "name": name,
                "known": ", ".join(sorted(known)) or "–",
            }
            faults.append(Fault(step(name), "unknown_parameter", message))
        elif "\x00" in value:
            faults.append(Fault(step(name), "null_characters", _("Tham số này có ký tự không dùng được.")))
        elif len(request.query_params.getlist(name)) > 1:
            faults.append(Fault(step(name), "repeated_parameter", _("Tham số “%(name)s” có hai lần.") % {"name": name}))
    return faults
