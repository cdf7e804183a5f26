"""The demonstration's OCOP products: registered, assessed, recognised, renewed, upgraded, withdrawn; all made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import Unit
from mongcai_portal.accounts.models import User
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.text import search_key
from programmes.models import OcopAssessment, OcopProducer, OcopProduct
from programmes.rules.ocop import PARTS, PROVINCE
from programmes.selectors.ocop_law import authorities_on
from programmes.services import ocop
from programmes.services.demo.evidence import picture
from programmes.services.demo.people import officer_name

ILLUSTRATIVE = Provenance.ILLUSTRATIVE
_NOTE = "Hồ sơ minh họa do cổng tạo ra."
_DESCRIPTION = "Sản phẩm minh họa: tên và số liệu do cổng tạo ra để trình diễn."
_NAMED = "Tên được bảo hộ là có thật; chủ thể, điểm và quyết định là minh họa."


def missing_places(raw: Mapping[str, Any], units: Mapping[str, Unit]) -> list[Fault]:
    """Return the faults of units that the file names and the map of the day does not have."""
    wanted = dict.fromkeys(row["unit"] for row in raw["products"])
    message = _("Không có đơn vị “%(name)s”.")
    return [Fault(f"/products/{uid}", "unknown_unit", message % {"name": uid}) for uid in wanted if uid not in units]


def fill_ocop(raw: Mapping[str, Any], users: Mapping[str, User], units: Mapping[str, Unit]) -> int:
    """Make the products that do not exist yet, each with all that happened to it; return how many."""
    known = set(OcopProduct.objects.values_list("unit__uid", "name_key"))
    made = 0
    for row in raw["products"]:
        if (row["unit"], search_key(row["name"])) not in known:
            # One product, one transaction: a break leaves none half told.
            with transaction.atomic():
                _product(raw, row, users, units[row["unit"]])
            made += 1
    return made


def _product(raw: Mapping[str, Any], row: Mapping[str, Any], users: Mapping[str, User], unit: Unit) -> None:
    owner = OcopProducer.objects.filter(unit=unit, name_key=search_key(row["producer"])).first()
    product = ocop.register_product(
        by=None,
        unit=unit,
        product=ocop.ProductEntry(
            name=row["name"],
            group=row["group"],
            protected_name=row.get("protected", ""),
            description=_NAMED if row.get("protected") else _DESCRIPTION,
        ),
        producer=owner.pk if owner else ocop.ProducerEntry(name=row["producer"], form=row["form"]),
        provenance=ILLUSTRATIVE,
        source=row.get("source", ""),
    )
    stars = 0
    for day, given in row.get("acts", ()):
        on = date.fromisoformat(day)
        purpose = "first" if not stars else "upgrade" if given > stars else "renewal"
        level = authorities_on(on)[given][0]
        met = on - timedelta(days=raw["session_before"])
        assessment = _assessed(raw, users, product, purpose, level, met, given)
        decision = ocop.Decision(stars=given, level=level, decided_on=on, note=_NOTE)
        recognition = ocop.recognise(
            by=users["coordinator"], assessment_id=assessment.pk, decision=decision, provenance=ILLUSTRATIVE
        )
        stars = given
    if gone := row.get("withdrawn"):
        ocop.withdraw(
            by=users["coordinator"],
            recognition_id=recognition.pk,
            withdrawn_on=date.fromisoformat(gone["day"]),
            decision_number=gone["number"],
            reason=gone["reason"],
        )
    if day := row.get("potential"):
        _assessed(raw, users, product, "first", PROVINCE, date.fromisoformat(day), 5)
    if row.get("protected"):
        ocop.add_photos(by=None, product_id=product.pk, files=[picture(row["name"])])


def _assessed(
    raw: Mapping[str, Any],
    users: Mapping[str, User],
    product: OcopProduct,
    purpose: str,
    council: str,
    met: date,
    stars: int,
) -> OcopAssessment:
    """Take an assessment through the common workflow, by the people of the demonstration."""
    officer = users.get(officer_name(product.unit.uid))
    opened = ocop.open_assessment(by=None, product_id=product.pk, purpose=purpose, note=_NOTE, provenance=ILLUSTRATIVE)
    ocop.submit(by=officer, assessment_id=opened.pk)
    sheets = [
        ocop.SheetTyped(member, **{part: str(points) for part, points in zip(PARTS, given, strict=True)})
        for member, given in zip(raw["members"], raw["points"][stars], strict=True)
    ]
    verifier = users["verifier.all"]
    ocop.save_sheets(
        by=verifier, assessment_id=opened.pk, council=council, assessed_on=met, sheets=sheets, language="plain"
    )
    ocop.verify(by=verifier, assessment_id=opened.pk)
    return ocop.approve(by=users["coordinator"], assessment_id=opened.pk)
