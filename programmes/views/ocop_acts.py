"""Everything that is done about OCOP products: registering, assessing, recognising, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communes.scope import scope_of
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.templatetags.portal import date_vi, localname
from mongcai_portal.common.views.doors import at_fields
from programmes.forms.ocop import (
    AnnulmentForm,
    DecisionForm,
    NewProductForm,
    OpenForm,
    ProducerForm,
    ProductForm,
    ScanForm,
    WithdrawalForm,
)
from programmes.models import OcopProduct
from programmes.presenters.ocop import assessment_line
from programmes.presenters.ocop_words import stars_word
from programmes.selectors.ocop_law import authorities_on, groups_on
from programmes.selectors.ocop_pages import (
    assessment_seen,
    own_producers,
    own_units,
    product_seen,
    recognition_seen,
    unit_of,
)
from programmes.services import ocop as services
from programmes.views.ocop import refusals

STALE = 409


@require(Permission.OCOP_EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_new(request: HttpRequest) -> HttpResponse:
    """Register a product, with its producer where that is new."""
    scope = scope_of(request.user)
    units = own_units(scope, Permission.OCOP_EDIT, timezone.localdate())
    form = NewProductForm(
        request.POST if request.method == "POST" else None,
        groups=_groups(),
        units=[(one.unit.uid, localname(one)) for one in units],
        producers=[(str(one.pk), one.name) for one in own_producers(scope, Permission.OCOP_EDIT)],
    )

    def write() -> int:
        unit = unit_of(scope, form.cleaned_data.get("unit", ""))
        made = services.register_product(
            by=request.user, unit=unit, product=form.entry(), producer=form.producer_entry()
        )
        return int(made.pk)

    return _act(
        request,
        form,
        write,
        done=_("Đã ghi sản phẩm vào sổ."),
        template="programmes/ocop_new.html",
        page={"back": reverse("ocop_list")},
    )


@require(Permission.OCOP_EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_edit(request: HttpRequest, product_id: int) -> HttpResponse:
    """Put right what was typed of a product."""
    product = product_seen(scope_of(request.user), product_id)
    names = ("name", "protected_name", "description", "lock")
    initial = {name: getattr(product, name) for name in names} | {"group": product.group.code}
    form = ProductForm(_sent(request), initial=initial, groups=_groups(product))
    return _act(
        request,
        form,
        lambda: (
            services.correct_product(by=request.user, product_id=product.pk, product=form.entry(), lock=form.seen()).pk
        ),
        done=_("Đã lưu thông tin sản phẩm."),
        page=_page(product, _("Sửa thông tin sản phẩm"), _("Lưu"), "device-floppy"),
        again=lambda: {"lock": product_seen(scope_of(request.user), product_id).lock},
    )


@require(Permission.OCOP_EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_producer(request: HttpRequest, product_id: int) -> HttpResponse:
    """Put right what was typed of a product's producer."""
    product = product_seen(scope_of(request.user), product_id)
    form = ProducerForm(
        _sent(request),
        initial={name: getattr(product.producer, name) for name in ("name", "form", "address", "lock")},
    )
    return _act(
        request,
        form,
        lambda: (
            services.correct_producer(by=request.user, product_id=product.pk, producer=form.entry(), lock=form.seen())
            and product.pk
        ),
        done=_("Đã lưu thông tin chủ thể."),
        page=_page(product, _("Sửa thông tin chủ thể"), _("Lưu"), "device-floppy"),
        again=lambda: {"lock": product_seen(scope_of(request.user), product_id).producer.lock},
    )


@require(Permission.OCOP_EDIT)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_assess(request: HttpRequest, product_id: int) -> HttpResponse:
    """Open the dossier of an assessment."""
    product = product_seen(scope_of(request.user), product_id)
    form = OpenForm(_sent(request))

    def write() -> HttpResponse:
        data = form.cleaned_data
        made = services.open_assessment(
            by=request.user, product_id=product.pk, purpose=data.get("purpose", ""), note=data.get("note", "")
        )
        return redirect("ocop_assessment", assessment_id=made.pk)

    return _act(
        request,
        form,
        write,
        done=_("Đã mở hồ sơ đánh giá."),
        page=_page(product, _("Mở hồ sơ đánh giá"), _("Mở hồ sơ"), "clipboard-list"),
    )


