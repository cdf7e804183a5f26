"""`/programmes/lines/` and the rules of conversion: lines of money, what moves them, and new ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.exports import MEDIA_TYPES, download
from mongcai_portal.common.views.asked import asked_day
from mongcai_portal.common.views.doors import at_fields, refusing
from programmes.forms.budget import ConversionForm, LinesFilterForm, MoveForm, NewLineForm, TagsForm
from programmes.models import BudgetLine
from programmes.presenters.budget_lines import form_choices, line_row, line_view, lines_table, rule_row
from programmes.presenters.programme_words import local
from programmes.selectors.budget import Asked, years_with_money
from programmes.selectors.budget_lines import (
    LinePage,
    choices,
    conversion_rules,
    line_cards,
    line_page,
    ordered_lines,
)
from programmes.services import budget as services
from programmes.services.budget import Move, NewLine

VIEW, EDIT = Permission.PROGRAMMES_VIEW, Permission.BUDGET_EDIT
PER_PAGE, CHUNK = 50, 500
refusals = refusing(BudgetLine.DoesNotExist)


@require(VIEW)
@require_GET
def budget_lines(request: HttpRequest) -> HttpResponse:
    """List lines, narrowed by programme, component, unit, source and year; as a file with `?format=`."""
    scope, today = scope_of(request.user), timezone.localdate()
    day, readable = asked_day(request)
    form = LinesFilterForm(request.GET)
    form.is_valid()
    asked = Asked(
        programme=form.value("programme") or "",
        component=form.value("component") if form.value("programme") else None,
        unit=form.value("unit") or "",
        year=form.value("year"),
        source=form.value("source") or "",
    )
    rows, day = ordered_lines(scope, asked), day or today
    if request.GET.get("format") in MEDIA_TYPES:
        title = _("Dòng vốn")
        every = (card for some in _chunks(rows) for card in line_cards(some, day))
        return download(request.GET["format"], lines_table(every, day, title), name=_("dong-von"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [line_row(card, day) for card in line_cards(list(page), day)],
        "asked": asked,
        "day": day,
        "today": today,
        "choices": form_choices(choices(scope, year=asked.year or today.year)),
        "years": years_with_money(scope),
        "edits": EDIT in scope.permissions,
        "unreadable": not readable,
    }
    return render(request, "programmes/budget_lines.html", context)


def _chunks(rows: Any) -> Iterator[list[BudgetLine]]:
    left = rows.iterator(chunk_size=CHUNK)
    return iter(lambda: list(islice(left, CHUNK)), [])


@require(VIEW)
@require_http_methods(["GET", "POST"])
@refusals
def budget_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Show a line with everything that moved it; plan, allocate, disburse, carry over, or say whom it serves."""
    page = line_page(scope_of(request.user), line_id, timezone.localdate())
    line = page.card.line
    tagging = request.method == "POST" and request.POST.get("act") == "tags"
    moving = request.method == "POST" and not tagging
    initial = {"kind": "disbursed", "on": timezone.localdate(), "lock": line.lock}
    form = MoveForm(request.POST if moving else None, initial=initial, mobilised=line.mobilised)
    tags = _tags_form(request, page, sent=tagging)
    status = 200
    if request.method == "POST":
        try:
            shown = _tag(request, tags, line) if tagging else _move(request, form, line)
        except Invalid as error:
            at_fields(tags if tagging else form, error)
            status = 422
        except Stale as error:
            messages.error(request, str(error))
            status = 409
            # The figures as they are now, with what was typed: sent again it rests on them.
            page = line_page(scope_of(request.user), line_id, timezone.localdate())
            shown_form = tags if tagging else form
            shown_form.data = shown_form.data.copy()
            shown_form.data["lock"] = str(page.card.line.lock)
        else:
            return redirect("budget_line", line_id=shown.pk)
    context = {
        "page": page, "line": page.card.line, "view": line_view(page, timezone.localdate()), "form": form, "tags": tags,
    }  # fmt: skip
    return render(request, "programmes/budget_line.html", context, status=status)


def _tags_form(request: HttpRequest, page: LinePage, *, sent: bool) -> TagsForm:
    given = [(one.code, local(one, "short")) for one in page.programmes]
    initial = {"shared_with": [one.code for one in page.card.serves], "lock": page.card.line.lock}
    return TagsForm(request.POST if sent else None, initial=initial, programmes=given)


