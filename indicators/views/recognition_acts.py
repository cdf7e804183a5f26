"""Recording a decision, its withdrawal, and putting a wrongly typed record right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communes.scope import scope_of
from indicators.forms.recognition import AnnulmentForm, DecisionForm, WithdrawalForm
from indicators.models import Recognition
from indicators.presenters.register import condition_label, figures_view, record_context, unit_text
from indicators.selectors.register import (
    Figures,
    figures_on,
    has_paper,
    levels,
    record_page,
    record_seen,
    unit_seen,
    units_ever,
)
from indicators.services.decisions import CONDITIONS, annul, correct, decision_faults, record_decision
from indicators.services.recognition import withdraw
from indicators.views.register import day_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.templatetags.portal import localname

ISSUE = Permission.RECOGNITIONS_ISSUE


@require(ISSUE)
@require_http_methods(["GET", "POST"])
def recognition_new(request: HttpRequest) -> HttpResponse:
    """Record a decision from its paper."""
    if request.method == "GET":
        return _decision_page(request, _decision_form(request, initial=dict(request.GET.items())))
    form = _decision_form(request, request.POST, request.FILES)
    form.is_valid()
    scan = request.FILES.get("scan")
    decision = form.decision(unit_seen(scope_of(request.user), request.POST.get("unit", "")))
    try:
        if form.errors:
            raise Invalid(decision_faults(by=request.user, decision=decision, scan=scan))
        row = record_decision(by=request.user, decision=decision, scan=scan)
    except Invalid as error:
        _tell(form, error.faults)
        return _decision_page(request, form, status=422)
    messages.success(request, _("Đã ghi quyết định công nhận."))
    return redirect("recognition", recognition_id=row.pk)


@require(ISSUE)
@require_GET
def recognition_figures(request: HttpRequest) -> HttpResponse:
    """What the figures say of the chosen unit, level and day: the part of the form beside the conditions."""
    form = _decision_form(request, request.GET)
    form.is_valid()
    return render(request, "indicators/_recognition_figures.html", {"figures": _figures(request, form), "asking": True})


@require(ISSUE)
@require_http_methods(["GET", "POST"])
def recognition_correct(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Put a record right: the old one is annulled, a new one succeeds it."""
    row = _seen(request, recognition_id)
    if request.method == "GET":
        return _decision_page(request, _decision_form(request, initial=_typed(row)), row=row)
    form = _decision_form(request, request.POST, request.FILES)
    form.is_valid()
    scan = request.FILES.get("scan")
    decision = form.decision(unit_seen(scope_of(request.user), request.POST.get("unit", "")))
    reason = form.cleaned_data.get("correction_reason", "")
    try:
        if form.errors:
            faults = decision_faults(by=request.user, decision=decision, scan=scan, replaces=row.pk)
            if not reason.strip():
                faults.append(Fault("/correction_reason", "required", _("Ghi lý do: bản ghi sai ở đâu.")))
            raise Invalid(faults)
        new = correct(
            by=request.user,
            recognition_id=row.pk,
            decision=decision,
            reason=reason,
            scan=scan,
            drop_withdrawal=form.cleaned_data.get("drop_withdrawal", False),
        )
    except Invalid as error:
        _tell(form, error.faults)
        return _decision_page(request, form, row=row, status=422)
    except Stale as error:
        return _stale(request, row, error)
    messages.success(request, _("Đã ghi bản ghi đúng; bản ghi cũ vẫn xem được và không còn được tính."))
    return redirect("recognition", recognition_id=new.pk)


