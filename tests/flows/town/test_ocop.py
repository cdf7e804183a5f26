"""OCOP in the demonstration town: 29 living products at the end of 2023, 20 three years before, and how it went on."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from communes.scope import scope_of
from mongcai_portal.accounts.models import User
from programmes.models import OcopAssessment, OcopPhoto, OcopProduct, OcopRecognition
from programmes.rules.ocop import event_of
from programmes.selectors.ocop import OcopFilter, OcopRegister, register_on
from programmes.services.ocop import remind_expiring
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")

BASE, END = date(2020, 12, 31), date(2023, 12, 31)
PROTECTED = {"Tôm chân trắng Móng Cái", "Ghẹ Trà Cổ", "Lợn Móng Cái"}


def register(day: date, **wanted: str) -> OcopRegister:
    return register_on(scope_of(User.objects.get(username="leader")), day, OcopFilter(**wanted))


def test_twenty_lived_at_the_end_of_2020_and_twenty_nine_three_years_later() -> None:
    before, now = register(BASE).counts, register(END).counts
    assert (before.live, before.ever) == (20, 20)
    assert (now.live, now.ever, now.expired) == (29, 33, 4)
    assert sum(now.by_stars.values()) == 29 and set(now.by_stars) == {3, 4}


def test_page_file_and_api_say_the_same_number() -> None:
    window = LocalWindow("leader")
    page = window.client.get("/ocop/", {"as_of": "2023-12-31", "state": "live"})
    assert page.context["total"] == 29
    book = load_workbook(
        BytesIO(window.client.get("/ocop/export/xlsx/", {"as_of": "2023-12-31", "state": "live"}).content)
    )
    stars = [row[6].value for row in book.active.iter_rows() if row[6].value in (3, 4, 5)]
    assert len(stars) == 29
    rows = window.client.get("/api/v1/ocop-products/", {"as_of": "2023-12-31", "state": "live", "page_size": 100})
    assert len(rows.json()["results"]) == 29


def test_the_figure_tells_the_steps_from_twenty_to_twenty_nine() -> None:
    page = LocalWindow("leader").client.get("/measures/ocop.recognised.count/", {"as_of": "2023-12-31"}).context["page"]
    assert [number for _label, number in page.products.steps] == ["20", "−4", "+13", "29"]
    assert (page.products.beside, page.products.counted, len(page.products.lines)) == ("trùng số công bố", 29, 33)


def test_the_protected_names_are_public_and_all_else_is_marked_as_made_up() -> None:
    named = OcopProduct.objects.exclude(protected_name="")
    assert set(named.values_list("name", flat=True)) == PROTECTED
    assert set(named.values_list("source", flat=True)) == {"ocop_lh"}
    for model in (OcopProduct, OcopAssessment, OcopRecognition):
        assert set(model.objects.values_list("provenance", flat=True)) == {"illustrative"}
    others = OcopProduct.objects.filter(protected_name="").values_list("name", flat=True)
    assert all("minh họa" in name for name in others)
    assert not OcopRecognition.objects.exclude(decision_number="").exists()
    assert OcopPhoto.objects.count() == 3 and all("minh họa" in row.name for row in OcopPhoto.objects.all())


def test_there_are_renewals_upgrades_a_downgrade_a_withdrawal_and_a_potential_five_stars() -> None:
    rows = list(OcopRecognition.objects.filter(decided_on__lte=END))
    by_product = {row.product_id: [one.certificate for one in rows if one.product_id == row.product_id] for row in rows}
    events = [event_of(row.certificate, by_product[row.product_id]) for row in rows]
    assert {name: events.count(name) for name in set(events)} == {
        "first": 33, "renewal": 13, "upgrade": 2, "downgrade": 1,
    }  # fmt: skip
    assert register(END, state="withdrawn").counts.potential == 1
    assert [row.product.name for row in register(END, state="withdrawn").rows] == ["Sản phẩm minh họa 20"]
    [waiting] = register(END, state="potential").rows
    assert (waiting.last, waiting.potential.stars) == (None, 5)


def test_every_assessment_was_made_by_the_scale_of_its_day() -> None:
    rows = OcopAssessment.objects.select_related("scale")
    assert {row.scale.code for row in rows if row.assessed_on < date(2023, 2, 24)} == {"qd_1048_2019"}
    assert {row.scale.code for row in rows if row.assessed_on >= date(2023, 2, 24)} == {"qd_148_2023"}
    assert set(rows.values_list("status", flat=True)) == {"approved"}


def test_the_products_of_merged_communes_lie_in_the_new_ones() -> None:
    uids = {place.unit.uid for row in register(date(2026, 1, 1)).rows for place in row.places}
    assert uids <= {"mong-cai-1", "mong-cai-2", "mong-cai-3", "hai-ninh", "hai-son-2025", "vinh-thuc-2025"}
    officer = scope_of(User.objects.get(username="officer.haison"))
    assert {row.product.unit.uid for row in register_on(officer, END).rows} == {"hai-son"}


def test_officers_are_reminded_of_what_ends() -> None:
    # Half a year before the end of those decided on 20/11/2023.
    assert remind_expiring(day=date(2026, 6, 1)) > 0
    assert remind_expiring(day=date(2026, 6, 1)) == 0
