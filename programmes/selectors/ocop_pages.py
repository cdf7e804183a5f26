"""One product with everything its page shows, and one assessment with its sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from communes.selectors.village_choices import units_with
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of
from mongcai_portal.common.models import Source
from mongcai_portal.common.workflow import APPROVED
from programmes.models import (
    OcopAssessment,
    OcopDecisionScan,
    OcopPhoto,
    OcopProducer,
    OcopProduct,
    OcopRecognition,
    OcopSheet,
)
from programmes.querysets import with_predecessors
from programmes.rules.ocop import AWARDED, event_of, newest, state_on
from programmes.selectors.ocop import ProductRow, product_rows


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """A recognition of a product: what it was to it, and how it stands on the day; annulled ones stand for nothing."""

    recognition: OcopRecognition
    event: str
    state: str  # of `programmes.rules.ocop`, or annulled, superseded

    @property
    def scan(self) -> OcopDecisionScan | None:
        """Its paper, None where none was sent: no query, the page has loaded it."""
        return getattr(self.recognition, "scan", None)


ANNULLED, SUPERSEDED = "annulled", "superseded"


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product on a day with its acts, the newest first."""

    row: ProductRow
    day: date
    recognitions: tuple[RecognitionRow, ...]
    assessments: tuple[OcopAssessment, ...]
    photos: tuple[OcopPhoto, ...]
    events: tuple[AuditEvent, ...]
    source: Source | None

    @property
    def open_assessment(self) -> OcopAssessment | None:
        return next((one for one in self.assessments if one.status != APPROVED), None)

    @property
    def to_recognise(self) -> OcopAssessment | None:
        """The newest approved assessment that gives stars and on which no recognition rests."""
        used = {one.recognition.assessment_id for one in self.recognitions if one.state != ANNULLED}
        settled = [one for one in self.assessments if one.status == APPROVED]
        newest = settled[0] if settled else None
        return newest if newest is not None and newest.result == AWARDED and newest.pk not in used else None


def product_seen(scope: Scope, product_id: int) -> OcopProduct:
    """Return a product.

    Raises:
        OcopProduct.DoesNotExist: none of this number in the scope.
    """
    rows = OcopProduct.objects.visible_to(scope).select_related("producer", "group", "unit")
    found: OcopProduct = rows.get(pk=product_id)
    return found


def product_page(scope: Scope, product_id: int, day: date) -> ProductPage:
    """Return one product with all that its page shows by the day: a fixed number of queries.

    Raises:
        OcopProduct.DoesNotExist: none of this number in the scope.
    """
    product = product_seen(scope, product_id)
    (row,) = product_rows([product], day)
    assessments = (
        OcopAssessment.objects.filter(Q(assessed_on__isnull=True) | Q(assessed_on__lte=day), product=product)
        .select_related("scale", "submitted_by", "verified_by")
        .prefetch_related("sheets", "scale__parts")
    )
    records = OcopRecognition.records.filter(product=product, decided_on__lte=day)
    return ProductPage(
        row=row,
        day=day,
        recognitions=recognition_rows(list(records.select_related("assessment", "scan")), day),
        assessments=tuple(sorted(assessments, key=_when, reverse=True)),
        photos=tuple(product.photos.all()),
        events=tuple(events_of(obj_type="ocop_product", obj_id=product.pk))[::-1],
        source=Source.objects.filter(code=product.source).first() if product.source else None,
    )


def _when(one: OcopAssessment) -> tuple[bool, date, int]:
    """The open one first, then by the day of the session."""
    return (one.status != APPROVED, one.assessed_on or date.max, one.pk)


def recognition_rows(records: list[OcopRecognition], day: date) -> tuple[RecognitionRow, ...]:
    """Describe the recognitions of one product on a day, the newest first: no query."""
    standing = {one.pk: one.certificate for one in records if one.annulled_at is None}
    last = newest(standing.values(), day)
    found = []
    for one in records:
        certificate = standing.get(one.pk)
        if certificate is None:
            state, event = ANNULLED, ""
        else:
            event = event_of(certificate, standing.values())
            state = state_on([certificate], day)
            if last is not None and certificate.id != last.id and certificate.holds_on(day):
                state = SUPERSEDED
        found.append(RecognitionRow(one, event, state))
    return tuple(sorted(found, key=lambda r: (r.recognition.decided_on, r.recognition.pk), reverse=True))


def photo_seen(scope: Scope, product_id: int, photo_id: int) -> OcopPhoto:
    """Return a photo of a product that the reader may see.

    Raises:
        OcopPhoto.DoesNotExist.
    """
    found: OcopPhoto = OcopPhoto.objects.visible_to(scope).get(pk=photo_id, product=product_id)
    return found


def scan_seen(scope: Scope, recognition_id: int) -> OcopDecisionScan:
    """Return the paper of a recognition, annulled or not, whose product the reader may see.

    Raises:
        OcopDecisionScan.DoesNotExist: no such recognition in the scope, or none was sent.
    """
    found: OcopDecisionScan = OcopDecisionScan.objects.visible_to(scope).get(recognition=recognition_id)
    return found


def assessment_seen(scope: Scope, assessment_id: int) -> OcopAssessment:
    """Return an assessment with its product, its sheets and the parts of its scale: three queries.

    Raises:
        OcopAssessment.DoesNotExist: none of this number in the scope.
    """
    rows = OcopAssessment.objects.visible_to(scope).select_related(
        "product__producer", "product__unit", "product__group", "scale", "submitted_by", "verified_by"
    )
    found: OcopAssessment = rows.prefetch_related("sheets", "scale__parts").get(pk=assessment_id)
    return found


def sheets_of(row: OcopAssessment) -> tuple[OcopSheet, ...]:
    """Return the sheets in the order of the council."""
    return tuple(row.sheets.all())


def recognition_seen(scope: Scope, recognition_id: int) -> OcopRecognition:
    """Return a recognition, annulled or not.

    Raises:
        OcopRecognition.DoesNotExist: none of this number in the scope.
    """
    rows = OcopRecognition.records.visible_to(scope).select_related("product__producer", "product__unit", "assessment")
    found: OcopRecognition = rows.get(pk=recognition_id)
    return found


def own_units(scope: Scope, permission: str, day: date) -> list[UnitVersion]:
    """Return the communes and wards of a day for which the reader may write: one query."""
    return units_with(scope, permission, day)


def own_producers(scope: Scope, permission: str) -> list[OcopProducer]:
    """Return the producers whose products the reader may write, by name: two queries."""
    rows = OcopProducer.objects.with_permission(scope, permission).select_related("unit")
    return sorted(rows, key=lambda one: (one.name_key, one.pk))


def unit_of(scope: Scope, uid: str) -> Unit | None:
    """Return the unit of a uid, None when the scope does not see one."""
    found: Unit | None = Unit.objects.visible_to(scope).filter(uid=uid).first()
    return found


def may_for(scope: Scope, product: OcopProduct, permission: str) -> bool:
    """Whether one of the reader's roles has the permission for the product's unit, or for what it passed into."""
    units = scope.units_with(permission)
    return units is None or product.unit_id in units or (bool(units) and product.unit_id in with_predecessors(units))
