"""Criteria files for tests: copies that can be spoilt, and the 2026-2030 set with its indicators entered."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from indicators.services.criteria import NEXT_STANDARD
from indicators.services.criteria_file import DATA

NEXT_CODE = "NTM_XA_2026_2030"
# Levels of the test alone: the official text is still to be entered.
INCOME_BY_GROUP = {"nhom_1": 90, "nhom_2": 80, "nhom_3": 70}


def copy_of_the_data(folder: Path) -> Path:
    copy = folder / "data"
    shutil.copytree(DATA, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first place where `old` stands, and return the line on which it begins."""
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def completed(folder: Path, *, indicators: int = 47, **over: Any) -> Path:
    """Write the 2026-2030 file as a coordinator would complete it: elements of its own, and income read anew."""
    raw: dict[str, Any] = yaml.safe_load((DATA / f"{NEXT_STANDARD}.yaml").read_text(encoding="utf-8"))
    raw.pop("loadable")
    raw["elements"] = []
    for at in range(indicators):
        criterion = raw["criteria"][at % 10]
        code = f"{criterion['number']}.{len(criterion['indicators']) + 1}"
        criterion["indicators"].append(_income(code) if at == 2 else _yes(raw, code))
    raw["indicator_count"] = indicators
    path = folder / "qd_51_2025.yaml"
    path.write_text(yaml.safe_dump({**raw, **over}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _indicator(code: str, office: str, version: Mapping[str, Any]) -> dict[str, Any]:
    base = {
        "valid_from": "2026-01-01",
        "valid_to": None,
        "decision": "51/2025/QĐ-TTg",
        "name_provenance": "unverified",
    }
    return {"code": code, "versions": [{**base, **version}], "level_set_by": "prime_minister", "office": office}


def _income(code: str) -> dict[str, Any]:
    return _indicator(
        code,
        "thongke",
        {
            "name_vi": "Thu nhập bình quân đầu người",
            "name_en": "Per-capita income",
            "value_type": "number",
            "unit": "triệu đồng/người/năm",
            "comparison": ">=",
            "element": "per_capita_income",
            "norms": [
                {"commune_group": group, "value": value, "provenance": "unverified"}
                for group, value in INCOME_BY_GROUP.items()
            ],
        },
    )


def _yes(raw: dict[str, Any], code: str) -> dict[str, Any]:
    element = f"next_{code.replace('.', '_')}"
    words = {"name_vi": f"Nội dung {code}", "name_en": f"Content {code}"}
    asked = {"value_type": "boolean", "unit": "đạt/chưa đạt"}
    raw["elements"].append({"code": element, **words, **asked, "office": "ntm"})
    return _indicator(
        code,
        "ntm",
        {
            **words,
            **asked,
            "comparison": "is_true",
            "element": element,
            "norms": [{"value": True, "provenance": "unverified"}],
        },
    )
