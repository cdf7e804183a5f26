"""OCOP products in any state, written straight into the tables; the law comes from its file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from communes.models import Unit
from mongcai_portal.common.text import search_key, sort_key
from programmes.models import (
    OcopAssessment,
    OcopDecisionScan,
    OcopGroup,
    OcopNotice,
    OcopPhoto,
    OcopProducer,
    OcopProduct,
    OcopRecognition,
    OcopSheet,
)
from programmes.rules.ocop import expiry
from programmes.selectors.ocop_law import scale_on
from programmes.services.ocop import load_ocop
from tests.factories.files import upload

# Sheets that come to so many stars by the scale since 24/02/2023.
TOTALS = {5: (37, 22, 33), 4: (33, 20, 25), 3: (25, 15, 20), 2: (15, 10, 10), 1: (5, 5, 5)}


def ocop_law() -> None:
    """Scales, groups and authorities, once a test."""
    if not OcopGroup.objects.exists():
        load_ocop(by=None)


def make_producer(unit: Unit, name: str = "Hợp tác xã Thử", **over: Any) -> OcopProducer:
    fields = {"form": "cooperative", "provenance": "sourced", "recorded_by": "x", "recorded_at": timezone.now(), **over}
    return OcopProducer.objects.create(unit=unit, name=name, name_key=search_key(name), **fields)


def make_product(
    unit: Unit, name: str = "Sản phẩm Thử", *, producer: OcopProducer | None = None, **over: Any
) -> OcopProduct:
    ocop_law()
    owner = producer or OcopProducer.objects.filter(unit=unit).first() or make_producer(unit)
    fields = {
        "group": OcopGroup.objects.get(code="food"),
        "name_key": search_key(name),
        "search_key": f"{search_key(name)} {search_key(owner.name)}",
        "sort_key": sort_key(name),
        "provenance": "sourced",
        "recorded_by": "x",
        "recorded_at": timezone.now(),
        **over,
    }
    return OcopProduct.objects.create(unit=unit, producer=owner, name=name, **fields)


def make_assessment(
    product: OcopProduct, stars: int | None = 3, on: date = date(2023, 6, 1), **over: Any
) -> OcopAssessment:
    """An approved assessment with one sheet; other states by their columns."""
    scale = scale_on(on)
    assert scale is not None
    a, b, c = TOTALS[stars or 3]
    fields: dict[str, Any] = {
        "purpose": "first", "council": "province", "assessed_on": on, "scale": scale, "status": "approved",
        "points_a": a, "points_b": b, "points_c": c, "total": a + b + c, "stars": stars,
        "result": "awarded" if stars and stars >= 3 else "below", "provenance": "sourced", "opened_by": "x",
        "opened_at": timezone.now(), "approved_at": timezone.now(), **over,
    }  # fmt: skip
    row = OcopAssessment.objects.create(product=product, **fields)
    if fields["assessed_on"] is not None:
        make_sheet(row, points_a=a, points_b=b, points_c=c)
    return row


def make_draft(product: OcopProduct, **over: Any) -> OcopAssessment:
    """A dossier at its beginning."""
    fields = {"purpose": "first", "provenance": "sourced", "opened_by": "x", "opened_at": timezone.now(), **over}
    return OcopAssessment.objects.create(product=product, **fields)


def make_sheet(assessment: OcopAssessment, member: str = "Ông Một", **over: Any) -> OcopSheet:
    fields = {"position": 1, "points_a": Decimal(25), "points_b": Decimal(15), "points_c": Decimal(20), **over}
    return OcopSheet.objects.create(assessment=assessment, member=member, member_key=search_key(member), **fields)


def make_certificate(
    product: OcopProduct, decided_on: date, stars: int = 3, *, assessment: OcopAssessment | None = None, **over: Any
) -> OcopRecognition:
    """A recognition with the assessment it rests on, of that very day."""
    rests_on = assessment or make_assessment(product, stars, decided_on)
    fields = {
        "level": "province", "decision_number": "1/QĐ-UBND", "expires_on": expiry(decided_on, 36),
        "provenance": "sourced", "recorded_by": "x", "recorded_at": timezone.now(), **over,
    }  # fmt: skip
    return OcopRecognition.records.create(
        product=product, assessment=rests_on, stars=stars, decided_on=decided_on, **fields
    )


def make_photo(product: OcopProduct, name: str = "ảnh.png") -> OcopPhoto:
    from programmes.services.ocop import add_photos

    return add_photos(by=None, product_id=product.pk, files=[upload(name)])[0]


def make_scan(recognition: OcopRecognition, name: str = "quyet-dinh.pdf") -> OcopDecisionScan:
    """The paper of a recognition."""
    from programmes.services.ocop import attach_scan

    return attach_scan(by=None, recognition_id=recognition.pk, scan=upload(name))


def make_notice(recognition: OcopRecognition, recipient: Any, turn: int = 90, **over: Any) -> OcopNotice:
    fields = {"created_at": timezone.now(), **over}
    return OcopNotice.objects.create(recognition=recognition, recipient=recipient, turn=turn, **fields)
