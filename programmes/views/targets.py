"""`/targets/`: plan against actual per programme and commune; a plan, its revisions, and the forms of who plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.asked import asked_day
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.figures import ReasonForm, TargetForm
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.words import language
from programmes.models import Target
from programmes.presenters.entries import unit_choices
from programmes.presenters.targets import (
    measure_choices,
    plan_line,
    plans_view,
    programme_choices,
    state_choices,
    target_view,
)
from programmes.presenters.text import name_of
from programmes.selectors.entries import KINDS, groups_of, units_for
from programmes.selectors.measures import measure_in
from programmes.selectors.overview import default_day
from programmes.selectors.reporting import reporting
from programmes.selectors.targets import (
    STATES,
    PlanFilter,
    TargetPage,
    area_rows,
    plan_rows,
    planned_measures,
    target_page,
    years_planned,
)
from programmes.selectors.world import load_world, refuse_foreign
from programmes.services.targets import revise_target, set_target, withdraw_target

PLAN = Permission.TARGETS_PLAN


def _world(request: HttpRequest, unit: str) -> tuple[World, Any, bool]:
    """Load the world of the day asked for; without one, of the newest with data."""
    day, readable = asked_day(request)
    known, scope = reporting(), scope_of(request.user)
    day = day or default_day(known, timezone.localdate())
    try:
        world = load_world(day, unit, known=known, seen=seen_by(scope))
        refuse_foreign(world.area.uid, world.in_area, scope)
    except Unit.DoesNotExist as error:
        raise Http404 from error
    return world, known, readable


@require(Permission.MEASURES_VIEW)
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """Every target of the area and its communes on a day, by programme, with what is reached."""
    scope, uid = scope_of(request.user), request.GET.get("unit") or HOME_AREA
    world, known, readable = _world(request, uid)
    every, wanted = plan_rows(world, scope), _wanted(request)
    found = [row for row in every if wanted.takes(row)]
    # Of a commune, those beside it under the same roof.
    roof = world.area.parent_id
    near = [p for p in world.places.values() if (p.id in world.in_area if uid == HOME_AREA else p.parent_id == roof)]
    communes = [p for p in near if p.kind in KINDS and scope.sees_unit(p.id)]
    context = {
        "view": plans_view(found, world),
        "world": world,
        "days": known.days_with_data,
        "unreadable": not readable,
        "wanted": wanted,
        "filtered": wanted != PlanFilter(),
        "area": name_of(world.area),
        "uid": uid,
        "home": HOME_AREA,
        "home_name": name_of(next((p for p in world.places.values() if p.uid == HOME_AREA), world.area)),
        "units": [(p.uid, name_of(p)) for p in sorted(communes, key=lambda p: p.sort_key)],
        "programmes": programme_choices(),
        "years": years_planned(every),
        "states": state_choices(),
        "may_plan": scope.units_with(PLAN) is None,
        "csv_url": link("api-target-list", as_of=world.as_of, unit=uid if uid != HOME_AREA else "", format="xlsx"),
    }
    return render(request, "programmes/targets.html", context)


def _wanted(request: HttpRequest) -> PlanFilter:
    """What is asked for; a value that does not exist asks for everything."""
    programme, year = request.GET.get("programme", ""), request.GET.get("year", "")
    status = request.GET.get("status", "")
    return PlanFilter(
        programme=programme if programme in dict(programme_choices()) else "",
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        status=status if status in STATES else "",
    )


@require(Permission.MEASURES_VIEW)
@require_GET
@refusing(Target.DoesNotExist)
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    """One plan with what is reached on the day, and every version of it."""
    scope = scope_of(request.user)
    found = target_page(scope, target_id)
    return render(request, "programmes/target.html", _context(request, found) | _standing(request, found))


def _standing(request: HttpRequest, found: TargetPage) -> dict[str, Any]:
    """How a plan that counts stands on the day; nothing where the day's map does not have its unit."""
    if found.row.ended_at is not None:
        return {"line": None}
    try:
        world, known, _readable = _world(request, found.row.area.uid)
    except Http404:
        return {"line": None}
    rows = area_rows(world)
    line = next((plan_line(row, world) for row in rows if row.target.id == found.row.pk), None)
    return {"line": line, "world": world, "days": known.days_with_data}


