"""Registering producers and products, and putting right what was typed of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from communes.selectors.village_choices import PLACES
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.text import search_key, sort_key
from programmes.models import OcopGroup, OcopProducer, OcopProduct
from programmes.querysets import with_predecessors
from programmes.services.ocop.guard import (
    actor,
    line,
    may_for_unit,
    once,
    product_for,
    refused,
    take,
    tell,
    text_faults,
)

NAME, ADDRESS, DESCRIPTION = 200, 200, 2000


@dataclass(frozen=True, slots=True)
class ProducerEntry:
    """A producer as someone types it."""

    name: str = ""
    form: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ProductEntry:
    """A product as someone types it; `group` is the code of a group in force on the day."""

    name: str = ""
    group: str = ""
    protected_name: str = ""
    description: str = ""


def register_product(
    *,
    by: Any,
    unit: Unit | None,
    product: ProductEntry,
    producer: int | ProducerEntry | None,
    provenance: str = Provenance.SOURCED,
    source: str = "",
) -> OcopProduct:
    """Register a product with its producer: one that is known by its number, or a new one.

    Args:
        unit: the commune or ward where it is made; None where none was chosen.
        provenance: loaders mark what they make up.

    Raises:
        Forbidden; Invalid: `/unit` required, unknown, not_in_force; `/group` required, unknown; `/name` required,
        too_long, duplicate; `/producer` required, unknown; `/producer_name` required, too_long, duplicate;
        `/producer_form` required; `/producer_address`, `/protected_name`, `/description` too_long. Every fault at once.
    """
    if by is not None and Permission.OCOP_EDIT not in scope_of(by).permissions:
        raise refused()
    product, new = _plain(product), _plain_producer(producer) if isinstance(producer, ProducerEntry) else None
    known = None
    if isinstance(producer, int):
        rows = OcopProducer.objects.all() if by is None else OcopProducer.objects.visible_to(scope_of(by))
        known = rows.filter(pk=producer).first()
    faults = _unit_faults(by, unit) + _product_faults(product)
    if new is not None:
        faults += _producer_faults(new, prefix="producer_")
        if unit is not None and _producer_named(unit.pk, new.name):
            faults.append(_known_producer("/producer_name"))
    elif known is None or (unit is not None and known.unit_id not in with_predecessors([unit.pk])):
        faults.append(Fault("/producer", "unknown", _("Chọn một chủ thể của xã này, hoặc ghi chủ thể mới.")))
    elif product.name and _named(known.pk, product.name):
        faults.append(_duplicate())
    if faults or unit is None:
        raise Invalid(faults)
    with once(_duplicate()):
        owner = known or _store_producer(by, unit, new or ProducerEntry(), provenance)
        row = OcopProduct.objects.create(
            producer=owner,
            unit=unit,
            group=OcopGroup.objects.get(code=product.group),
            provenance=provenance,
            source=source,
            recorded_by=actor(by),
            recorded_at=timezone.now(),
            **_columns(product, owner),
        )
        tell(row, kind=Kind.OCOP_PRODUCT_RECORDED, by=by, producer=owner.name, group=product.group)
    return row


def correct_product(*, by: Any, product_id: int, product: ProductEntry, lock: int | None = None) -> OcopProduct:
    """Put right what was typed of a product; the same again changes nothing.

    Raises:
        OcopProduct.DoesNotExist, Forbidden; Stale: changed meanwhile; Invalid: as `register_product`.
    """
    row = product_for(by=by, product_id=product_id, permission=Permission.OCOP_EDIT)
    product = _plain(product)
    faults = _product_faults(product, now=row.group.code)
    if product.name and _named(row.producer_id, product.name, but=row.pk):
        faults.append(_duplicate())
    if faults:
        raise Invalid(faults)
    columns = _columns(product, row.producer) | {"group": OcopGroup.objects.get(code=product.group)}
    changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
    if not changed:
        return row
    with once(_duplicate()):
        take(row, lock, **columns)
        tell(row, kind=Kind.OCOP_PRODUCT_CHANGED, by=by, fields=changed)
    return row


def correct_producer(*, by: Any, product_id: int, producer: ProducerEntry, lock: int | None = None) -> OcopProducer:
    """Put right what was typed of the producer of a product; the same again changes nothing.

    Raises:
        OcopProduct.DoesNotExist, Forbidden; Stale; Invalid: `/name`, `/form`, `/address` as of a new producer.
    """
    product = product_for(by=by, product_id=product_id, permission=Permission.OCOP_EDIT)
    row, typed = product.producer, _plain_producer(producer)
    faults = _producer_faults(typed)
    if typed.name and _producer_named(row.unit_id, typed.name, but=row.pk):
        faults.append(_known_producer("/name"))
    if faults:
        raise Invalid(faults)
    columns = {"name": typed.name, "name_key": search_key(typed.name), "form": typed.form, "address": typed.address}
    if all(getattr(row, name) == value for name, value in columns.items()):
        return row
    with once(_known_producer("/name")), transaction.atomic():
        take(row, lock, **columns)
        for one in row.products.all():  # a product is found by its producer's name, too
            OcopProduct.objects.filter(pk=one.pk).update(search_key=_search(one.name, one.protected_name, row.name))
        tell(product, kind=Kind.OCOP_PRODUCER_CHANGED, by=by, producer=row.name)
    return row


def _plain(typed: ProductEntry) -> ProductEntry:
    return ProductEntry(line(typed.name), typed.group, line(typed.protected_name), typed.description.strip())


def _plain_producer(typed: ProducerEntry) -> ProducerEntry:
    return ProducerEntry(line(typed.name), typed.form, line(typed.address))


def _columns(product: ProductEntry, owner: OcopProducer) -> dict[str, Any]:
    return {
        "name": product.name,
        "name_key": search_key(product.name),
        "sort_key": sort_key(product.name),
        "search_key": _search(product.name, product.protected_name, owner.name),
        "protected_name": product.protected_name,
        "description": product.description,
    }


def _search(*texts: str) -> str:
    return " ".join(search_key(text) for text in texts if text)


def _store_producer(by: Any, unit: Unit, typed: ProducerEntry, provenance: str) -> OcopProducer:
    row: OcopProducer = OcopProducer.objects.create(
        unit=unit,
        name=typed.name,
        name_key=search_key(typed.name),
        form=typed.form,
        address=typed.address,
        provenance=provenance,
        recorded_by=actor(by),
        recorded_at=timezone.now(),
    )
    return row


def _unit_faults(by: Any, unit: Unit | None) -> list[Fault]:
    if unit is None:
        return [Fault("/unit", "required", _("Chọn xã, phường nơi làm ra sản phẩm."))]
    if not may_for_unit(by, unit.pk, Permission.OCOP_EDIT):
        return [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]
    # Loaders write the past down; who types writes of today.
    if by is not None and not UnitVersion.objects.in_force(timezone.localdate()).filter(unit=unit, kind__in=PLACES):
        return [Fault("/unit", "not_in_force", _("Hôm nay không có xã, phường này."))]
    return []


def _product_faults(typed: ProductEntry, *, now: str = "") -> list[Fault]:
    faults = text_faults(typed.name, "name", most=NAME, needed=_("Ghi tên sản phẩm."))
    faults += text_faults(typed.protected_name, "protected_name", most=NAME)
    faults += text_faults(typed.description, "description", most=DESCRIPTION)
    if not typed.group:
        faults.append(Fault("/group", "required", _("Chọn nhóm sản phẩm.")))
    elif typed.group != now and not OcopGroup.objects.in_force(timezone.localdate()).filter(code=typed.group).exists():
        faults.append(Fault("/group", "unknown", _("Không có nhóm này trong danh mục đang áp dụng.")))
    return faults


def _producer_faults(typed: ProducerEntry, prefix: str = "") -> list[Fault]:
    faults = text_faults(typed.name, f"{prefix}name", most=NAME, needed=_("Ghi tên chủ thể."))
    faults += text_faults(typed.address, f"{prefix}address", most=ADDRESS)
    if typed.form not in OcopProducer.Form.values:
        faults.append(Fault(f"/{prefix}form", "required", _("Chọn loại hình của chủ thể.")))
    return faults


def _named(producer_id: int, name: str, but: int | None = None) -> bool:
    return OcopProduct.objects.filter(producer=producer_id, name_key=search_key(name)).exclude(pk=but).exists()


def _producer_named(unit_id: int, name: str, but: int | None = None) -> bool:
    return OcopProducer.objects.filter(unit=unit_id, name_key=search_key(name)).exclude(pk=but).exists()


def _duplicate() -> Fault:
    return Fault("/name", "duplicate", _("Chủ thể này đã có sản phẩm cùng tên trong sổ."))


def _known_producer(pointer: str) -> Fault:
    return Fault(pointer, "duplicate", _("Xã này đã có chủ thể cùng tên: hãy chọn trong danh sách."))
