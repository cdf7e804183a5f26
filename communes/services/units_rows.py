"""What the files of units, offices and groups say, as unsaved rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A unit's name, kind, code and place while they held; `parent` is a uid."""

    uid: str
    name_vi: str
    name_en: str
    kind: str
    official_code: str
    parent: str
    provenance: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    tile: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone of a unit."""

    uid: str
    zone: str
    provenance: str
    source: str
    note: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """That a unit's territory passed to another."""

    predecessor: str
    successor: str
    effective_on: date
    kind: str
    legal_basis: str
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A unit's membership of a group while it lasted."""

    uid: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A named, dated set of units."""

    code: str
    name_vi: str
    name_en: str
    provenance: str
    source: str
    note: str
    valid_from: date | None
    valid_to: date | None
    members: tuple[MemberRow, ...]


@dataclass(slots=True)
class UnitsData:
    """All that the files say, ready to be stored."""

    region: str = ""
    versions: list[VersionRow] = field(default_factory=list)
    zones: list[ZoneRow] = field(default_factory=list)
    successions: list[SuccessionRow] = field(default_factory=list)
    groups: list[GroupRow] = field(default_factory=list)
    offices: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