@require(ISSUE)
@require_http_methods(["GET", "POST"])
def recognition_withdraw(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Record the withdrawal of a recognition."""
    row = _seen(request, recognition_id)
    form = WithdrawalForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        form.is_valid()
        data = form.cleaned_data
        try:
            if form.errors.get("withdrawn_on"):
                # Nothing is stored without the day; what else is wrong is named beside it.
                data["withdrawn_on"] = None
            withdraw(
                by=request.user,
                recognition_id=row.pk,
                withdrawn_on=data.get("withdrawn_on"),
                decision_number=data.get("decision_number", ""),
                reason=data.get("reason", ""),
                scan=request.FILES.get("scan"),
            )
        except Invalid as error:
            _tell(form, error.faults)
        except Stale as error:
            return _stale(request, row, error)
        else:
            messages.success(request, _("Đã ghi quyết định thu hồi."))
            return redirect("recognition", recognition_id=row.pk)
    return _act_page(request, "indicators/recognition_withdraw.html", row, form)


@require(ISSUE)
@require_http_methods(["GET", "POST"])
def recognition_annul(request: HttpRequest, recognition_id: int) -> HttpResponse:
    """Annul a record that should never have been made."""
    row = _seen(request, recognition_id)
    form = AnnulmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        try:
            annul(by=request.user, recognition_id=row.pk, reason=form.cleaned_data.get("reason", ""))
        except Invalid as error:
            _tell(form, error.faults)
        except Stale as error:
            return _stale(request, row, error)
        else:
            messages.success(request, _("Đã hủy bản ghi; bản ghi vẫn xem được và không còn được tính."))
            return redirect("recognition", recognition_id=row.pk)
    return _act_page(request, "indicators/recognition_annul.html", row, form)


def _seen(request: HttpRequest, recognition_id: int) -> Recognition:
    try:
        return record_seen(scope_of(request.user), recognition_id)
    except Recognition.DoesNotExist as error:
        raise Http404 from error


def _decision_form(request: HttpRequest, *data: Any, initial: dict[str, Any] | None = None) -> DecisionForm:
    return DecisionForm(
        *data,
        initial=initial,
        units=[(v.unit.uid, unit_text(v)) for v in units_ever(scope_of(request.user))],
        levels=[(level.code, localname(level)) for level in levels()],
        labels={name: condition_label(name) for name in CONDITIONS},
    )


def _typed(row: Recognition) -> dict[str, Any]:
    """A record as its form was filled in."""
    names = ("decision_number", "decided_on", "signer", "expires_on", "provenance", "source", "note")
    typed = {name: getattr(row, name) for name in names} | {"unit": row.unit.uid, "level": row.level.code}
    basis = getattr(row, "basis", None)
    if basis is not None:
        typed |= {name: getattr(basis, name) for name in (*CONDITIONS, "difference_reason")}
    return typed


def _figures(request: HttpRequest, form: DecisionForm) -> Any:
    """What the figures say of what is chosen in the form; None while unit, level or day are open."""
    data: dict[str, Any] = form.cleaned_data if form.is_bound else form.initial
    unit = unit_seen(scope_of(request.user), str(data.get("unit") or ""))
    level = next((one for one in levels() if one.code == data.get("level")), None)
    try:
        day = form.fields["decided_on"].to_python(data.get("decided_on"))
    except forms.ValidationError:
        day = None
    if unit is None or level is None or day is None:
        return None
    found: Figures = figures_on(unit.pk, level, day)
    return figures_view(found)


def _decision_page(
    request: HttpRequest, form: DecisionForm, *, row: Recognition | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "conditions": [form[name] for name in CONDITIONS],
        "figures": _figures(request, form),
        "record": row,
        "keeps_scan": row is not None and has_paper(row),
        "wrong": status != 200,
    }
    return render(request, "indicators/recognition_form.html", context, status=status)


def _act_page(request: HttpRequest, template: str, row: Recognition, form: Any) -> HttpResponse:
    page = record_page(scope_of(request.user), row.pk, day_of(request))
    context = record_context(page) | {"form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _stale(request: HttpRequest, row: Recognition, error: Stale) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("recognition", recognition_id=row.pk)


def _tell(form: Any, faults: Any) -> None:
    """Put every fault at its field; a field that could not be read has its own fault already."""
    unreadable = set(form.errors)
    for fault in faults:
        name = fault.pointer.lstrip("/")
        if name not in unreadable:
            form.add_error(name if name in form.fields else None, fault.message)
