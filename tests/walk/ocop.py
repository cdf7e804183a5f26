"""OCOP products behind the pages: one in each state of its assessment, and a reminder. Placeholders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone


def make_ocop(officer: Any, unit: str) -> dict[str, Any]:
    """Write them as their commune's officer; return what the addresses of their pages are filled with."""
    from communes.models import Unit
    from mongcai_portal.accounts.models import User
    from programmes.models import OcopProduct
    from programmes.rules.ocop import add_months
    from programmes.services import ocop
    from tests.factories.files import upload
    from tests.factories.ocop import make_certificate, make_notice

    verifier, coordinator = (User.objects.get(username=name) for name in ("verifier.all", "coordinator"))
    here = Unit.objects.get(uid=unit)

    def assessed(name: str, until: str, scores: list[tuple[str, str, str]]) -> Any:
        known = OcopProduct.objects.filter(unit=here).first()
        product = ocop.register_product(
            by=None, unit=here, product=ocop.ProductEntry(name, "food", "", "Sản phẩm mẫu của trang xem."),
            producer=known.producer_id if known else ocop.ProducerEntry("Hợp tác xã Mẫu", "cooperative", "Thôn Mẫu 1"),
        )  # fmt: skip
        row = ocop.open_assessment(by=officer, product_id=product.pk, purpose="first", note="Nguyên liệu của xã.")
        if until == "draft":
            return row
        ocop.submit(by=officer, assessment_id=row.pk)
        sheets = [ocop.SheetTyped(f"Thành viên {n}", *score) for n, score in enumerate(scores, 1)]
        ocop.save_sheets(
            by=verifier, assessment_id=row.pk, council="province", assessed_on=date(2026, 5, 4), sheets=sheets
        )
        if until == "submitted":
            return row
        if until == "returned":
            return ocop.send_back(by=verifier, assessment_id=row.pk, reason="Thiếu giấy chứng nhận an toàn thực phẩm.")
        ocop.verify(by=verifier, assessment_id=row.pk)
        return row if until == "verified" else ocop.approve(by=coordinator, assessment_id=row.pk)

    good = [("33,5", "20", "25,75"), ("32", "19,5", "26")]
    rows = {
        name: assessed(f"Sản phẩm mẫu {name}", name, good) for name in ("draft", "submitted", "returned", "verified")
    }
    approved = assessed("Sản phẩm mẫu chờ quyết định", "approved", good)
    photo = ocop.add_photos(by=officer, product_id=approved.product_id, files=[upload("san-pham.png")])[0]
    ending = assessed("Sản phẩm mẫu sắp hết hạn", "approved", good)
    decided = add_months(timezone.localdate() + timedelta(days=40), -36)
    certificate = make_certificate(ending.product, decided)
    make_notice(certificate, officer)
    return {
        "ocop_product": approved.product_id,
        "ocop_certificate": certificate.pk,
        "ocop_photo": photo.pk,
        "ocop_approved": approved.pk,
        **{f"ocop_{name}": row.pk for name, row in rows.items()},
    }
