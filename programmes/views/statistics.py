"""`/statistics/`: figures of measures that are typed with their source, for a commune or for the town."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.figures import ReasonForm, StatisticForm
from programmes.measures.facts import HOME_AREA
from programmes.measures.registry import AREA, COMMUNES, typed_measures
from programmes.measures.words import language
from programmes.models import ObservedStatistic
from programmes.presenters.entries import entry_view, statistic_view, unit_choices
from programmes.selectors.entries import StatisticPage, entry_page, statistic_page, units_for
from programmes.services.statistic_reading import own_unit
from programmes.services.statistics import correct_statistic, enter_statistic, withdraw_statistic
from programmes.services.typed import may_for

ENTER = Permission.STATISTICS_ENTER
FIRST_YEAR = 2015


@require(Permission.MEASURES_VIEW)
@require_GET
@refusing(Unit.DoesNotExist)
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of one unit and year: what is known, from whom, where sources differ, and what is still missing."""
    scope, today = scope_of(request.user), timezone.localdate()
    units = units_for(scope, Permission.MEASURES_VIEW if scope.all_units else ENTER)
    own = next((v.unit.uid for v in units), HOME_AREA)
    uid = request.GET.get("unit") or own
    year = _year(request.GET.get("year", ""), today.year)
    found = entry_page(scope, uid, year)
    if all(v.unit_id != found.unit.pk for v in units):  # one only reads of it, as an officer of the town
        units = [found.version, *units]
    context = {
        "view": entry_view(found),
        "units": unit_choices(units, today),
        "uid": uid,
        "year": year,
        "years": range(today.year, FIRST_YEAR - 1, -1),
        "may_enter": may_for(scope, ENTER, own_unit(found.unit)),
        "day": min(date(year, 12, 31), today),
    }
    return render(request, "programmes/statistics.html", context)


def _year(text: str, present: int) -> int:
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else present - 1
    return min(max(asked, FIRST_YEAR), present)


@require(Permission.MEASURES_VIEW)
@require_GET
@refusing(ObservedStatistic.DoesNotExist)
def statistic(request: HttpRequest, statistic_id: int) -> HttpResponse:
    """One figure: what was printed, by whom and where, and what else is or was said of its day."""
    found = statistic_page(scope_of(request.user), statistic_id)
    return render(request, "programmes/statistic.html", _context(request, found))


@require(ENTER)
@require_http_methods(["GET", "POST"])
@refusing()
def statistic_new(request: HttpRequest) -> HttpResponse:
    """Type a figure with its source."""
    if request.method == "GET":
        given = {name: request.GET[name] for name in ("measure", "unit", "as_of") if name in request.GET}
        return _form_page(request, _form(request, initial=given))
    form = _form(request, request.POST)
    try:
        row, new = enter_statistic(by=request.user, typed=form.typed(language()))
    except Invalid as error:
        _tell(form, error)
        return _form_page(request, form, status=422)
    if new:
        messages.success(request, _("Đã ghi số liệu kèm nguồn."))
    else:
        messages.info(request, _("Số liệu này đã được ghi từ trước, không ghi thêm lần nữa."))
    return redirect(link("statistics", unit=row.area.uid, year=row.as_of.year))


@require(ENTER)
@require_http_methods(["GET", "POST"])
@refusing(ObservedStatistic.DoesNotExist)
def statistic_correct(request: HttpRequest, statistic_id: int) -> HttpResponse:
    """Put a figure right: the wrong one ends with its reason, the right one succeeds it."""
    found = _changeable(request, statistic_id)
    row = found.row
    if request.method == "GET":
        if row.ended_at is not None:
            return _stale(request, row.pk, _("Số liệu này đã được sửa hoặc rút ở cửa sổ khác: hãy xem số đang có."))
        return _form_page(request, _form(request, initial=_typed(row), correcting=True), found)
    form = _form(request, request.POST, correcting=True)
    typed = form.typed(language(), measure=row.measure, unit=row.area.uid)

    def act() -> HttpResponse:
        reason = request.POST.get("reason", "")
        new = correct_statistic(by=request.user, statistic_id=row.pk, typed=typed, reason=reason)
        messages.success(request, _("Đã ghi số đúng; số cũ vẫn xem được và không còn được tính."))
        return redirect("statistic", statistic_id=new.pk)

    return _acted(request, form, row.pk, act, lambda: _form_page(request, form, found, status=422))


@require(ENTER)
@require_http_methods(["GET", "POST"])
@refusing(ObservedStatistic.DoesNotExist)
def statistic_withdraw(request: HttpRequest, statistic_id: int) -> HttpResponse:
    """Withdraw a figure that should never have been entered."""
    found = _changeable(request, statistic_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def page(status: int = 200) -> HttpResponse:
        context = _context(request, found) | {"form": form}
        return render(request, "programmes/statistic_withdraw.html", context, status=status)

    if request.method == "GET":
        return page()

    def act() -> HttpResponse:
        withdraw_statistic(by=request.user, statistic_id=statistic_id, reason=request.POST.get("reason", ""))
        messages.success(request, _("Đã rút số liệu; số liệu vẫn xem được và không còn được tính."))
        return redirect("statistic", statistic_id=statistic_id)

    return _acted(request, form, statistic_id, act, lambda: page(422))


def _changeable(request: HttpRequest, statistic_id: int) -> StatisticPage:
    """Return a figure that the account may change: 404 when it does not see it, 403 when it may not."""
    scope = scope_of(request.user)
    found = statistic_page(scope, statistic_id)
    if not may_for(scope, ENTER, own_unit(found.row.area)):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    return found


def _acted(
    request: HttpRequest, form: Any, pk: int, act: Callable[[], HttpResponse], again: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do what was asked; faults stand at their fields, and whoever comes second is told."""
    try:
        return act()
    except Invalid as error:
        _tell(form, error)
        return again()
    except Stale as error:
        return _stale(request, pk, str(error))


def _stale(request: HttpRequest, pk: int, message: str) -> HttpResponse:
    messages.error(request, message)
    return redirect("statistic", statistic_id=pk)


def _tell(form: Any, error: Invalid) -> None:
    """Put every fault at its field; what the form could not read has its own fault already."""
    form.is_valid()
    at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))


def _form(request: HttpRequest, *data: Any, correcting: bool = False, **more: Any) -> StatisticForm:
    scope = scope_of(request.user)
    kinds = (COMMUNES, AREA) if may_for(scope, ENTER, None) else (COMMUNES,)
    named = {one.code: str(one.label) for kind in kinds for one in typed_measures(kind)}
    units = unit_choices(units_for(scope, ENTER), timezone.localdate())
    return StatisticForm(*data, measures=list(named.items()), units=units, correcting=correcting, **more)


def _typed(row: ObservedStatistic) -> dict[str, Any]:
    """A figure as its form was filled in."""
    return {
        "as_of": row.as_of,
        "value": "" if row.value is None else format_decimal(row.value, language()),
        "numerator": "" if row.numerator is None else str(row.numerator),
        "denominator": "" if row.denominator is None else str(row.denominator),
        "printed": row.printed_vi,
        "source": row.source,
        "provenance": row.provenance,
        "note": row.note,
    }


def _form_page(
    request: HttpRequest, form: StatisticForm, found: StatisticPage | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "wrong": status != 200}
    context |= _context(request, found) if found else {}
    return render(request, "programmes/statistic_form.html", context, status=status)


def _context(request: HttpRequest, found: StatisticPage) -> dict[str, Any]:
    may = may_for(scope_of(request.user), ENTER, own_unit(found.row.area))
    return {"view": statistic_view(found), "record": found.row, "may_enter": may}
