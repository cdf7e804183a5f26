"""`/difficulties/`: the list and its file, an entry, what is done with it, and the section of a commune's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.exports import XLSX, download
from mongcai_portal.common.templatetags.portal import localname, time_vi
from mongcai_portal.common.views.doors import at_fields, refusing, too_many
from programmes.forms.difficulties import FilterForm, MoveForm
from programmes.models import Difficulty, DifficultyProposal
from programmes.presenters import difficulties as look
from programmes.presenters.programme_words import local
from programmes.presenters.tasks import status_chip as task_chip
from programmes.rules import difficulties as rules
from programmes.selectors.difficulties import (
    TOWN,
    DifficultyFilter,
    choices_of,
    difficulty_counts,
    difficulty_list,
    difficulty_page,
    unit_difficulties,
)
from programmes.services import difficulties as services
from programmes.services.difficulties.guard import may_write
from programmes.services.difficulties.writing import may_begin
from programmes.services.tasks.guard import may_assign

LINES = 50
MOST_EXPORTED = 5_000
VIEW = Permission.DIFFICULTIES_VIEW
refusals = refusing(Difficulty.DoesNotExist)


@require(VIEW)
@require_GET
def difficulties(request: HttpRequest) -> HttpResponse:
    """Show the entries that the reader sees, narrowed as asked."""
    scope = scope_of(request.user)
    wanted = FilterForm(request.GET).wanted()
    counts, choices = difficulty_counts(scope, wanted), choices_of(scope)
    page = Paginator(difficulty_list(scope, wanted), LINES).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "filtered": wanted != DifficultyFilter(),
        "counts": counts,
        "statuses": look.status_choices(counts),
        "filters": _filters(wanted, choices),
        "may_write": may_begin(scope),
        "page_obj": page,
        "cards": [look.card(row) for row in page.object_list],
    }
    return render(request, "programmes/difficulty_list.html", context)


def _filters(wanted: DifficultyFilter, choices: Any) -> list[tuple[str, str, str, str, list[tuple[str, str]]]]:
    """The filters as (name, label, word for all, value, choices)."""
    units = [(TOWN, _("Cả địa bàn")), *look.place_choices(choices.units)]
    periods = [(code, look.period_label(code)) for code in choices.periods]
    return [
        ("programme", pgettext("difficulty", "Chương trình"), _("Mọi chương trình"), wanted.programme,
         [(one.code, local(one, "short")) for one in choices.programmes]),
        ("unit", _("Xã, phường"), _("Mọi địa bàn"), wanted.unit, units),
        ("kind", _("Loại nội dung"), pgettext("difficulty", "Mọi loại"), wanted.kind,
         [(code, str(label)) for code, label in Difficulty.Kind.choices]),
        ("period", _("Kỳ báo cáo"), _("Mọi kỳ"), wanted.period, periods),
        ("office", _("Phòng ban theo dõi"), _("Mọi phòng ban"), wanted.office,
         [(one.code, localname(one)) for one in choices.offices]),
        ("addressee", pgettext("difficulty", "Kiến nghị với"), pgettext("difficulty", "Mọi cấp"), wanted.addressee,
         [(code, str(label)) for code, label in DifficultyProposal.Addressee.choices]),
    ]  # fmt: skip


@require(VIEW)
@require_GET
def difficulty_export(request: HttpRequest) -> HttpResponse:
    """Hand out the list, narrowed as it is on the page, as a workbook."""
    scope, now = scope_of(request.user), timezone.now()
    wanted = FilterForm(request.GET).wanted()
    rows = list(difficulty_list(scope, wanted)[: MOST_EXPORTED + 1])
    if len(rows) > MOST_EXPORTED:
        return too_many(request, "difficulty_list", MOST_EXPORTED)
    cards = [look.card(row) for row in rows]
    lines = [_("Lập lúc %(time)s, theo phạm vi của %(who)s") % {"time": time_vi(now), "who": request.user}]
    lines += _asked(wanted, _filters(wanted, choices_of(scope)))
    tables = look.difficulty_tables(cards, lines=lines)
    return download(XLSX, *tables, name=f"ton-tai-kien-nghi-{timezone.localdate(now).isoformat()}")


def _asked(wanted: DifficultyFilter, filters: list[Any]) -> list[str]:
    """What a file was narrowed to, in words."""
    said = [(label, dict(offered).get(value, value)) for _name, label, _all, value, offered in filters]
    said.append((_("Trạng thái"), str(Difficulty.Status(wanted.status).label) if wanted.status else ""))
    said.append((_("Tìm"), wanted.q))
    return [f"{label}: {text}" for label, text in said if text]


@require(VIEW)
@require_GET
@refusals
def difficulty(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    """Show an entry with its causes, proposals, tasks and history."""
    return _page(request, difficulty_id)


def _page(
    request: HttpRequest, difficulty_id: int, *, move: str = "", form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    scope = scope_of(request.user)
    found = difficulty_page(scope, difficulty_id)
    here = found.difficulty
    names = rules.moves_of(here.status, writes=may_write(request.user, here))
    context: dict[str, Any] = {
        "card": look.card(here),
        "difficulty": here,
        "entries": look.entry_views(found.entries),
        "tasks": [(one, localname(one, "title"), localname(one.owner), task_chip(one.status)) for one in found.tasks],
        "moves": _move_forms(names, move, form),
        "may_change": rules.CHANGE in names,
        "may_assign": may_assign(scope) and here.status != rules.WITHDRAWN,
        "tried": move,
        # What was typed for a move that another window left no room for is still there to be copied.
        "typed": form["text"].value() if form is not None and move not in names else "",
    }
    return render(request, "programmes/difficulty.html", context, status=status)


def _move_forms(names: Sequence[str], tried: str, form: MoveForm | None) -> list[tuple[look.MoveView, MoveForm]]:
    """The moves that may be taken with their forms; the one that was tried keeps what was typed and its faults."""
    return [
        (one, form if form is not None and one.name == tried else MoveForm(move=one.name))
        for one in look.move_views(names)
    ]


@require(VIEW)
@require_POST
@refusals
def difficulty_move(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    """Settle, withdraw or reopen an entry: `move` names what, `lock` is the version that the window saw."""
    name = request.POST.get("move", "")
    form = MoveForm(request.POST, move=name)
    readable = form.is_valid()
    data = form.cleaned_data
    given: dict[str, Any] = {
        "by": request.user,
        "difficulty_id": difficulty_id,
        "text": data.get("text", ""),
        "lock": asked_lock(request),
    }
    acts = {
        rules.RESOLVE: (
            lambda: services.resolve_difficulty(**given, resolved_on=data.get("resolved_on")),
            _("Đã ghi kết quả giải quyết."),
        ),
        rules.WITHDRAW: (lambda: services.withdraw_difficulty(**given), _("Đã rút nội dung.")),
        rules.REOPEN: (lambda: services.reopen_difficulty(**given), _("Đã mở lại nội dung.")),
    }
    if name not in acts:
        # A foreign entry is not there, whatever is asked of it.
        difficulty_page(scope_of(request.user), difficulty_id)
        messages.error(request, _("Không có lựa chọn này."))
        return redirect("difficulty", difficulty_id=difficulty_id)
    act, told = acts[name]
    try:
        act()
    except Stale as error:
        messages.error(request, str(error))
        return _page(request, difficulty_id, move=name, form=form, status=409)
    except Invalid as error:
        # A day that could not be read gets no second fault for being missing.
        kept = error.faults if readable else [one for one in error.faults if one.pointer != "/resolved_on"]
        at_fields(form, Invalid(kept))
        return _page(request, difficulty_id, move=name, form=form, status=422)
    messages.success(request, told)
    return redirect("difficulty", difficulty_id=difficulty_id)


def asked_lock(request: HttpRequest) -> int | None:
    """Return the version that a window saw; None when it names none."""
    text = request.POST.get("lock", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def unit_section(request: HttpRequest, *, unit: Unit, day: date) -> Any:
    """Entries on the page of a commune: those of today, as with tasks; None where there are none."""
    found = unit_difficulties(scope_of(request.user), unit.pk)
    return look.unit_view(found, unit.uid) if found is not None else None
