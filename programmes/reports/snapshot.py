"""The snapshot of a report: the plain data of all sections, and what moved between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mongcai_portal.common.charts import subtitle
from programmes.reports.ground import Ground
from programmes.reports.registry import Chart, Figure, Section, sections
from programmes.reports.words import named, own

Snapshot = dict[str, Any]


def take(ground: Ground) -> Snapshot:
    """Make the data of every section.

    Raises:
        Unit.DoesNotExist: no such area on the last day of the period.
    """
    world = ground.world
    return {
        "area": {"uid": ground.area, "kind": world.area.kind, **named(world.area)},
        "since": ground.since.isoformat(),
        "until": ground.until.isoformat(),
        "sections": {section.code: section.build(ground) for section in sections()},
    }


def data_of(snapshot: Snapshot, code: str) -> dict[str, Any] | None:
    """Return the data of a section; None where the snapshot is older than the section."""
    found: dict[str, Any] | None = snapshot["sections"].get(code)
    return found


def figures_of(snapshot: Snapshot) -> dict[str, Figure]:
    """Return every figure of a snapshot by its key, in the language of the moment."""
    found: dict[str, Figure] = {}
    for section in sections():
        data = data_of(snapshot, section.code)
        for figure in section.figures(data) if data is not None else ():
            found[figure.key] = figure
    return found


def late_in(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what was older than it should be when the snapshot was taken, by label, in the language of the moment."""
    told = ((section, data_of(snapshot, section.code)) for section in sections())
    return tuple(dict.fromkeys(label for section, data in told if data is not None for label in section.late(data)))


def charts_of(snapshot: Snapshot) -> dict[str, Chart]:
    """Return every chart that the snapshot has something to draw for, by its code."""
    return {chart.code: chart for section in sections() for chart in section_charts(snapshot, section)}


def section_charts(snapshot: Snapshot, section: Section) -> tuple[Chart, ...]:
    """Return the charts of one section, each of which says of which area it is and to which day."""
    data = data_of(snapshot, section.code)
    if data is None:
        return ()
    return tuple(section.charts(data, subtitle(own(snapshot["area"]), date.fromisoformat(snapshot["until"]))))


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is not what it was; `before` or `after` is "" where it was not or is no longer told."""

    figure: Figure
    before: str
    after: str


def moved(before: Snapshot, after: Snapshot) -> tuple[Moved, ...]:
    """Return the figures that differ, in the order of the report.

    Sections that the older snapshot does not know are left out: they are new, nothing moved in them.
    """
    codes = before["sections"].keys() & after["sections"].keys()
    then, now = (figures_of(_only(one, codes)) for one in (before, after))
    keys = dict.fromkeys([*then, *now])
    pairs = ((key, then.get(key), now.get(key)) for key in keys)
    return tuple(
        Moved(new or old, old.text if old else "", new.text if new else "")  # type: ignore[arg-type]
        for _key, old, new in pairs
        if (old.text if old else "") != (new.text if new else "")
    )


def _only(snapshot: Snapshot, codes: Any) -> Snapshot:
    return {**snapshot, "sections": {code: data for code, data in snapshot["sections"].items() if code in codes}}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two snapshots tell the same figures."""
    return not moved(dict(one), dict(other))