def _tag(request: HttpRequest, form: TagsForm, line: BudgetLine) -> BudgetLine:
    form.is_valid()
    done = services.retag(
        by=request.user,
        line_id=line.pk,
        shared_with=request.POST.getlist("shared_with"),
        lock=form.cleaned_data.get("lock", -1),
    )
    messages.success(request, _("Đã ghi các chương trình dùng chung."))
    return done


def _move(request: HttpRequest, form: MoveForm, line: BudgetLine) -> BudgetLine:
    """Write what was typed; faults of the form itself (a day that is none) are named together with the service's."""
    data = _typed(form)
    kind = data.get("kind", "")
    move = Move(kind, data.get("amount", ""), data.get("on"), data.get("document", ""), data.get("reason", ""))
    act = services.carry_over if kind == "carry" else services.enter_move
    try:
        done = act(by=request.user, line_id=line.pk, move=move, lock=data.get("lock", -1))
    except Invalid as error:
        raise _beside(form, error) from error
    if kind == "carry":
        words = {"year": done.year}
        messages.success(request, _("Đã kéo dài sang năm %(year)s: đây là dòng vốn của năm đó.") % words)
    else:
        messages.success(request, _("Đã ghi."))
    return done


def _typed(form: Any) -> dict[str, Any]:
    """Return what could be read; what could not is missing, which the service refuses as well: so all is named."""
    form.is_valid()
    return dict(form.cleaned_data)


def _beside(form: Any, error: Invalid) -> Invalid:
    """Leave out what the form itself has already said of its fields."""
    return Invalid([one for one in error.faults if one.pointer.lstrip("/") not in form.errors])


@require(EDIT)
@require_http_methods(["GET", "POST"])
def budget_line_new(request: HttpRequest) -> HttpResponse:
    """Enter a line with what is planned of it."""
    today = timezone.localdate()
    given = form_choices(choices(scope_of(request.user), year=today.year))
    initial = {"year": today.year, "on": today, "kind": "planned"} | {
        name: request.GET[name] for name in ("component", "unit", "source", "year") if request.GET.get(name)
    }
    form = NewLineForm(request.POST if request.method == "POST" else None, initial=initial, **given)
    if request.method == "POST":
        data = _typed(form)
        programme, _colon, number = data.get("component", "").partition(":")
        line = NewLine(
            programme=programme,
            component=int(number) if number.isascii() and number.isdigit() else None,
            unit=data.get("unit", ""),
            year=data.get("year"),
            source=data.get("source", ""),
            shared_with=request.POST.getlist("shared_with"),
        )
        move = Move(data.get("kind", ""), data.get("amount", ""), data.get("on"), data.get("document", ""))
        try:
            made = services.enter_line(by=request.user, line=line, move=move)
        except Invalid as error:
            _at_line(form, _beside(form, error))
        else:
            messages.success(request, _("Đã ghi dòng vốn."))
            return redirect("budget_line", line_id=made.pk)
    return render(request, "programmes/budget_line_new.html", {"form": form}, status=422 if form.errors else 200)


def _at_line(form: NewLineForm, error: Invalid) -> None:
    """Programme and component are one field of the form."""
    faults = []
    for one in error.faults:
        pointer = "/component" if one.pointer == "/programme" else one.pointer
        faults.append(Fault(pointer, one.code, one.message))
    at_fields(form, Invalid(faults))


@require(VIEW)
@require_http_methods(["GET", "POST"])
@refusing()
def conversion_rules_page(request: HttpRequest) -> HttpResponse:
    """The rules by which labour and land become đồng; the coordination office enters the next one."""
    form = ConversionForm(request.POST if request.method == "POST" else None, initial={"measure": "workday"})
    if request.method == "POST":
        data = _typed(form)
        try:
            services.set_conversion(
                by=request.user, measure=data.get("measure", ""), dong=data.get("dong", ""),
                valid_from=data.get("valid_from"), basis=data.get("basis", ""),
            )  # fmt: skip
        except Invalid as error:
            at_fields(form, _beside(form, error))
        except Stale as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Đã ghi mức quy đổi."))
            return redirect("conversion_rules")
    context = {
        "form": form,
        "rows": [rule_row(one) for one in conversion_rules()],
        "edits": request.user.has_perm(EDIT),
    }
    return render(request, "programmes/conversion_rules.html", context, status=422 if form.errors else 200)
