"""What must hold between criteria sets: what they refer to exists, and nothing derives from itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from indicators.services.criteria_types import CriteriaData, IndicatorRow, SetRow
from mongcai_portal.common.errors import Fault

Edges = dict[str, set[str]]


def check_references(
    data: CriteriaData,
    *,
    stored: Mapping[str, frozenset[str]],
    stored_levels: Mapping[str, str],
    stored_edges: Mapping[str, Iterable[str]],
) -> list[Fault]:
    """Return the faults between sets.

    Args:
        stored: indicator codes of the sets in the database that are not in the files.
        stored_levels: level codes of those sets.
        stored_edges: what those sets' nodes derive from.
    """
    known = dict(stored) | {
        one.code: frozenset(i.code for c in one.criteria for i in c.indicators) for one in data.sets
    }
    faults: list[Fault] = []
    edges: Edges = {node: set(targets) for node, targets in stored_edges.items()}
    places: dict[str, str] = {}
    for one in data.sets:
        if one.prerequisite and one.prerequisite not in known:
            faults.append(_unknown_set(f"{one.pointer}/prerequisite", one.prerequisite))
        _edge(edges, places, one.code, one.prerequisite, f"{one.pointer}/prerequisite")
        for criterion in one.criteria:
            for indicator in criterion.indicators:
                faults += _indicator(one, indicator, known, edges, places)
    faults += [
        Fault(
            "/" + places[node],
            "circular",
            _("“%(code)s” dẫn xuất vòng tròn từ chính nó.") % {"code": node.replace("#", " ")},
        )
        for node in _on_cycle(edges)
        if node in places
    ]
    return faults + _lower_first(data, stored_levels) + _numbers_only(data) + _same_parts(data)


def _lower_first(data: CriteriaData, stored_levels: Mapping[str, str]) -> list[Fault]:
    """What a set requires is a lower level of its own phase: levels are judged from the lowest up."""
    levels = {str(row["code"]): (row["phase"], int(row["rank"])) for row in data.levels}
    level_of = dict(stored_levels) | {one.code: one.level for one in data.sets}
    faults = []
    for one in data.sets:
        needs = [(one.prerequisite, f"{one.pointer}/prerequisite")] if one.prerequisite else []
        needs += [
            (i.derived_from_attainment, f"{i.pointer}/derived_from_attainment")
            for c in one.criteria
            for i in c.indicators
            if i.derived_from_attainment
        ]
        own = levels.get(one.level)
        for code, pointer in needs:
            other = levels.get(level_of.get(code, ""))
            # A level that does not exist, or a set that does not, is named already.
            if own is not None and other is not None and (other[0] != own[0] or other[1] >= own[1]):
                message = _("“%(code)s” không phải là bộ tiêu chí của mức thấp hơn.") % {"code": code}
                faults.append(Fault("/" + pointer, "not_lower", message))
    return faults


def _numbers_only(data: CriteriaData) -> list[Fault]:
    """A norm can be a factor times another one only when that one is a number."""
    types = {
        (one.code, i.code): version.value_type
        for one in data.sets
        for c in one.criteria
        for i in c.indicators
        for version in i.versions
    }
    return [
        Fault(
            f"/{i.pointer}/versions/{at}/norms",
            "wrong_type",
            _("Mức của “%(code)s” không phải là số nên không dẫn xuất được.") % {"code": norm.derived_indicator},
        )
        for one in data.sets
        for c in one.criteria
        for i in c.indicators
        for at, version in enumerate(i.versions)
        for norm in version.norms
        if norm.derived_set and types.get((norm.derived_set, norm.derived_indicator)) in ("boolean", "choice")
    ]


def _unknown_set(pointer: str, code: str) -> Fault:
    return Fault("/" + pointer, "unknown_set", _("Không có bộ tiêu chí “%(code)s”.") % {"code": code})


def _edge(edges: Edges, places: dict[str, str], node: str, target: str, pointer: str) -> None:
    if target:
        edges.setdefault(node, set()).add(target)
        places[node] = pointer


def _indicator(
    one: SetRow, indicator: IndicatorRow, known: Mapping[str, frozenset[str]], edges: Edges, places: dict[str, str]
) -> list[Fault]:
    faults = []
    if indicator.derived_from_attainment:
        pointer = f"{indicator.pointer}/derived_from_attainment"
        if indicator.derived_from_attainment not in known:
            faults.append(_unknown_set(pointer, indicator.derived_from_attainment))
        _edge(edges, places, one.code, indicator.derived_from_attainment, pointer)
    for at, version in enumerate(indicator.versions):
        for norm in version.norms:
            if not norm.derived_set:
                continue
            pointer = f"{indicator.pointer}/versions/{at}/norms"
            if norm.derived_set not in known:
                faults.append(_unknown_set(pointer, norm.derived_set))
            elif norm.derived_indicator not in known[norm.derived_set]:
                faults.append(
                    Fault(
                        "/" + pointer,
                        "unknown_indicator",
                        _("Bộ “%(set)s” không có chỉ tiêu “%(code)s”.")
                        % {"set": norm.derived_set, "code": norm.derived_indicator},
                    )
                )
            _edge(
                edges, places, f"{one.code}#{indicator.code}", f"{norm.derived_set}#{norm.derived_indicator}", pointer
            )
    return faults


def _on_cycle(edges: Edges) -> list[str]:
    """Return the nodes from which following the edges leads back to the node itself."""
    found = []
    for start in edges:
        seen: set[str] = set()
        queue = list(edges[start])
        while queue:
            node = queue.pop()
            if node not in seen:
                seen.add(node)
                queue.extend(edges.get(node, ()))
        if start in seen:
            found.append(start)
    return sorted(found)


def _same_parts(data: CriteriaData) -> list[Fault]:
    """One part of one element is one question: two versions may not type it in two ways."""
    faults = []
    seen: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {}
    for one in data.sets:
        for indicator in (i for c in one.criteria for i in c.indicators):
            for at, version in enumerate(indicator.versions):
                for component in version.components:
                    asked = (component.value_type, component.unit, component.scale)
                    if seen.setdefault((version.element, component.code), asked) != asked:
                        faults.append(
                            Fault(
                                f"/{indicator.pointer}/versions/{at}/components",
                                "wrong_type",
                                _("Thành phần “%(code)s” được khai hai kiểu khác nhau.") % {"code": component.code},
                            )
                        )
    return faults
