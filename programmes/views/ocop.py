"""`/ocop/`: the register of products on a day, as a file, and one product with everything about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from communes.scope import Scope, scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.exports import UnknownFormat, download
from mongcai_portal.common.files import serve_file, serve_thumbnail
from mongcai_portal.common.templatetags.portal import localname
from mongcai_portal.common.views.asked import asked_day
from mongcai_portal.common.views.doors import refusing
from programmes.forms.ocop import OcopFilterForm
from programmes.models import OcopAssessment, OcopDecisionScan, OcopNotice, OcopPhoto, OcopProduct, OcopRecognition
from programmes.presenters.ocop import (
    product_context,
    product_line,
    register_table,
    stars_choices,
    state_choices,
)
from programmes.presenters.ocop_map import count_map
from programmes.presenters.ocop_words import left_text
from programmes.selectors.ocop import PAGE, OcopFilter, register_on
from programmes.selectors.ocop_notices import own_notices
from programmes.selectors.ocop_pages import may_for, photo_seen, product_page, scan_seen
from programmes.services.ocop import add_photos, dismiss, remove_photo

refusals = refusing(
    OcopProduct.DoesNotExist, OcopAssessment.DoesNotExist, OcopRecognition.DoesNotExist, OcopPhoto.DoesNotExist,
    OcopNotice.DoesNotExist, OcopDecisionScan.DoesNotExist,
)  # fmt: skip


def day_of(request: HttpRequest) -> date:
    """The day of `?as_of=`; today when it is not given or cannot be read."""
    return asked_day(request)[0] or timezone.localdate()


@require(Permission.OCOP_VIEW)
@require_GET
def ocop_list(request: HttpRequest) -> HttpResponse:
    """Show the products of a day: who lives on a recognition, until when, and where."""
    scope, day = scope_of(request.user), day_of(request)
    wanted = OcopFilterForm(request.GET).wanted()
    found = register_on(scope, day, wanted)
    pages = Paginator(found.rows, PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "day": day,
        "days": (day,),
        "today": day == timezone.localdate(),
        "unreadable": not asked_day(request)[1],
        "counts": found.counts,
        "stars": list(found.counts.by_stars.items()),
        "lines": [product_line(row, day) for row in page.object_list],
        "page_obj": page,
        "total": pages.count,
        "wanted": wanted,
        "filtered": wanted != OcopFilter(),
        "map": count_map(found.units, found.by_unit, day) if scope.all_units else None,
        "units": [(one.unit.uid, localname(one)) for one in found.units],
        "groups": [(one.code, localname(one)) for one in found.groups],
        "states": state_choices(),
        "star_choices": stars_choices(),
        "notices": [(row, left_text(row.recognition.expires_on)) for row in own_notices(request.user, day_today())],
        "may_edit": Permission.OCOP_EDIT in scope.permissions,
    }
    return render(request, "programmes/ocop_list.html", context)


def day_today() -> date:
    """Reminders speak of today, whichever day the list is of."""
    return timezone.localdate()


@require(Permission.OCOP_VIEW)
@require_GET
def ocop_export(request: HttpRequest, format: str) -> HttpResponse:  # noqa: A002
    """The list as a file, with the same day, filters and scope as on the page."""
    scope, day = scope_of(request.user), day_of(request)
    wanted = OcopFilterForm(request.GET).wanted()
    table = register_table(register_on(scope, day, wanted), filtered=wanted != OcopFilter())
    try:
        return download(format, table, name=f"ocop-{day.isoformat()}")
    except UnknownFormat as error:
        raise Http404 from error


@require(Permission.OCOP_VIEW)
@require_GET
@refusals
def ocop_product(request: HttpRequest, product_id: int) -> HttpResponse:
    """Show one product: its certificate, photos, assessments and what was done about it."""
    return _product(request, product_id)


def _product(request: HttpRequest, product_id: int, *, faults: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    scope = scope_of(request.user)
    page = product_page(scope, product_id, day_of(request))
    context = product_context(page) | may_do(scope, page.row.product) | {"photo_faults": faults, "days": (page.day,)}
    return render(request, "programmes/ocop_product.html", context, status=status)


def may_do(scope: Scope, product: OcopProduct) -> dict[str, Any]:
    """What the reader may do about a product."""
    return {
        name: may_for(scope, product, permission)
        for name, permission in (
            ("may_edit", Permission.OCOP_EDIT),
            ("may_assess", Permission.OCOP_ASSESS),
            ("may_approve", Permission.OCOP_APPROVE),
            ("may_recognise", Permission.OCOP_RECOGNISE),
        )
    }


@require(Permission.OCOP_EDIT)
@require_POST
@refusals
def ocop_photos(request: HttpRequest, product_id: int) -> HttpResponse:
    """Add photos (`photos`), or take one away (`remove`)."""
    if "remove" in request.POST:
        given = request.POST["remove"]
        known = given.isascii() and given.isdigit() and len(given) < 19
        row = remove_photo(by=request.user, product_id=product_id, photo_id=int(given) if known else 0)
        messages.success(
            request, _("Đã bỏ “%(name)s”.") % {"name": row.name} if row else _("Ảnh này đã được bỏ trước đó.")
        )
        return redirect("ocop_product", product_id=product_id)
    try:
        added = add_photos(by=request.user, product_id=product_id, files=request.FILES.getlist("photos"))
    except Invalid as error:
        return _product(request, product_id, faults=tuple(fault.message for fault in error.faults), status=422)
    n = len(added)
    said = ngettext("Đã thêm %(n)s ảnh.", "Đã thêm %(n)s ảnh.", n) % {"n": n} if n else _("Sản phẩm đã có ảnh này.")
    messages.success(request, said)
    return redirect("ocop_product", product_id=product_id)


@require(Permission.OCOP_VIEW)
@require_GET
@refusals
def ocop_photo(request: HttpRequest, product_id: int, photo_id: int) -> FileResponse:
    """A photo, shown within a page, or with `?download` to be kept."""
    row = photo_seen(scope_of(request.user), product_id, photo_id)
    return serve_file(row, inline="download" not in request.GET)


@require(Permission.OCOP_VIEW)
@require_GET
@refusals
def ocop_thumbnail(request: HttpRequest, product_id: int, photo_id: int) -> HttpResponseBase:
    """The small picture of a photo."""
    row = photo_seen(scope_of(request.user), product_id, photo_id)
    return serve_thumbnail(row, row.thumbnail)


@require(Permission.OCOP_VIEW)
@require_GET
@refusals
def ocop_scan_file(request: HttpRequest, certificate_id: int) -> FileResponse:
    """The paper of a recognition, shown where a browser can, or with `?download` to be kept."""
    row = scan_seen(scope_of(request.user), certificate_id)
    return serve_file(row, inline="download" not in request.GET)


@require(Permission.OCOP_VIEW)
@require_POST
@refusals
def ocop_notice_dismiss(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Put an own reminder aside."""
    dismiss(by=request.user, notice_id=notice_id)
    return redirect("ocop_list")
