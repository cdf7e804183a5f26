"""Programmes and funding sources from `programmes.yaml`: made equal to the file, loadable twice without harm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance, Source
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows
from programmes.models import (
    Component,
    FundingSource,
    LegalBasis,
    Programme,
    ProgrammePhase,
    ProgrammeStatement,
    ProgrammeSuccession,
    ThematicProgramme,
)

DATA = Path(__file__).parent.parent / "data"
FILE = "programmes"
_NAMES = ("name_vi", "name_en")
_MARKS = ("provenance", "source")


class _Reader(FieldReader):
    """Reads the file; rows of a programme are kept by its code until programmes are stored."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.raw = read_yaml(folder / f"{FILE}.yaml")
        self.known = set(Source.objects.values_list("code", flat=True))
        self.programmes: list[Programme] = []
        self.sources: list[FundingSource] = []
        self.parts: dict[type[models.Model], list[tuple[str, models.Model]]] = {}
        self.steps: list[tuple[str, str, ProgrammeSuccession]] = []

    def marks(self, row: Mapping[str, Any], at: str) -> dict[str, str]:
        """Return provenance and source; a source that the portal does not know is a fault."""
        mark = self.word(row, "provenance", at, Provenance.values)
        source = str(row.get("source") or "")
        if source and source not in self.known:
            self.fault(f"{at}/source", "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": source})
        if mark == Provenance.SOURCED and not source:
            self.fault(f"{at}/source", "missing", _("Thiếu trường “%(field)s”.") % {"field": "source"})
        return {"provenance": mark, "source": source}

    def names(self, row: Mapping[str, Any], at: str, stem: str = "name") -> dict[str, str]:
        return {f"{stem}_{lang}": self.text(row, f"{stem}_{lang}", at) for lang in ("vi", "en")}

    def optional(self, row: Mapping[str, Any], *stems: str) -> dict[str, str]:
        return {f"{s}_{lang}": str(row.get(f"{s}_{lang}") or "") for s in stems for lang in ("vi", "en")}

    def number(self, row: Mapping[str, Any], key: str, at: str) -> int:
        value = self.need(row, key, at)
        if not isinstance(value, int):
            if value is not None:
                self.fault(f"{at}/{key}", "not_a_number", _("“%(value)s” không phải là số.") % {"value": value})
            return 0
        return value

    def read(self) -> None:
        self._legal("", self.raw, "common_legal", FILE)
        seen: set[str] = set()
        for at, row in enumerate(self.rows(self.raw, "programmes", FILE)):
            self._programme(row, f"{FILE}/programmes/{at}", at + 1, seen)
        for at, row in enumerate(self.rows(self.raw, "successions", FILE)):
            self._step(row, f"{FILE}/successions/{at}", seen)
        codes: set[str] = set()
        for at, row in enumerate(self.rows(self.raw, "funding_sources", FILE)):
            self._source(row, f"{FILE}/funding_sources/{at}", at + 1, codes)

    def _programme(self, row: Mapping[str, Any], at: str, position: int, seen: set[str]) -> None:
        code = self.text(row, "code", at)
        self.once(seen, code, f"{at}/code")
        group = row.get("components") or {}
        self.programmes.append(
            Programme(
                code=code,
                kind=self.word(row, "kind", at, Programme.Kind.values),
                position=position,
                valid_from=self.day(row, "valid_from", at),
                valid_to=self.day(row, "valid_to", at, needed=False),
                component_vi=str(group.get("word_vi") or ""),
                component_en=str(group.get("word_en") or ""),
                components_provenance=str(group.get("provenance") or Provenance.MISSING),
                **self.names(row, at), **self.names(row, at, "short"), **self.optional(row, "agency", "note"),
                **self.marks(row, at),
            )
        )  # fmt: skip
        self._legal(code, row, "legal", at)
        for n, one in enumerate(self.rows(row, "phases", at)):
            here = f"{at}/phases/{n}"
            years = {key: self.number(one, key, here) for key in ("first_year", "last_year")}
            self._keep(code, ProgrammePhase(**years, **self.names(one, here), **self.marks(one, here)))
        for n, one in enumerate(self.rows(group, "items", f"{at}/components")):
            here = f"{at}/components/items/{n}"
            marks = self.marks({"provenance": group.get("provenance"), **one}, here)
            self._keep(code, Component(number=self.number(one, "number", here), **self.names(one, here), **marks))
        for n, one in enumerate(self.rows(row, "thematic", at)):
            here = f"{at}/thematic/{n}"
            decision = self.text(one, "decision", here)
            self._keep(
                code,
                ThematicProgramme(position=n + 1, decision=decision, **self.names(one, here), **self.marks(one, here)),
            )
        for n, one in enumerate(self.rows(row, "statements", at)):
            here = f"{at}/statements/{n}"
            kind = self.word(one, "kind", here, ProgrammeStatement.Kind.values)
            fields = {"kind": kind, "key": self.text(one, "key", here), "position": n + 1}
            self._keep(code, ProgrammeStatement(**fields, **self.names(one, here, "text"), **self.marks(one, here)))

    def _legal(self, code: str, row: Mapping[str, Any], key: str, at: str) -> None:
        for n, one in enumerate(self.rows(row, key, at)):
            here = f"{at}/{key}/{n}"
            issued = self.day(one, "issued_on", here, needed=False)
            text = self.text(one, "text", here)
            self._keep(code, LegalBasis(position=n + 1, text=text, issued_on=issued, **self.marks(one, here)))

    def _step(self, row: Mapping[str, Any], at: str, seen: set[str]) -> None:
        ends = self.word(row, "from", at, seen), self.word(row, "to", at, seen)
        day = self.day(row, "effective_on", at)
        basis = self.text(row, "legal_basis", at)
        self.steps.append((*ends, ProgrammeSuccession(effective_on=day, legal_basis=basis, **self.marks(row, at))))

    def _source(self, row: Mapping[str, Any], at: str, position: int, codes: set[str]) -> None:
        code = self.text(row, "code", at)
        self.once(codes, code, f"{at}/code")
        measure = self.word({"measure": FundingSource.Measure.DONG, **row}, "measure", at, FundingSource.Measure.values)
        self.sources.append(
            FundingSource(
                code=code,
                position=position,
                by_decision=bool(self.need(row, "by_decision", at)),
                measure=measure,
                valid_from=self.day(row, "valid_from", at, needed=False),
                valid_to=self.day(row, "valid_to", at, needed=False),
                **self.names(row, at), **self.marks(row, at),
            )
        )  # fmt: skip

    def _keep(self, code: str, row: models.Model) -> None:
        self.parts.setdefault(type(row), []).append((code, row))


