"""What moved between two snapshots, and sections that a snapshot does not know."""

from __future__ import annotations

from typing import Any

import pytest

from programmes.reports import registry
from programmes.reports.registry import Figure, Section
from programmes.reports.snapshot import data_of, figures_of, moved


def _figures(data: dict[str, str]) -> list[Figure]:
    return [Figure(key, f"Nhãn {key}", text, ("reports",)) for key, text in data.items()]


def _section(code: str) -> Section:
    return Section(
        code=code, title=code, build=lambda ground: {}, shape=dict, view=dict, tables=lambda data: (),
        page=lambda data: (), figures=_figures,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _two_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sections", {})
    registry.register(_section("b"), order=20)
    registry.register(_section("a"), order=10)


def snapshot(**sections: dict[str, str]) -> dict[str, Any]:
    return {"area": {}, "since": "2021-01-01", "until": "2023-12-31", "sections": sections}


def test_sections_stand_by_their_order_and_a_second_registration_replaces_the_first() -> None:
    registry.register(_section("b"), order=5)
    assert [section.code for section in registry.sections()] == ["b", "a"]


def test_a_figure_that_is_another_one_is_told_with_both_values() -> None:
    found = moved(snapshot(a={"x": "1", "y": "2"}), snapshot(a={"x": "1", "y": "3"}))
    assert [(one.figure.key, one.before, one.after) for one in found] == [("y", "2", "3")]


def test_the_same_snapshot_has_moved_in_nothing() -> None:
    same = snapshot(a={"x": "1"}, b={"z": ""})
    assert moved(same, same) == ()


def test_a_figure_that_came_or_went_is_told() -> None:
    found = moved(snapshot(a={"x": "1"}), snapshot(a={"y": "2"}))
    assert [(one.figure.key, one.before, one.after) for one in found] == [("x", "1", ""), ("y", "", "2")]


def test_a_section_that_one_snapshot_does_not_know_has_not_moved() -> None:
    old, new = snapshot(a={"x": "1"}), snapshot(a={"x": "1"}, b={"z": "9"})
    assert moved(old, new) == () and moved(new, old) == ()
    assert data_of(old, "b") is None and set(figures_of(old)) == {"x"}
