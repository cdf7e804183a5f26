"""Reading criteria files: every field checked, every fault named with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from indicators.models.criteria import Comparison, DerivedFigure, ValueType
from indicators.services.criteria_norms import NormReader
from indicators.services.criteria_types import (
    ComponentRow,
    CriteriaData,
    CriterionRow,
    ElementRow,
    IndicatorRow,
    SetRow,
    VersionRow,
    ZoneRuleRow,
)
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.reference import read_yaml

DATA = Path(__file__).parent.parent / "data"
# The words by which decrees and rules of recognition call the levels (QĐ 18/2022/QĐ-TTg).
_LEVEL_WORDS = {"xa_ntm": "standard", "xa_ntm_nang_cao": "advanced", "xa_ntm_kieu_mau": "model"}
_TYPES_OF = {
    ValueType.PERCENT: {Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL},
    ValueType.NUMBER: {Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL},
    ValueType.CHOICE: {Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL},
    ValueType.BOOLEAN: {Comparison.IS_TRUE},
}
_LONG_AGO = date(1900, 1, 1)


def pointer_of(name: str) -> str:
    """Return how faults name a set file: a name in the folder as it is, a path by its last part."""
    return Path(name).stem if name.endswith((".yaml", ".yml")) else name


class CriteriaReader(NormReader):
    """Reads `levels.yaml`, `data_elements.yaml` and the sets; collects faults instead of stopping at the first."""

    def __init__(self, folder: Path = DATA, *, offices: Iterable[str] = ()) -> None:
        super().__init__()
        self.folder = folder
        self.offices = frozenset(offices)
        self.data = CriteriaData()
        self.paths: dict[str, Path] = {}
        self._component_names: Mapping[str, str] = {}
        self._element_codes: set[str] = set()

    # --- files --------------------------------------------------------------------------------------------------

    def read(self, files: Iterable[str]) -> CriteriaData:
        """Read the elements and the set files: names in the folder without `.yaml`, or paths of files elsewhere.

        A set may bring elements of its own that no other has asked for yet.
        """
        levels = self._open("levels") or {}
        self.data.levels, self.data.sexes = levels.get("levels", []), levels.get("sexes", [])
        self._component_names = levels.get("components", {})
        self._elements(self._open("data_elements") or {}, "data_elements")
        codes: set[str] = set()
        # All elements before the first set: a set may read what one named after it brings.
        found = [(pointer_of(name), row) for name in files if (row := self._open(name)) is not None]
        for name, row in found:
            self._elements(row, name)
        for name, row in found:
            parsed = self._set(row, name)
            self.once(codes, parsed.code, f"{name}/code")
            self.data.sets.append(parsed)
        return self.data

    def _open(self, name: str) -> Mapping[str, Any] | None:
        """Return what a file says, or None and the reason why it cannot be read."""
        pointer = pointer_of(name)
        path = Path(name) if name != pointer else self.folder / f"{name}.yaml"
        self.paths[pointer] = path
        try:
            content = read_yaml(path)
        except OSError:
            self.fault(pointer, "unknown_file", _("Không đọc được tệp %(path)s.") % {"path": path})
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = {"line": mark.line + 1 if mark else "?", "problem": getattr(error, "problem", error)}
            self.fault(pointer, "not_yaml", _("Tệp không đúng cú pháp YAML, dòng %(line)s: %(problem)s.") % where)
        else:
            if isinstance(content, Mapping):
                return content
            self.fault(pointer, "not_a_mapping", _("Tệp phải gồm các trường như code, level, criteria."))
        return None

    def _elements(self, row: Mapping[str, Any], name: str) -> None:
        for at, one in enumerate(self.rows(row, "elements", name)):
            self._element(one, f"{name}/elements/{at}")

    def _element(self, row: Mapping[str, Any], pointer: str) -> None:
        code = self.text(row, "code", pointer)
        self.once(self._element_codes, code, f"{pointer}/code")
        scale = tuple(row.get("scale") or ())
        value_type = self.word(row, "value_type", pointer, ValueType.values)
        self._check_scale(value_type, scale, pointer)
        if row.get("disaggregate") not in (None, "sex"):
            self.fault(
                f"{pointer}/disaggregate",
                "unknown_disaggregate",
                _("“%(value)s” không có trong danh mục (%(field)s).")
                % {"value": row["disaggregate"], "field": "disaggregate"},
            )
        self.data.elements[code] = ElementRow(
            code,
            self.text(row, "name_vi", pointer),
            self.text(row, "name_en", pointer),
            value_type,
            self.text(row, "unit", pointer),
            scale,
            self.word(row, "office", pointer, self.offices),
            row.get("disaggregate") == "sex",
            *self._derived(row, value_type, pointer),
        )

    def _derived(self, row: Mapping[str, Any], value_type: str, pointer: str) -> tuple[str, str, str]:
        """Return the figure of the register that an element is, its poverty standard, and how firmly that is known."""
        derived = row.get("derived_from_register")
        if derived is None:
            return "", "", ""
        place = f"{pointer}/derived_from_register"
        if value_type != ValueType.PERCENT or not isinstance(derived, Mapping):
            message = _("Chỉ tỷ lệ phần trăm mới tính được từ sổ hộ.")
            self.fault(place, "not_a_percentage", message)
            return "", "", ""
        return (
            self.word(derived, "figure", place, DerivedFigure.values),
            self.text(derived, "standard", place),
            self.word(derived, "provenance", place, Provenance.values),
        )

    def _check_scale(self, value_type: str, scale: tuple[str, ...], pointer: str) -> None:
        if value_type == ValueType.CHOICE and len(set(scale)) < 2:
            self.fault(f"{pointer}/scale", "missing", _("Thiếu trường “%(field)s”.") % {"field": "scale"})

    def _set(self, row: Mapping[str, Any], name: str) -> SetRow:
        self._regions = frozenset(
            self.text(one, "code", f"{name}/regions/{at}") for at, one in enumerate(self.rows(row, "regions", name))
        )
        groups = self._commune_groups(row, name)
        self._groups = frozenset(str(group["code"]) for group in groups)
        level = self.word(row, "level", name, [str(one["code"]) for one in self.data.levels])
        valid_from = self.day(row, "valid_from", name) or _LONG_AGO
        valid_to = self.day(row, "valid_to", name, needed=False)
        # A decree signed in 2022 rules the reports of 2021 too, when it says so.
        years = row.get("applies_to_years") or [valid_from.year, (valid_to or valid_from).year]
        if not all(isinstance(year, int) for year in years):
            self.fault(f"{name}/applies_to_years", "wrong_type", _("Các năm áp dụng phải là số."))
            years = [valid_from.year]
        numbers: set[int] = set()
        # Norms of other sets refer to an indicator by the set and its code, so a code comes once in the whole set.
        codes: set[str] = set()
        criteria = tuple(
            self._criterion(one, f"{name}/criteria/{at}", numbers, codes)
            for at, one in enumerate(self.rows(row, "criteria", name))
        )
        indicators = sum(len(one.indicators) for one in criteria)
        for key, found in (("criteria_count", len(criteria)), ("indicator_count", indicators)):
            if row.get(key) != found:
                self.fault(
                    f"{name}/{key}",
                    "wrong_count",
                    _("Khai %(declared)s nhưng tệp có %(found)s.") % {"declared": row.get(key), "found": found},
                )
        if row.get("region"):
            self._region(row, name)
        return SetRow(
            code=self.text(row, "code", name),
            name_vi=self.text(row, "name_vi", name),
            name_en=self.text(row, "name_en", name),
            level=level,
            prerequisite=row.get("prerequisite") or "",
            decision=self.text(row, "decision", name),
            issued_on=self.day(row, "issued_on", name) or _LONG_AGO,
            valid_from=valid_from,
            valid_to=valid_to,
            first_year=min(years),
            last_year=max(years),
            default_region=row.get("region") or "",
            criteria_declared=len(criteria),
            indicators_declared=row.get("indicator_count_declared", indicators),
            loadable=row.get("loadable", True),
            zone_rules=self._zone_rules(row, name, level),
            criteria=criteria,
            sources=tuple(
                self._source(one, f"{name}/sources/{at}") for at, one in enumerate(self.rows(row, "sources", name))
            ),
            commune_groups=groups,
            pointer=name,
        )

    def _source(self, row: Mapping[str, Any], pointer: str) -> dict[str, str]:
        code, title = self.text(row, "id", pointer), self.text(row, "title", pointer)
        return {"id": code, "title": title, "url": str(row.get("url") or "")}

    def _commune_groups(self, row: Mapping[str, Any], name: str) -> tuple[dict[str, str], ...]:
        seen: set[str] = set()
        groups = []
        for at, one in enumerate(self.rows(row, "commune_groups", name)):
            pointer = f"{name}/commune_groups/{at}"
            code = self.text(one, "code", pointer)
            self.once(seen, code, f"{pointer}/code")
            groups.append(
                {
                    "code": code,
                    "name_vi": self.text(one, "name_vi", pointer),
                    "name_en": str(one.get("name_en") or ""),
                    "definition_vi": str(one.get("definition_vi") or ""),
                }
            )
        return tuple(groups)

    def _zone_rules(self, row: Mapping[str, Any], name: str, level: str) -> tuple[ZoneRuleRow, ...]:
        rules = []
        for at, rule in enumerate(
            self.rows(row.get("recognition_rules") or {}, "zone_rules", f"{name}/recognition_rules")
        ):
            pointer = f"{name}/recognition_rules/zone_rules/{at}"
            if level not in {_LEVEL_WORDS.get(word, word) for word in rule.get("applies_to") or (level,)}:
                continue
            rules.append(
                ZoneRuleRow(
                    self.text(rule, "zone", pointer),
                    self._region({"region": rule.get("applies_thresholds_of_region")}, pointer),
                    Provenance.SOURCED if rule.get("verified") else Provenance.UNVERIFIED,
                    ", ".join(rule.get("sources") or ()),
                )
            )
        return tuple(rules)

    def _criterion(self, row: Mapping[str, Any], pointer: str, numbers: set[int], codes: set[str]) -> CriterionRow:
        number = self.need(row, "number", pointer) or 0
        self.once(numbers, number, f"{pointer}/number")
        return CriterionRow(
            number,
            self.text(row, "name_vi", pointer),
            self.text(row, "name_en", pointer),
            row.get("group_vi") or "",
            tuple(
                self._indicator(one, f"{pointer}/indicators/{at}", codes)
                for at, one in enumerate(self.rows(row, "indicators", pointer))
            ),
        )

    def _indicator(self, row: Mapping[str, Any], pointer: str, codes: set[str]) -> IndicatorRow:
        code = self.text(row, "code", pointer)
        self.once(codes, code, f"{pointer}/code")
        versions = tuple(
            self._version(one, f"{pointer}/versions/{at}") for at, one in enumerate(self.rows(row, "versions", pointer))
        )
        if not versions:
            self.fault(f"{pointer}/versions", "missing", _("Thiếu trường “%(field)s”.") % {"field": "versions"})
        ordered = sorted(versions, key=lambda version: version.valid_from)
        for before, after in zip(ordered, ordered[1:], strict=False):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                self.fault(
                    f"{pointer}/versions",
                    "overlap",
                    _("Hai phiên bản của “%(code)s” trùng thời gian.") % {"code": code},
                )
        return IndicatorRow(
            code,
            self.word(row, "office", pointer, self.offices),
            self.text(row, "level_set_by", pointer),
            row.get("applies_if_vi") or "",
            row.get("derived_from_attainment") or "",
            tuple(row.get("sources") or ()),
            versions,
            pointer,
        )

    def _version(self, row: Mapping[str, Any], pointer: str) -> VersionRow:
        element = self.data.elements.get(self.text(row, "element", pointer))
        if element is None and row.get("element"):
            self.fault(
                f"{pointer}/element", "unknown_element", _("Không có số liệu “%(code)s”.") % {"code": row["element"]}
            )
        value_type, comparison = self._judged(row, pointer)
        scale = tuple(row.get("scale") or (element.scale if element else ()))
        if element is not None and (value_type, scale) != (element.value_type, element.scale):
            self.fault(
                f"{pointer}/value_type",
                "wrong_type",
                _("Kiểu giá trị khác với số liệu “%(code)s”.") % {"code": element.code},
            )
        components, norms = [], self._norms(row, pointer, "", value_type, scale)
        codes: set[str] = set()
        for at, one in enumerate(self.rows(row, "components", pointer)):
            spot = f"{pointer}/components/{at}"
            component = self._component(one, spot)
            self.once(codes, component.code, f"{spot}/code")
            components.append(component)
            norms += self._norms(one, spot, component.code, component.value_type, component.scale)
        if element is not None and element.by_sex and components:
            self.fault(
                f"{pointer}/components", "sex_and_components", _("Số liệu chia theo giới tính không chia thành phần.")
            )
        return VersionRow(
            valid_from=self.day(row, "valid_from", pointer) or _LONG_AGO,
            valid_to=self.day(row, "valid_to", pointer, needed=False),
            decision=self.text(row, "decision", pointer),
            name_vi=self.text(row, "name_vi", pointer),
            name_en=self.text(row, "name_en", pointer),
            name_provenance=self.word(row, "name_provenance", pointer, Provenance.values),
            element=str(row.get("element")),
            value_type=value_type,
            unit=self.text(row, "unit", pointer),
            comparison=comparison,
            scale=scale,
            components=tuple(components),
            norms=tuple(norms),
        )

    def _judged(self, row: Mapping[str, Any], pointer: str) -> tuple[str, str]:
        """Return value type and comparison, which must suit one another."""
        value_type = self.word(row, "value_type", pointer, ValueType.values)
        comparison = self.word(row, "comparison", pointer, Comparison.values)
        if (
            value_type in _TYPES_OF
            and comparison in Comparison.values
            and comparison not in _TYPES_OF[ValueType(value_type)]
        ):
            self.fault(
                f"{pointer}/comparison",
                "wrong_comparison",
                _("Phép so sánh “%(comparison)s” không hợp với kiểu “%(type)s”.")
                % {"comparison": comparison, "type": value_type},
            )
        return value_type, comparison

    def _component(self, row: Mapping[str, Any], pointer: str) -> ComponentRow:
        code = self.text(row, "code", pointer)
        value_type, comparison = self._judged(row, pointer)
        scale = tuple(row.get("scale") or ())
        self._check_scale(value_type, scale, pointer)
        names = {"name_en": row.get("name_en") or self._component_names.get(code)}
        return ComponentRow(
            code,
            self.text(row, "name_vi", pointer),
            self.text(names, "name_en", pointer),
            value_type,
            self.text(row, "unit", pointer),
            comparison,
            scale,
        )