@require(PLAN)
@require_http_methods(["GET", "POST"])
@refusing()
def target_new(request: HttpRequest) -> HttpResponse:
    """Plan a measure for a year."""
    if request.method == "GET":
        return _form_page(request, _form(request, initial=_begun(request)))
    form = _form(request, request.POST)
    try:
        row, new = set_target(by=request.user, typed=form.typed(language()))
    except Invalid as error:
        _tell(form, error)
        return _form_page(request, form, status=422)
    if new:
        messages.success(request, _("Đã đặt chỉ tiêu."))
    else:
        messages.info(request, _("Chỉ tiêu này đã được đặt từ trước, không đặt thêm lần nữa."))
    return redirect("target", target_id=row.pk)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the page that led here knows: the measure and its unit, and where a plan would start from."""
    given = {name: request.GET[name] for name in ("measure", "unit", "group", "year") if name in request.GET}
    given.setdefault("unit", HOME_AREA)
    if "measure" not in given:
        return given
    try:
        world, _known, _readable = _world(request, given["unit"])
        world = world.over(given.get("group") or None)
        value = measure_in(world, given["measure"]).calculate(world, measure_in(world, given["measure"]))
    except (Http404, LookupError):
        return given
    if value.value is None:
        return given
    source = value.observed.source if value.observed and not value.is_gathered else ""
    start = {
        "baseline_value": format_decimal(value.value, language()),
        "baseline_on": value.own_day or world.as_of,
        "baseline_source": source,
        "unit_code": value.unit,
    }
    return start | given


@require(PLAN)
@require_http_methods(["GET", "POST"])
@refusing(Target.DoesNotExist)
def target_revise(request: HttpRequest, target_id: int) -> HttpResponse:
    """Plan anew, with the reason: the old plan stays readable."""
    found = _changeable(request, target_id)
    row = found.row
    if request.method == "GET":
        if row.ended_at is not None:
            return _stale(request, row.pk, _("Chỉ tiêu này đã được điều chỉnh hoặc bỏ: hãy xem chỉ tiêu đang có."))
        return _form_page(request, _form(request, initial=_typed(row), revising=True), found)
    form = _form(request, request.POST, revising=True)
    typed = form.typed(language())

    def act() -> HttpResponse:
        reason = request.POST.get("reason", "")
        new = revise_target(by=request.user, target_id=row.pk, typed=typed, reason=reason)
        messages.success(request, _("Đã điều chỉnh chỉ tiêu; chỉ tiêu cũ vẫn xem được."))
        return redirect("target", target_id=new.pk)

    return _acted(request, form, row.pk, act, lambda: _form_page(request, form, found, status=422))


@require(PLAN)
@require_http_methods(["GET", "POST"])
@refusing(Target.DoesNotExist)
def target_withdraw(request: HttpRequest, target_id: int) -> HttpResponse:
    """Withdraw a plan, with the reason."""
    found = _changeable(request, target_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def page(status: int = 200) -> HttpResponse:
        context = _context(request, found) | {"form": form}
        return render(request, "programmes/target_withdraw.html", context, status=status)

    if request.method == "GET":
        return page()

    def act() -> HttpResponse:
        withdraw_target(by=request.user, target_id=target_id, reason=request.POST.get("reason", ""))
        messages.success(request, _("Đã bỏ chỉ tiêu; chỉ tiêu vẫn xem được và không còn được tính."))
        return redirect("target", target_id=target_id)

    return _acted(request, form, target_id, act, lambda: page(422))


def _changeable(request: HttpRequest, target_id: int) -> TargetPage:
    """Return a plan that the account may change: 404 when it does not see it, 403 when it may not."""
    scope = scope_of(request.user)
    found = target_page(scope, target_id)
    if scope.units_with(PLAN) is not None:
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
    return redirect("target", target_id=pk)


def _tell(form: Any, error: Invalid) -> None:
    """Put every fault at its field; what the form could not read has its own fault already."""
    form.is_valid()
    at_fields(form, Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors]))


def _form(request: HttpRequest, *data: Any, revising: bool = False, **more: Any) -> TargetForm:
    today = timezone.localdate()
    return TargetForm(
        *data,
        measures=measure_choices(planned_measures()),
        units=unit_choices(units_for(scope_of(request.user), PLAN), today),
        groups=[(one.code, localname(one)) for one in groups_of(today)],
        revising=revising,
        **more,
    )


def _typed(row: Target) -> dict[str, Any]:
    """A plan as its form was filled in."""
    return {
        "value": format_decimal(row.value, language()),
        "baseline_value": format_decimal(row.baseline_value, language()),
        "baseline_on": row.baseline_on,
        "baseline_source": row.baseline_source,
        "source": row.source,
        "provenance": row.provenance,
        "note": row.note,
    }


def _form_page(
    request: HttpRequest, form: TargetForm, found: TargetPage | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "wrong": status != 200}
    context |= _context(request, found) if found else {}
    return render(request, "programmes/target_form.html", context, status=status)


def _context(request: HttpRequest, found: TargetPage) -> dict[str, Any]:
    may = scope_of(request.user).units_with(PLAN) is None
    return {"view": target_view(found), "record": found.row, "may_plan": may}
