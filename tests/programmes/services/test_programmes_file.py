"""Programmes come from their file, twice without harm, with the marks of every datum."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.sources import load_sources
from programmes.models import (
    Component,
    FundingSource,
    LegalBasis,
    Programme,
    ProgrammeStatement,
    ProgrammeSuccession,
)
from programmes.services.programmes_file import DATA, FILE, load_programmes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sources(db):
    load_sources()


def test_the_three_programmes_the_resolution_and_the_successor_are_there():
    load_programmes(by=None)
    found = {one.code: one.components.count() for one in Programme.objects.all()}
    assert found == {"NTM": 11, "GNBV": 7, "DTTS": 10, "NQ06": 0, "MTQG_2026_2035": 0}
    assert Programme.objects.get(code="NTM").thematic.count() == 6
    assert Programme.objects.get(code="NQ06").kind == "provincial"
    steps = ProgrammeSuccession.objects.filter(successor__code="MTQG_2026_2035", effective_on=date(2026, 1, 1))
    assert sorted(steps.values_list("predecessor__code", flat=True)) == ["DTTS", "GNBV", "NTM"]


def test_the_rows_of_the_capital_table_are_there_and_the_city_budget_ends():
    load_programmes(by=None)
    assert FundingSource.objects.count() == 12
    assert FundingSource.objects.get(code="city").valid_to == date(2025, 6, 30)
    kinds = dict(FundingSource.objects.exclude(measure="dong").values_list("code", "measure"))
    assert kinds == {"people_labour": "workday", "people_land": "m2"}


def test_a_sourced_datum_names_its_source_and_the_rest_says_what_it_is():
    load_programmes(by=None)
    for model in (Programme, LegalBasis, ProgrammeStatement, Component):
        for row in model.objects.all():
            assert (row.provenance == "sourced") <= bool(row.source), row
    assert LegalBasis.objects.filter(programme__code="NTM", provenance="sourced").count() == 5
    assert set(Component.objects.values_list("provenance", flat=True)) == {"unverified"}
    assert Programme.objects.get(code="MTQG_2026_2035").components_provenance == "missing"
    assert LegalBasis.objects.get(text__startswith="QĐ 1689").issued_on == date(2021, 10, 11)


def test_loading_again_changes_nothing_and_rows_keep_their_identity():
    assert load_programmes(by=None)
    before = list(Component.objects.values_list("pk", "number"))
    assert not load_programmes(by=None)
    assert list(Component.objects.values_list("pk", "number")) == before


def test_every_fault_of_the_file_is_named_and_nothing_stored(tmp_path: Path):
    raw = yaml.safe_load((DATA / f"{FILE}.yaml").read_text(encoding="utf-8"))
    raw["programmes"][0]["provenance"] = "sure"
    raw["programmes"][1]["code"] = "NTM"
    raw["programmes"][2]["legal"][0]["source"] = "nowhere"
    raw["successions"][0]["to"] = "NTX"
    raw["funding_sources"][0]["name_en"] = ""
    (tmp_path / f"{FILE}.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Invalid) as error:
        load_programmes(by=None, folder=tmp_path)
    found = {(fault.pointer, fault.code) for fault in error.value.faults}
    assert {
        ("/programmes/programmes/0/provenance", "unknown_provenance"),
        ("/programmes/programmes/1/code", "duplicate"),
        ("/programmes/programmes/2/legal/0/source", "unknown_source"),
        ("/programmes/successions/0/to", "unknown_to"),
        ("/programmes/funding_sources/0/name_en", "missing"),
    } <= found
    assert not Programme.objects.exists()