@require(Permission.OCOP_RECOGNISE)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_recognise(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Record the decision that rests on an approved assessment."""
    row = assessment_seen(scope_of(request.user), assessment_id)
    levels = authorities_on(timezone.localdate()).get(row.stars or 0, ())
    initial = {"level": levels[0] if len(levels) == 1 else ""}
    form = DecisionForm(_sent(request), request.FILES or None, initial=initial)
    page = _page(row.product, _("Ghi quyết định công nhận"), _("Ghi quyết định"), "rosette-discount-check")
    line = assessment_line(row)
    page["lead"] = (
        _("%(name)s: kết quả đánh giá %(stars)s, %(total)s điểm") % {
            "name": row.product.name, "stars": stars_word(row.stars), "total": line.total,
        }
        if row.stars
        else row.product.name
    )  # fmt: skip
    page["hint"] = _("Giấy chứng nhận có thời hạn tính từ ngày quyết định; cổng tự tính ngày hết hiệu lực.")
    return _act(
        request,
        form,
        lambda: (
            services.recognise(
                by=request.user,
                assessment_id=row.pk,
                decision=form.decision(row.stars),
                scan=request.FILES.get("scan"),
            ).product_id
        ),
        done=_("Đã ghi quyết định công nhận."),
        page=page,
    )


@require(Permission.OCOP_RECOGNISE)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_scan(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Add the paper to a recognition that was recorded without it."""
    row = recognition_seen(scope_of(request.user), certificate_id)
    form = ScanForm(_sent(request), request.FILES or None)

    def write() -> int:
        services.attach_scan(by=request.user, recognition_id=row.pk, scan=request.FILES.get("scan"))
        return int(row.product_id)

    page = _page(row.product, _("Thêm bản quét quyết định"), _("Tải lên"), "upload")
    page["hint"] = _("Quyết định %(number)s ngày %(day)s.") % {
        "number": row.decision_number or _("chưa rõ số"), "day": date_vi(row.decided_on),
    }  # fmt: skip
    return _act(request, form, write, done=_("Đã lưu bản quét quyết định."), page=page)


@require(Permission.OCOP_RECOGNISE)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_withdraw(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Record the withdrawal of a recognition."""
    row = recognition_seen(scope_of(request.user), certificate_id)
    form = WithdrawalForm(_sent(request))

    def write() -> int:
        data = form.cleaned_data
        services.withdraw(
            by=request.user,
            recognition_id=row.pk,
            withdrawn_on=data.get("withdrawn_on"),
            decision_number=data.get("decision_number", ""),
            reason=data.get("reason", ""),
        )
        return int(row.product_id)

    return _act(
        request,
        form,
        write,
        done=_("Đã ghi quyết định thu hồi."),
        page=_page(row.product, _("Ghi thu hồi công nhận"), _("Ghi thu hồi"), "ban"),
    )


@require(Permission.OCOP_RECOGNISE)
@require_http_methods(["GET", "POST"])
@refusals
def ocop_annul(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Annul a record that was typed wrongly."""
    row = recognition_seen(scope_of(request.user), certificate_id)
    form = AnnulmentForm(_sent(request))
    page = _page(row.product, _("Hủy bản ghi công nhận ghi sai"), _("Hủy bản ghi"), "x")
    page["hint"] = _("Bản ghi đã hủy vẫn xem được và không được tính cho ngày nào; quyết định đúng được ghi lại.")
    return _act(
        request,
        form,
        lambda: (
            services.annul(
                by=request.user, recognition_id=row.pk, reason=form.cleaned_data.get("reason", "")
            ).product_id
        ),
        done=_("Đã hủy bản ghi."),
        page=page,
    )


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _groups(product: OcopProduct | None = None) -> list[tuple[str, str]]:
    """The groups of today, and the one that a product has."""
    found = groups_on(timezone.localdate())
    if product is not None and product.group not in found:
        found = [product.group, *found]
    return [(one.code, localname(one)) for one in found]


def _page(product: OcopProduct, heading: str, action: str, icon: str) -> dict[str, Any]:
    return {
        "product": product,
        "lead": product.name,
        "heading": heading,
        "action": action,
        "act_icon": icon,
        "back": reverse("ocop_product", args=[product.pk]),
    }


def _act(
    request: HttpRequest,
    form: Any,
    write: Callable[[], int | HttpResponse],
    *,
    done: str,
    page: dict[str, Any],
    template: str = "programmes/ocop_form.html",
    again: Callable[[], dict[str, Any]] = dict,
) -> HttpResponse:
    """Show a form, or store it: every fault at its field; a window that came second is told, and keeps what it typed.

    `write` returns the product to go on to, or the answer itself; `again` what the form rests on now.
    """
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            found = write()
        except Invalid as error:
            put_faults(form, error)
            status = 422
        except Stale as error:
            form.data = form.data.copy()
            form.data.update({name: str(value) for name, value in again().items()})
            form.add_error(None, str(error))
            status = STALE
        else:
            messages.success(request, done)
            return found if isinstance(found, HttpResponse) else redirect("ocop_product", product_id=found)
    return render(request, template, {"form": form, **page}, status=status)


def put_faults(form: Any, error: Invalid) -> None:
    """Put faults at their fields; one that could not be read has its own fault already."""
    unreadable = set(form.errors)
    at_fields(form, Invalid(fault for fault in error.faults if fault.pointer.lstrip("/") not in unreadable))
