"""Norms entered by hand and the reference files: loading again does them no harm, whatever the files say."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from communes.services.units import load_units
from indicators.models import IndicatorVersion, Norm
from indicators.selectors.norm_target import norm_target
from indicators.services.criteria import STANDARD, load_criteria
from indicators.services.criteria_file import DATA
from indicators.services.norm_documents import keep_scan
from indicators.services.norm_reading import NormTyped, read_norm
from indicators.services.norms import enter_norm, seen_of
from mongcai_portal.common.errors import Invalid
from tests.factories.files import upload
from tests.factories.world import make_person

pytestmark = pytest.mark.django_db
FILES = {"files": (STANDARD,)}


@pytest.fixture
def by(db: Any) -> Any:
    load_units(by=None)
    load_criteria(by=None, **FILES)
    return make_person("coordinator", "coordinator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / f"{STANDARD}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def version(code: str, day: date = date(2023, 12, 31)) -> IndicatorVersion:
    return IndicatorVersion.objects.in_force(day).get(
        indicator__criterion__criteria_set__code="NTM_XA_2021_2025", indicator__code=code
    )


def enter(by: Any, code: str, value: str, **over: Any) -> Norm:
    target = norm_target(version(code).pk, over.pop("part", ""))
    given = {"decision": "12/QĐ-UBND", "issued_on": "2022-06-05", "issuer": "UBND tỉnh", "reason": "x"} | over
    typed = NormTyped(value=value, document=keep_scan(by=by, file=upload("qd.pdf")).pk, **given)
    return enter_norm(by=by, draft=read_norm(by=by, target=target, typed=typed), seen=seen_of(target))


def rows() -> list[dict[str, Any]]:
    return list(Norm.history.order_by("pk").values())


def test_loading_twice_leaves_norms_entered_by_hand_and_those_before_them(by: Any) -> None:
    enter(by, "17.11", "40")  # takes the place of an unverified level of the file
    enter(by, "2.2", "85")  # a level that the file does not know
    enter(by, "10", "60", region="dong_bang_song_hong", year="2023")
    before = rows()
    for _time in range(2):
        assert not load_criteria(by=None, **FILES)
        assert rows() == before


def test_the_file_does_not_take_back_a_level_that_it_now_says_otherwise(by: Any, folder: Path) -> None:
    norm = enter(by, "17.11", "40")
    edit(folder, "- value: 30\n        provenance: unverified", "- value: 35\n        provenance: sourced")
    assert not load_criteria(by=None, folder=folder, **FILES)
    (held,) = Norm.objects.filter(version=version("17.11"))
    assert (held.pk, held.number) == (norm.pk, Decimal(40))


def test_a_level_that_leaves_the_file_does_not_take_the_one_entered_by_hand_along(by: Any, folder: Path) -> None:
    norm = enter(by, "17.11", "40")
    edit(folder, "      norms:\n      - value: 30\n        provenance: unverified\n", "      norms: []\n")
    assert not load_criteria(by=None, folder=folder, **FILES)
    assert Norm.objects.get(version=version("17.11")).pk == norm.pk
    assert Norm.history.filter(version=version("17.11")).count() == 2


def test_a_level_of_the_file_beside_one_entered_from_a_later_day_is_still_the_files(by: Any, folder: Path) -> None:
    enter(by, "17.11", "40", valid_from="2024-01-01")
    edit(folder, "- value: 30\n        provenance: unverified", "- value: 35\n        provenance: unverified")
    assert load_criteria(by=None, folder=folder, **FILES).changed == 1
    assert set(Norm.objects.filter(version=version("17.11")).values_list("number", flat=True)) == {35, 40}


def test_other_levels_go_on_following_the_file(by: Any, folder: Path) -> None:
    enter(by, "2.2", "85")
    edit(folder, "- value: 30\n        provenance: unverified", "- value: 35\n        provenance: unverified")
    assert load_criteria(by=None, folder=folder, **FILES).changed == 1
    assert Norm.objects.get(version=version("17.11")).number == 35


ELECTRONIC = "      name_vi: Xã triển khai thực hiện sổ khám chữa bệnh điện tử\n"
BEGINS = "    - valid_from: '2024-03-01'\n      valid_to: null\n      decision: 211/QĐ-TTg\n" + ELECTRONIC
ASKS_YES = """      value_type: boolean
      unit: đạt/chưa đạt
      comparison: is_true
      element: commune_runs_electronic_health_records
      norms:
      - value: true
"""
ASKS_SHARE = """      value_type: percent
      unit: '%'
      comparison: '>='
      element: residents_electronic_health_records
      norms:
      - value: 50
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [(BEGINS, BEGINS.replace("2024-03-01", "2024-04-01")), (ASKS_YES, ASKS_SHARE)],
    ids=["its version begins on another day", "its version asks something else"],
)
def test_a_file_without_a_place_for_a_level_entered_by_hand_is_refused_whole(
    by: Any, folder: Path, old: str, new: str
) -> None:
    target = norm_target(version("15.4", date(2024, 12, 31)).pk, "")
    typed = NormTyped("true", decision="211/QĐ-TTg", issued_on="2024-03-01", issuer="Thủ tướng Chính phủ",
                      document=keep_scan(by=by, file=upload("qd.pdf")).pk)  # fmt: skip
    enter_norm(by=by, draft=read_norm(by=by, target=target, typed=typed), seen=seen_of(target))
    before = rows()
    edit(folder, old, new)
    with pytest.raises(Invalid) as caught:
        load_criteria(by=None, folder=folder, **FILES)
    assert {fault.code for fault in caught.value.faults} == {"entered_by_hand"}
    assert "15.4" in str(caught.value) and "211/QĐ-TTg" in str(caught.value)
    assert rows() == before
