"""`/criteria/norms/`: which levels are still to be found or compared, and entering one with its decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communes.scope import scope_of
from indicators.forms.locks import read_lock
from indicators.forms.norms import NormForm, QueueFilterForm
from indicators.models import CriteriaSet, IndicatorVersion, NormDocument
from indicators.presenters.norm_entry import choices_of, draft_view, effect_view, held_lines
from indicators.presenters.norm_queue import queue_groups
from indicators.presenters.norm_words import set_by_text
from indicators.presenters.words import language
from indicators.selectors.criteria_document import recent_documents
from indicators.selectors.norm_effects import norm_effect
from indicators.selectors.norm_queue import norm_queue
from indicators.selectors.norm_target import NormTarget, norm_target
from indicators.services.norm_documents import keep_scan, usable_document
from indicators.services.norm_reading import NormDraft, read_norm
from indicators.services.norms import changed_meanwhile, enter_norm, seen_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.files import serve_file


@require(Permission.CRITERIA_VIEW)
@require_GET
def norm_queue_page(request: HttpRequest) -> HttpResponse:
    """The levels that are unverified or missing, with how many results of the reader's units rest on each."""
    wanted = QueueFilterForm(request.GET).wanted()
    queue = norm_queue(scope=scope_of(request.user), wanted=wanted)
    context = {
        "queue": queue,
        "groups": queue_groups(queue),
        "wanted": wanted,
        "total": sum(queue.counts.values()),
        "filtered": bool(wanted.criteria_set or wanted.office or wanted.kind),
        "may_enter": request.user.has_perm(Permission.NORMS_ENTER),
    }
    return render(request, "indicators/norm_queue.html", context)


@require(Permission.NORMS_ENTER)
@require_http_methods(["GET", "POST"])
def norm_enter(request: HttpRequest, version_id: int) -> HttpResponse:
    """Enter a level: typed and checked, then shown with whom it concerns, then stored."""
    try:
        target = norm_target(version_id, (request.POST or request.GET).get("part", ""))
    except IndicatorVersion.DoesNotExist as error:
        raise Http404 from error
    if request.method == "GET":
        return _form_page(request, target, _form(target, initial=_asked(request, target)), None)
    action = request.POST.get("action")
    if action == "confirm" and request.POST.get("seen", "") != seen_of(target):
        return _told(request, target, str(changed_meanwhile()))
    form, document, draft = _read(request, target)
    if draft is None:
        return _form_page(request, target, form, document, status=422)
    if action == "edit":
        return _form_page(request, target, form, document)
    if action != "confirm":
        return _preview_page(request, target, form, draft)
    try:
        norm = enter_norm(by=request.user, draft=draft, seen=request.POST.get("seen", ""))
    except Stale as error:
        return _told(request, target, str(error))
    messages.success(
        request,
        _("Đã ghi mức của chỉ tiêu %(code)s theo %(decision)s. Kết quả liên quan đang được tính lại.")
        % {"code": target.version.indicator.code, "decision": norm.decision},
    )
    return redirect("norm_queue")


def _read(request: HttpRequest, target: NormTarget) -> tuple[NormForm, NormDocument | None, NormDraft | None]:
    """Read what was posted: the form with its faults beside the fields, the scan that was kept, the checked norm."""
    faults: tuple[Fault, ...] = ()
    document = usable_document(by=request.user, document_id=_document_id(request))
    if "scan" in request.FILES:
        try:
            document = keep_scan(by=request.user, file=request.FILES["scan"])
        except Invalid as error:
            document, faults = None, error.faults
    form = _form(target, data=request.POST)
    typed = form.typed(document=document.pk if document else None, language=request.POST.get("language", language()))
    try:
        return form, document, read_norm(by=request.user, target=target, typed=typed, faults=faults)
    except Invalid as error:
        named: dict[str, list[str]] = {}
        for fault in error.faults:
            named.setdefault(fault.pointer.strip("/"), []).append(str(fault.message))
        form.show(named)
        return form, document, None


def _told(request: HttpRequest, target: NormTarget, problem: str) -> HttpResponse:
    """409: another window was first; what was typed is held against how things stand now."""
    target = norm_target(target.version.pk, target.part)
    form, document, draft = _read(request, target)
    if draft is None:
        return _form_page(request, target, form, document, problem=problem, status=409)
    return _preview_page(request, target, form, draft, problem=problem, status=409)


def _asked(request: HttpRequest, target: NormTarget) -> dict[str, str]:
    """What the queue already knows of the level."""
    region, year = request.GET.get("region", ""), request.GET.get("year", "")
    initial = {
        "region": region if region in target.regions else "",
        "year": year if year in {str(y) for y in target.years} else "",
    }
    if target.asked.value_type == "boolean":
        initial["value"] = "true"
    return initial


def _document_id(request: HttpRequest) -> int | None:
    found = read_lock(request.POST.get("document", ""))
    return found if found is not None and found > 0 else None


def _form(target: NormTarget, **given: Any) -> NormForm:
    number = target.asked.value_type in ("percent", "number")
    return NormForm(choices=choices_of(target), number=number, **given)


def _sets() -> dict[str, CriteriaSet]:
    return {one.code: one for one in CriteriaSet.objects.select_related("level")}


def _context(target: NormTarget) -> dict[str, Any]:
    indicator = target.version.indicator
    return {
        "target": target,
        "indicator": indicator,
        "criterion": indicator.criterion,
        "set": target.criteria_set,
        "set_by": set_by_text(indicator.level_set_by),
        "language": language(),
    }


def _form_page(
    request: HttpRequest,
    target: NormTarget,
    form: NormForm,
    document: NormDocument | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _context(target) | {
        "form": form,
        "held": held_lines(target, _sets()),
        "document": document,
        "documents": recent_documents(),
        "problem": problem,
    }
    return render(request, "indicators/norm_form.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    target: NormTarget,
    form: NormForm,
    draft: NormDraft,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _context(target) | {
        "draft": draft,
        "new": draft_view(draft, _sets()),
        "effect": effect_view(norm_effect(target.version, draft.spec)),
        "typed": [(name, str(form.data.get(name, ""))) for name in form.fields if name != "scan"],
        "document": draft.document,
        "seen": seen_of(target),
        "problem": problem,
    }
    return render(request, "indicators/norm_preview.html", context, status=status)


@require(Permission.CRITERIA_VIEW)
@require_GET
def norm_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The scan of a decision behind a level; one that is not behind any, to whoever sent it."""
    found = usable_document(by=request.user, document_id=document_id)
    if found is None:
        raise Http404
    return serve_file(found, inline=True)