_FIELDS: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    ProgrammePhase: ("first_year", ("last_year", *_NAMES, *_MARKS)),
    Component: ("number", (*_NAMES, *_MARKS)),
    ThematicProgramme: ("position", ("decision", *_NAMES, *_MARKS)),
    LegalBasis: ("position", ("text", "issued_on", *_MARKS)),
    ProgrammeStatement: ("key", ("kind", "position", "text_vi", "text_en", *_MARKS)),
}


def load_programmes(*, by: Any, folder: Path = DATA) -> Changes:
    """Make programmes, their parts and the funding sources equal to the file; `by` None is the system itself.

    Programmes, components and sources that money is written under are never deleted.

    Raises:
        Invalid: the file has faults; all are named and nothing is stored.
    """
    with transaction.atomic():
        reader = _Reader(folder)
        reader.read()
        if reader.faults:
            raise Invalid(reader.faults)
        changes = _store(reader)
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="programmes",
                label=FILE,
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes


def _store(reader: _Reader) -> Changes:
    fields = (
        "kind", "position", "valid_from", "valid_to", *_NAMES, "short_vi", "short_en", "agency_vi", "agency_en",
        "component_vi", "component_en", "components_provenance", "note_vi", "note_en", *_MARKS,
    )  # fmt: skip
    stored, changes = sync_rows(
        Programme.objects.all(), reader.programmes, key=lambda row: row.code, fields=fields, keep=True
    )
    for model, (key, compared) in _FIELDS.items():
        rows: list[Any] = []
        for code, row in reader.parts.get(model, ()):
            if code:
                row.programme_id = stored[code].pk  # type: ignore[attr-defined]
            rows.append(row)
        _rows, done = sync_rows(
            model._default_manager.all(),
            rows,
            key=_keyed(key),
            fields=compared,
            keep=model is Component,
        )
        changes += done
    for before, after, step in reader.steps:
        step.predecessor_id, step.successor_id = stored[before].pk, stored[after].pk
    _rows, done = sync_rows(
        ProgrammeSuccession.objects.all(),
        [step for _before, _after, step in reader.steps],
        key=lambda row: (row.predecessor_id, row.successor_id),
        fields=("effective_on", "legal_basis", *_MARKS),
    )
    changes += done
    _rows, done = sync_rows(
        FundingSource.objects.all(),
        reader.sources,
        key=lambda row: row.code,
        fields=("position", "by_decision", "measure", "valid_from", "valid_to", *_NAMES, *_MARKS),
        keep=True,
    )
    return changes + done


def _keyed(name: str) -> Any:
    return lambda row: (row.programme_id, getattr(row, name))
