"""Photos of OCOP products: checked by content, small ones made, kept once, served to those in scope."""

from __future__ import annotations

import pytest

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from programmes.models import OcopPhoto, OcopProduct
from programmes.services.ocop import add_photos, remove_photo
from tests.factories import files
from tests.factories.board import board, person
from tests.factories.files import upload
from tests.factories.ocop import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> OcopProduct:
    return make_product(board(1).communes[0])


@pytest.fixture
def officer(product: OcopProduct) -> object:
    return person("can-bo", "commune_officer", unit=product.unit)


def test_a_photo_is_stored_with_a_small_one(product: OcopProduct, officer: object) -> None:
    [row] = add_photos(by=officer, product_id=product.pk, files=[upload("Ghẹ lột.png")])
    assert (row.name, row.media_type) == ("Ghẹ lột.png", "image/png")
    assert row.thumbnail.name.endswith(".webp") and row.thumbnail.storage.exists(row.thumbnail.name)
    assert AuditEvent.objects.get(kind="ocop_photo.added").details["files"][0]["name"] == "Ghẹ lột.png"


def test_the_same_photo_is_kept_once(product: OcopProduct, officer: object) -> None:
    add_photos(by=officer, product_id=product.pk, files=[upload("a.png")])
    assert add_photos(by=officer, product_id=product.pk, files=[upload("b.png")]) == ()
    assert OcopPhoto.objects.count() == 1


def test_what_only_says_that_it_is_a_photo_is_refused_and_nothing_is_stored(
    product: OcopProduct, officer: object
) -> None:
    sent = [upload("tốt.png"), upload("giả.jpg", files.EXE), upload("hình.svg", files.SVG), upload("giấy.pdf")]
    with pytest.raises(Invalid) as error:
        add_photos(by=officer, product_id=product.pk, files=sent)
    found = [(fault.pointer, fault.code) for fault in error.value.faults]
    assert found == [
        ("/photos/1", "type_mismatch"),
        ("/photos/2", "type_not_allowed"),
        ("/photos/3", "type_not_allowed"),
    ]
    assert not OcopPhoto.objects.exists()


def test_nothing_chosen_and_too_many_are_named(product: OcopProduct, officer: object, settings: object) -> None:
    with pytest.raises(Invalid) as error:
        add_photos(by=officer, product_id=product.pk, files=[])
    assert error.value.faults[0].code == "missing"
    settings.EVIDENCE_MAX_FILES = 1  # type: ignore[attr-defined]
    add_photos(by=officer, product_id=product.pk, files=[upload("a.png")])
    with pytest.raises(Invalid) as error:
        add_photos(by=officer, product_id=product.pk, files=[upload("b.png", files.png_bytes(colour="red"))])
    assert error.value.faults[0].code == "too_many"


def test_taking_a_photo_away_twice_does_no_harm(product: OcopProduct, officer: object) -> None:
    [row] = add_photos(by=officer, product_id=product.pk, files=[upload("a.png")])
    assert remove_photo(by=officer, product_id=product.pk, photo_id=row.pk).name == "a.png"
    assert remove_photo(by=officer, product_id=product.pk, photo_id=row.pk) is None
    assert AuditEvent.objects.filter(kind="ocop_photo.removed").count() == 1


def test_only_the_communes_officer_adds_photos(product: OcopProduct) -> None:
    with pytest.raises(Forbidden):
        add_photos(by=person("lanh-dao", "leader"), product_id=product.pk, files=[upload("a.png")])
