"""What the database refuses of OCOP, each promise broken once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from programmes.models import OcopAuthority, OcopBand, OcopDecisionScan, OcopPart, OcopProduct, OcopScale
from tests.factories.board import board, person
from tests.factories.ocop import (
    make_assessment,
    make_certificate,
    make_draft,
    make_notice,
    make_photo,
    make_producer,
    make_product,
    make_scan,
    make_sheet,
    ocop_law,
)
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> OcopProduct:
    return make_product(board(1).communes[0])


def changed(row: Any, **over: Any) -> Any:
    """What stores a row with other columns."""

    def store() -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**over)

    return store


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"points_a": 41}, "programmes_ocopscale_hundred_points"),
        ({"decision": ""}, "programmes_ocopscale_has_legal_basis"),
        ({"certificate_months": 0}, "programmes_ocopscale_terms_in_bounds"),
        ({"valid_to": date(2020, 1, 1)}, "programmes_ocopscale_dates_in_order"),
    ],
)
def test_a_scale_is_whole(over: dict[str, Any], name: str) -> None:
    ocop_law()
    assert refused(changed(OcopScale.objects.get(code="qd_148_2023"), **over), name)


def test_bands_are_five_and_apart() -> None:
    ocop_law()
    band = OcopBand.objects.get(scale__code="qd_148_2023", stars=4)
    assert refused(changed(band, stars=5), "programmes_ocopband_stars_once")
    assert refused(changed(band, minimum=90), "programmes_ocopband_minimum_once")
    assert refused(changed(band, stars=6), "programmes_ocopband_in_bounds")


def test_a_part_is_one_of_three_and_has_a_name() -> None:
    ocop_law()
    part = OcopPart.objects.get(scale__code="qd_148_2023", code="a")
    assert refused(changed(part, code="b"), "programmes_ocoppart_once")
    assert refused(changed(part, code="d"), "programmes_ocoppart_named")
    assert refused(changed(part, name_vi=""), "programmes_ocoppart_named")


def test_an_authority_is_known_and_stands_once() -> None:
    ocop_law()
    row = OcopAuthority.objects.get(stars=4, valid_from=date(2025, 7, 6))
    assert refused(changed(row, level="village"), "programmes_ocopauthority_known")
    assert refused(changed(row, stars=3), "programmes_ocopauthority_once")


def test_producers_and_products_have_a_name_once(product: OcopProduct) -> None:
    owner = product.producer
    assert refused(lambda: make_producer(product.unit, owner.name), "programmes_ocopproducer_once")
    assert refused(changed(owner, name=""), "programmes_ocopproducer_named")
    assert refused(lambda: make_product(product.unit, product.name), "programmes_ocopproduct_once")
    assert refused(changed(product, name_key=""), "programmes_ocopproduct_named")


def test_a_photo_is_kept_once_and_has_content(product: OcopProduct) -> None:
    row = make_photo(product)
    other = make_photo(make_product(product.unit, "Khác"))
    assert refused(changed(other, product=product), "programmes_ocopphoto_same_once")
    assert refused(changed(row, size=0), "programmes_ocopphoto_not_empty")
    assert refused(changed(row, name=""), "programmes_ocopphoto_named")


def test_a_product_has_one_open_assessment(product: OcopProduct) -> None:
    make_draft(product)
    assert refused(lambda: make_draft(product, status="submitted"), "programmes_ocopassessment_one_open")


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"status": "lost"}, "programmes_ocopassessment_status_known"),
        ({"status": "returned"}, "programmes_ocopassessment_returned_with_reason"),
        ({"status": "verified"}, "programmes_ocopassessment_settled_is_whole"),
        ({"stars": 3}, "programmes_ocopassessment_stars_with_result"),
        ({"result": "disqualified"}, "programmes_ocopassessment_stars_with_result"),
        ({"result": "awarded"}, "programmes_ocopassessment_stars_with_result"),
        ({"approved_at": timezone.now()}, "programmes_ocopassessment_approved_has_its_time"),
        ({"total": 101}, "programmes_ocopassessment_total_in_bounds"),
    ],
)
def test_a_dossier_has_no_result_before_it_is_scored(product: OcopProduct, over: dict[str, Any], name: str) -> None:
    assert refused(changed(make_draft(product), **over), name)


@pytest.mark.parametrize("column", ["assessed_on", "scale", "total", "points_b"])
def test_a_settled_assessment_is_whole(product: OcopProduct, column: str) -> None:
    row = make_assessment(product)
    assert refused(changed(row, **{column: None}), "programmes_ocopassessment_settled_is_whole")


def test_a_member_has_one_sheet_with_possible_points(product: OcopProduct) -> None:
    row = make_assessment(product)
    sheet = row.sheets.get()
    assert refused(lambda: make_sheet(row), "programmes_ocopsheet_member_once")
    assert refused(changed(sheet, member=""), "programmes_ocopsheet_member_named")
    assert refused(changed(sheet, points_b=-1), "programmes_ocopsheet_points_in_bounds")
    assert refused(changed(sheet, points_c=101), "programmes_ocopsheet_points_in_bounds")


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"stars": 2}, "programmes_ocoprecognition_three_to_five"),
        ({"level": "village"}, "programmes_ocoprecognition_three_to_five"),
        ({"expires_on": date(2024, 6, 3)}, "programmes_ocoprecognition_expires_after"),
        ({"decision_number": ""}, "programmes_ocoprecognition_numbered"),
        ({"withdrawn_on": date(2025, 1, 1)}, "programmes_ocoprecognition_withdrawal_whole"),
        ({"withdrawal_reason": "x"}, "programmes_ocoprecognition_withdrawal_whole"),
        (
            {"withdrawn_on": date(2024, 1, 1), "withdrawal_reason": "x"},
            "programmes_ocoprecognition_withdrawal_whole",
        ),
        ({"annulled_at": timezone.now()}, "programmes_ocoprecognition_annulled_with_reason"),
        ({"annulment_reason": "x"}, "programmes_ocoprecognition_annulled_with_reason"),
    ],
)
def test_a_recognition_is_whole(product: OcopProduct, over: dict[str, Any], name: str) -> None:
    assert refused(changed(make_certificate(product, date(2024, 6, 3)), **over), name)


def test_a_certificate_has_a_date(product: OcopProduct) -> None:
    row = make_certificate(product, date(2024, 6, 3))
    assert refused(changed(row, decided_on=None), "decided_on")


def test_of_an_illustration_no_number_is_invented(product: OcopProduct) -> None:
    row = make_certificate(product, date(2024, 6, 3), decision_number="", provenance="illustrative")
    assert row.decision_number == ""


def test_one_decision_rests_on_an_assessment_and_one_is_taken_a_day(product: OcopProduct) -> None:
    row = make_certificate(product, date(2024, 6, 3))
    same = {"assessment": row.assessment}
    assert refused(
        lambda: make_certificate(product, date(2024, 6, 4), **same), "programmes_ocoprecognition_one_an_assessment"
    )
    assert refused(lambda: make_certificate(product, date(2024, 6, 3)), "programmes_ocoprecognition_one_a_day")


def test_a_person_is_reminded_of_a_turn_once(product: OcopProduct) -> None:
    row = make_certificate(product, date(2024, 6, 3))
    officer = person("can-bo", "commune_officer", unit=product.unit)
    notice = make_notice(row, officer)
    assert refused(lambda: make_notice(row, officer), "programmes_ocopnotice_once")
    assert refused(changed(notice, mail="sent"), "programmes_ocopnotice_sent_has_its_time")


def test_a_paper_of_a_recognition_is_kept_once_named_and_not_empty(product: OcopProduct) -> None:
    row = make_scan(make_certificate(product, date(2023, 6, 1)))
    fields = {name: getattr(row, name) for name in ("name", "media_type", "size", "sha256", "stored_by", "stored_at")}
    again = {**fields, "recognition": row.recognition, "file": "b"}
    with pytest.raises(IntegrityError), transaction.atomic():
        OcopDecisionScan.objects.create(**again)
    other = {**again, "recognition": make_certificate(product, date(2023, 7, 1))}
    assert refused(
        lambda: OcopDecisionScan.objects.create(**{**other, "name": ""}), "programmes_ocopdecisionscan_named"
    )
    assert refused(
        lambda: OcopDecisionScan.objects.create(**{**other, "size": 0}), "programmes_ocopdecisionscan_not_empty"
    )
