"""One door per product: who may do what to it, who was first, what is wrong, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.audit.services import record
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.text import nfc
from mongcai_portal.common.workflow import MOVES
from programmes.models import OcopAssessment, OcopProduct, OcopRecognition
from programmes.querysets import with_predecessors


def product_for(*, by: Any, product_id: int, permission: str) -> OcopProduct:
    """Return a product that the person sees and may act on (None: the system).

    Raises:
        OcopProduct.DoesNotExist: outside the person's scope (a foreign row does not exist for them).
        Forbidden: visible, but not this action.
    """
    rows = OcopProduct.objects.select_related("unit", "producer", "group")
    found: OcopProduct = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=product_id)
    require_unit(by, found.unit_id, permission)
    return found


def assessment_for(*, by: Any, assessment_id: int, permissions: tuple[str, ...]) -> OcopAssessment:
    """Return an assessment that the person sees and may act on with one of the permissions.

    Raises:
        OcopAssessment.DoesNotExist, Forbidden: as `product_for`.
    """
    rows = OcopAssessment.objects.select_related("product__unit", "scale")
    found: OcopAssessment = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=assessment_id)
    if not any(may_for_unit(by, found.product.unit_id, one) for one in permissions):
        raise refused()
    return found


def recognition_for(*, by: Any, recognition_id: int, permission: str) -> OcopRecognition:
    """Return a recognition, annulled or not, that the person sees and may act on.

    Raises:
        OcopRecognition.DoesNotExist, Forbidden: as `product_for`.
    """
    rows = OcopRecognition.records.select_related("product__unit")
    found: OcopRecognition = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=recognition_id)
    require_unit(by, found.product.unit_id, permission)
    return found


def may_for_unit(by: Any, unit_id: int, permission: str) -> bool:
    """Whether one of the person's roles has the permission itself for the unit, or for what it passed into."""
    if by is None:
        return True
    units = scope_of(by).units_with(permission)
    return units is None or unit_id in units or (bool(units) and unit_id in with_predecessors(units))


def require_unit(by: Any, unit_id: int, permission: str) -> None:
    """Raise Forbidden unless the person may do this for the unit."""
    if not may_for_unit(by, unit_id, permission):
        raise refused()


def refused() -> Forbidden:
    return Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def take(row: models.Model, lock: int | None, **changes: Any) -> None:
    """Compare-and-swap: let the change through if nobody changed the row since it was read, nor since the window.

    Raises:
        Stale: somebody did.
    """
    there: int = row.lock  # type: ignore[attr-defined]
    rows = type(row)._default_manager.filter(pk=row.pk, lock=there)
    if (lock is not None and lock != there) or rows.update(lock=F("lock") + 1, **changes) != 1:
        raise stale()
    row.refresh_from_db()


def move(row: OcopAssessment, name: str, *, lock: int | None, status: str = "", **changes: Any) -> None:
    """Compare-and-swap the status of an assessment for a named move of the common workflow.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
    """
    step = MOVES[name]
    rows = OcopAssessment.objects.filter(pk=row.pk, status__in=step.sources, lock=row.lock)
    seen = lock is None or lock == row.lock
    if not seen or rows.update(lock=F("lock") + 1, status=step.target or status, **changes) != 1:
        current = OcopAssessment.objects.get(pk=row.pk)
        raise Stale(
            _("Hồ sơ đánh giá đã được xử lý ở cửa sổ khác; trạng thái hiện nay: %(status)s.")
            % {"status": current.get_status_display()}
        )
    row.refresh_from_db()


def still_stands(row: OcopRecognition) -> None:
    """Refuse what is done to a recognition that was annulled meanwhile.

    Raises:
        Stale.
    """
    if row.annulled_at is not None:
        raise gone()


def gone() -> Stale:
    return Stale(_("Bản ghi này đã bị hủy hoặc thu hồi ở cửa sổ khác."))


def stale() -> Stale:
    return Stale(_("Thông tin này đã được sửa ở cửa sổ khác; hãy xem lại rồi gửi lần nữa."))


@contextmanager
def once(*faults: Fault) -> Iterator[None]:
    """Two windows stored the same at once: the database let one through, the other hears it as these faults."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Invalid(faults) from error


# --- Faults ----------------------------------------------------------------------------------------------------------


def day_faults(day: date | None, field: str, needed: str) -> list[Fault]:
    """What is wrong with the day of an act: missing (`needed` says which day to write) or still to come."""
    if day is None:
        return [Fault(f"/{field}", "required", needed)]
    if day > timezone.localdate():
        return [Fault(f"/{field}", "in_future", _("Ngày này chưa tới."))]
    return []


def text_faults(text: str, field: str, *, most: int, needed: str = "") -> list[Fault]:
    """What is wrong with a text: missing where `needed` says what to write, or longer than its column."""
    if needed and not text:
        return [Fault(f"/{field}", "required", needed)]
    if len(text) > most:
        return [Fault(f"/{field}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})]
    return []


def actor(by: Any) -> str:
    """Who did it, as it stays readable in rows."""
    return SYSTEM if by is None else str(by)[:200]


def line(text: str) -> str:
    """A line of text as it is stored."""
    return " ".join(nfc(text).split())


# --- What is told ----------------------------------------------------------------------------------------------------


def tell(product: OcopProduct, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a product, in the caller's transaction: its log tells all that was done about it."""
    record(
        kind=kind,
        by=by,
        obj_type="ocop_product",
        obj_id=product.pk,
        label=product.name,
        unit_uid=product.unit.uid,
        **details,
    )
