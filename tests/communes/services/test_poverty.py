"""Loading poverty standards and survey forms: what stands in the file, again and again, and faulty files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from communes.models import (
    Deprivation,
    IncomeLine,
    PovertyCause,
    PovertyStandard,
    ScoreOption,
    ScoreTable,
    StandardYear,
    SupportKind,
    SurveyForm,
    SurveySheet,
    Unit,
)
from communes.services.poverty import load_poverty
from communes.services.poverty_file import FILE
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import Source

pytestmark = pytest.mark.django_db

TABLES = (
    SurveyForm, SurveySheet, Deprivation, PovertyCause, SupportKind, ScoreTable, ScoreOption, PovertyStandard,
    IncomeLine, StandardYear,
)  # fmt: skip


@pytest.fixture(autouse=True)
def province(db: Any) -> Unit:
    found: Unit = Unit.objects.create(uid="quang-ninh")
    return found


@pytest.fixture
def loaded(province: Unit) -> None:
    load_poverty(by=None)


@pytest.fixture
def raw() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(content: Any) -> Path:
        path = tmp_path / "other.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    return written


def everything() -> dict[str, list[Any]]:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def test_the_four_standards_are_there_with_their_lines(loaded):
    lines = {
        (s, area, kind): (amount, most)
        for s, area, kind, amount, most in IncomeLine.objects.values_list(
            "standard__code", "area_type", "kind", "amount", "a_most"
        )
    }
    assert lines == {
        ("central_2016_2020", "rural", "poor"): (700_000, None),
        ("central_2016_2020", "urban", "poor"): (900_000, None),
        ("central_2016_2020", "rural", "upper"): (1_000_000, None),
        ("central_2016_2020", "urban", "upper"): (1_300_000, None),
        ("central_2022_2025", "rural", "poor"): (1_500_000, 140),
        ("central_2022_2025", "urban", "poor"): (2_000_000, 175),
        ("central_2022_2025", "rural", "average"): (2_250_000, None),
        ("central_2022_2025", "urban", "average"): (3_000_000, None),
        ("quang_ninh_2023_2025", "rural", "poor"): (2_100_000, None),
        ("quang_ninh_2023_2025", "urban", "poor"): (2_600_000, None),
        ("central_2027_2030", "rural", "poor"): (2_200_000, None),
        ("central_2027_2030", "urban", "poor"): (2_800_000, None),
    }
    assert set(IncomeLine.objects.filter(a_most=None).values_list("a_provenance", flat=True)) == {"missing"}


def test_each_standard_has_its_law_shape_and_area(loaded):
    found = {
        row.code: (
            row.decision,
            row.shape,
            row.least,
            row.deprivations_declared,
            row.b_least,
            row.area and row.area.uid,
        )
        for row in PovertyStandard.objects.select_related("area")
    }
    assert found == {
        "central_2016_2020": ("Quyết định 59/2015/QĐ-TTg", "two_lines", 3, 10, None, None),
        "central_2022_2025": ("Nghị định 07/2021/NĐ-CP", "line_and_deprivations", 3, 12, 30, None),
        "quang_ninh_2023_2025": (
            "Nghị quyết 13/2023/NQ-HĐND tỉnh Quảng Ninh", "line_and_deprivations", 3, 12, None, "quang-ninh",
        ),
        "central_2027_2030": ("Nghị định 351/2025/NĐ-CP", "line_and_deprivations", 3, 12, None, None),
    }  # fmt: skip


def test_the_round_held_and_the_year_it_counts_for_are_two_columns(loaded):
    years = {
        (s, effective): held
        for s, effective, held in StandardYear.objects.values_list("standard__code", "effective_year", "round_held")
    }
    assert years[("central_2016_2020", 2021)] == 2020 and years[("central_2022_2025", 2022)] == 2021
    assert years[("quang_ninh_2023_2025", 2023)] is None and years[("quang_ninh_2023_2025", 2024)] == 2023
    assert {held for (_s, year), held in years.items() if held is not None and held != year - 1} == set()
    # That the round counts for the next year is still to be compared with the decision.
    assert set(StandardYear.objects.values_list("round_provenance", flat=True)) == {"unverified", "missing"}


def test_the_twelve_deprivations_have_their_texts_points_and_marks(loaded):
    rows = list(Deprivation.objects.filter(form__code="tt07_2021"))
    assert [row.number for row in rows] == list(range(1, 13))
    assert {row.points for row in rows} == {10}
    assert {row.threshold_provenance for row in rows} == {"unverified"} and {r.name_provenance for r in rows} == {
        "sourced"
    }
    assert all(row.threshold_vi and row.threshold_en and row.name_en and row.dimension_en for row in rows)
    assert len({row.dimension_vi for row in rows}) == 6


def test_what_is_not_known_is_missing_and_says_so(loaded):
    without = PovertyStandard.objects.filter(form=None)
    assert {row.code: row.list_provenance for row in without} == {
        "central_2016_2020": "missing",
        "central_2027_2030": "missing",
    }
    assert not ScoreTable.objects.exists()
    assert {s.code: s.content_provenance for s in SurveySheet.objects.all()} == {
        "A": "missing",
        "B1": "missing",
        "B2": "unverified",
        "C": "unverified",
    }
    assert PovertyStandard.objects.get(code="central_2027_2030").rule_provenance == "unverified"
    assert SurveyForm.objects.get().valid_from == date(2021, 9, 1)


def test_sheet_c_lists_eight_causes_and_six_kinds_of_support_not_compared_with_the_gazette(loaded):
    causes, supports = PovertyCause.objects.all(), SupportKind.objects.all()
    assert [row.code for row in causes] == [
        "no_land", "no_capital", "no_labour", "no_tools", "no_knowledge", "no_skills", "illness", "other",
    ]  # fmt: skip
    assert [row.code for row in supports] == ["health", "education", "production", "credit", "housing", "other"]
    assert {(row.form.code, row.provenance, row.source) for row in (*causes, *supports)} == {
        ("tt07_2021", "unverified", "daknong")
    }
    assert all(row.name_vi and row.name_en for row in (*causes, *supports))


def test_causes_may_change_places_and_go(loaded, raw, write):
    ids = dict(PovertyCause.objects.values_list("code", "pk"))
    first, second, *_rest, last = raw["forms"][0]["causes"]
    first["number"], second["number"] = 2, 1
    raw["forms"][0]["causes"].remove(last)
    load_poverty(by=None, file=write(raw))
    kept = dict(PovertyCause.objects.values_list("code", "pk"))
    assert list(kept)[:2] == [second["code"], first["code"]]
    assert kept == {code: pk for code, pk in ids.items() if code != last["code"]}


def test_every_source_that_is_named_is_known(loaded):
    known = set(Source.objects.values_list("code", flat=True))
    named = {code for row in (*PovertyStandard.objects.all(), *SurveyForm.objects.all()) for code in row.sources}
    for table in (IncomeLine, StandardYear, Deprivation, SurveySheet, PovertyCause, SupportKind):
        named |= set(table.objects.exclude(source="").values_list("source", flat=True))
    assert named <= known and {"nd07en", "qd59", "nq13", "nd351", "tt07tc"} <= named


def test_loading_twice_changes_nothing_and_leaves_one_event(loaded):
    before = everything()
    assert not load_poverty(by=None)
    assert everything() == before
    assert AuditEvent.objects.filter(kind="reference.loaded", object_id="poverty").count() == 1


def test_the_command_says_how_many_rows_it_changed(capsys):
    call_command("load_poverty")
    assert capsys.readouterr().out.startswith("poverty: +")
    call_command("load_poverty")
    assert capsys.readouterr().out == "poverty: +0 ~0 -0\n"


def test_an_edited_file_changes_the_row_and_keeps_its_identity(loaded, raw, write):
    line = IncomeLine.objects.get(standard__code="quang_ninh_2023_2025", area_type="rural")
    raw["standards"][2]["lines"][0]["amount"] = 2_110_000
    raw["standards"][2]["years"].pop()
    changes = load_poverty(by=None, file=write(raw))
    assert (changes.created, changes.changed, changes.deleted) == (0, 1, 1)
    assert IncomeLine.objects.get(pk=line.pk).amount == 2_110_000


def test_deprivations_may_change_places(loaded, raw, write):
    ids = dict(Deprivation.objects.values_list("code", "pk"))
    first, second, *rest = raw["forms"][0]["deprivations"]
    first["number"], second["number"] = 2, 1
    load_poverty(by=None, file=write(raw))
    assert list(Deprivation.objects.values_list("code", flat=True))[:2] == [second["code"], first["code"]]
    assert dict(Deprivation.objects.values_list("code", "pk")) == ids
    assert not load_poverty(by=None, file=write(raw))


ITEM = {
    "code": "people",
    "name_vi": "Số nhân khẩu",
    "name_en": "Members",
    "choose": "one",
    "options": [
        {"code": "one", "name_vi": "1 người", "name_en": "1 person", "points": 10},
        {"code": "more", "name_vi": "Từ 2 người", "name_en": "2 people or more", "points": 0},
    ],
}


def entered(raw: dict[str, Any]) -> dict[str, Any]:
    """A file in which what is missing stands: a form with the twelve of 2027, limits, an item table, a round."""
    form = {**raw["forms"][0], "code": "form_2027"}
    form["sheets"] = [{**form["sheets"][1], "content_provenance": "unverified"}]
    form["score_tables"] = [
        {"region": "dong_bang_song_hong", "area_type": "rural", "provenance": "unverified", "items": [ITEM]}
    ]
    standard = {
        **raw["standards"][3], "form": "form_2027", "list_provenance": "sourced", "b_least": 30,
        "b_provenance": "sourced",
        "lines": [{**line, "a_most": 150, "a_provenance": "sourced"} for line in raw["standards"][3]["lines"]],
    }  # fmt: skip
    late = {**raw["standards"][2]}
    late["years"] = [{**late["years"][0], "round_held": 2023, "round_provenance": "sourced"}, *late["years"][1:]]
    return {"forms": [form], "standards": [standard, late]}


def test_what_was_entered_from_another_file_stays_when_the_portals_own_is_loaded_again(loaded, raw, write):
    changes = load_poverty(by=None, file=write(entered(raw)))
    assert changes and not changes.deleted
    before = everything()
    assert not load_poverty(by=None)
    assert everything() == before
    standard = PovertyStandard.objects.select_related("form").get(code="central_2027_2030")
    assert standard.form and (standard.form.code, standard.b_least, standard.list_provenance) == (
        "form_2027",
        30,
        "sourced",
    )
    assert set(standard.lines.values_list("a_most", flat=True)) == {150}
    assert StandardYear.objects.get(standard__code="quang_ninh_2023_2025", effective_year=2023).round_held == 2023
    assert ScoreOption.objects.get(code="one").points == 10


def test_a_form_that_is_named_alone_keeps_its_sheets_and_deprivations(loaded, raw, write):
    form = {key: value for key, value in raw["forms"][0].items() if not isinstance(value, list) or key == "sources"}
    assert not load_poverty(by=None, file=write({"forms": [form]}))
    assert (SurveySheet.objects.count(), Deprivation.objects.count()) == (4, 12)
    assert (PovertyCause.objects.count(), SupportKind.objects.count()) == (8, 6)


def test_an_item_table_of_the_portals_own_form_stays_too(loaded, raw, write):
    form = {**raw["forms"][0], "score_tables": entered(raw)["forms"][0]["score_tables"]}
    form["sheets"] = [{**s, "content_provenance": "unverified"} if s["code"] == "B1" else s for s in form["sheets"]]
    form["deprivations"] = []
    load_poverty(by=None, file=write({"forms": [form]}))
    assert Deprivation.objects.count() == 12 and ScoreOption.objects.count() == 2
    assert not load_poverty(by=None)
    assert SurveySheet.objects.get(code="B1").content_provenance == "unverified"


# --- Faulty files ---


def break_(raw: dict[str, Any], path: str, value: Any) -> None:
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    at: Any = raw
    for step in way:
        at = at[step]
    at[last] = value


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("forms/0/code", "có dấu", ("/forms/0/code", "bad_code")),
        ("forms/0/decision", "", ("/forms/0/decision", "missing")),
        ("forms/0/issued_on", "mùa thu", ("/forms/0/issued_on", "not_a_date")),
        ("forms/0/valid_to", "2021-08-31", ("/forms/0/valid_to", "dates_not_in_order")),
        ("forms/0/sources", "tt07tc", ("/forms/0/sources", "not_a_list")),
        ("forms/0/sources/1", "nowhere", ("/forms/0/sources/1", "unknown_source")),
        ("forms/0/name_en", "x" * 201, ("/forms/0/name_en", "too_long")),
        ("forms/0/sheets/1/code", "A", ("/forms/0/sheets/1/code", "duplicate")),
        ("forms/0/sheets/1/provenance", "perhaps", ("/forms/0/sheets/1/provenance", "unknown_provenance")),
        ("forms/0/deprivations/1/code", "employment", ("/forms/0/deprivations/1/code", "duplicate")),
        ("forms/0/deprivations/1/number", 1, ("/forms/0/deprivations/1/number", "duplicate")),
        ("forms/0/deprivations/1/points", 0, ("/forms/0/deprivations/1/points", "beyond_limits")),
        ("forms/0/deprivations/1/points", "mười", ("/forms/0/deprivations/1/points", "not_a_whole_number")),
        ("forms/0/deprivations/1/points", True, ("/forms/0/deprivations/1/points", "not_a_whole_number")),
        ("forms/0/deprivations/1/threshold_vi", "", ("/forms/0/deprivations/1/threshold_vi", "missing")),
        (
            "forms/0/deprivations/1/threshold_provenance", "missing",
            ("/forms/0/deprivations/1/threshold_provenance", "not_missing"),
        ),
        ("forms/0/causes/1/code", "no_land", ("/forms/0/causes/1/code", "duplicate")),
        ("forms/0/causes/1/number", 1, ("/forms/0/causes/1/number", "duplicate")),
        ("forms/0/causes/1/name_en", "", ("/forms/0/causes/1/name_en", "missing")),
        ("forms/0/causes", "x", ("/forms/0/causes", "not_a_list")),
        ("forms/0/supports/1/provenance", "perhaps", ("/forms/0/supports/1/provenance", "unknown_provenance")),
        ("forms/0/supports/1/source", "nowhere", ("/forms/0/supports/1/source", "unknown_source")),
        ("forms/0/score_tables", [{"items": [ITEM]}], ("/forms/0/score_tables/0/region", "missing")),
        (
            "forms/0/score_tables", [{"items": [{**ITEM, "choose": "two"}]}],
            ("/forms/0/score_tables/0/items/0/choose", "unknown_choose"),
        ),
        (
            "forms/0/score_tables", [{"items": [{**ITEM, "options": []}]}],
            ("/forms/0/score_tables/0/items/0/options", "missing"),
        ),
        ("standards", {}, ("/standards", "not_a_list")),
        ("standards/0", "x", ("/standards/0", "not_a_mapping")),
        ("standards/1/code", "central_2016_2020", ("/standards/1/code", "duplicate")),
        ("standards/1/form", "nowhere", ("/standards/1/form", "unknown_form")),
        ("standards/1/form", None, ("/standards/1/form", "missing")),
        ("standards/0/form", "tt07_2021", ("/standards/0/list_provenance", "not_missing")),
        ("standards/2/area", "lang-son", ("/standards/2/area", "unknown_unit")),
        ("standards/1/shape", "round", ("/standards/1/shape", "unknown_shape")),
        ("standards/1/b_provenance", "missing", ("/standards/1/b_provenance", "not_missing")),
        ("standards/1/least", 13, ("/standards/1/least", "more_than_declared")),
        ("standards/1/deprivations_declared", 10, ("/standards/1/form", "not_as_declared")),
        ("standards/1/b_least", 40, ("/standards/1/b_least", "not_the_number")),
        ("standards/1/lines/0/amount", 0, ("/standards/1/lines/0/amount", "beyond_limits")),
        ("standards/1/lines/0/amount", 1.5, ("/standards/1/lines/0/amount", "not_a_whole_number")),
        ("standards/1/lines/1/area_type", "rural", ("/standards/1/lines/1", "duplicate")),
        ("standards/1/lines/0/a_provenance", "missing", ("/standards/1/lines/0/a_provenance", "not_missing")),
        ("standards/2/lines/0/a_most", 200, ("/standards/2/lines/0/a_provenance", "missing")),
        ("standards/0/lines/2/amount", 700_000, ("/standards/0/lines/rural/upper", "not_above_the_poor_line")),
        ("standards/3/lines", [], ("/standards/3/lines/rural/poor", "line_needed")),
        ("standards/3/lines/1/kind", "upper", ("/standards/3/lines/urban/upper", "one_line_only")),
        ("standards/1/years/0/effective_year", 1985, ("/standards/1/years/0/effective_year", "beyond_limits")),
        ("standards/1/years/0/round_held", 2019, ("/standards/1/years/2022", "round_of_another_year")),
        ("standards/1/years/1/effective_year", 2022, ("/standards/1/years/2022", "year_twice")),
        ("standards/3/years/0/effective_year", 2026, ("/standards/3/years/2026", "year_in_use")),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_at_the_place_and_nothing_is_stored(raw, write, path, value, fault):
    break_(raw, path, value)
    with pytest.raises(Invalid) as caught:
        load_poverty(by=None, file=write(raw))
    assert fault in {(one.pointer, one.code) for one in caught.value.faults}
    assert not any(table.objects.exists() for table in TABLES)
    assert not AuditEvent.objects.filter(object_id="poverty").exists()


def test_every_fault_is_named_at_once(raw, write):
    break_(raw, "standards/0/decision", "")
    break_(raw, "standards/3/lines/0/kind", "lower")
    break_(raw, "forms/0/deprivations/0/name_en", "")
    with pytest.raises(Invalid) as caught:
        load_poverty(by=None, file=write(raw))
    assert {one.pointer for one in caught.value.faults} == {
        "/standards/0/decision", "/standards/3/lines/0/kind", "/forms/0/deprivations/0/name_en",
    }  # fmt: skip


def test_a_year_that_a_stored_standard_counts_for_is_refused(loaded, raw, write):
    again = {**raw["standards"][1], "code": "again", "years": raw["standards"][1]["years"][-1:]}
    with pytest.raises(Invalid) as caught:
        load_poverty(by=None, file=write({"standards": [again]}))
    assert [(one.pointer, one.code) for one in caught.value.faults] == [("/standards/0/years/2026", "year_in_use")]
    assert not PovertyStandard.objects.filter(code="again").exists()


def test_a_file_that_takes_the_ground_from_a_stored_standard_is_refused(loaded, raw, write):
    raw["forms"][0]["deprivations"].pop()
    with pytest.raises(Invalid) as caught:
        load_poverty(by=None, file=write({"forms": raw["forms"]}))
    assert {(one.pointer, one.code) for one in caught.value.faults} == {("/standards/form", "not_as_declared")}
    assert Deprivation.objects.count() == 12


def test_a_file_of_another_kind_is_refused(write):
    with pytest.raises(Invalid) as caught:
        load_poverty(by=None, file=write(["standards"]))
    assert [one.code for one in caught.value.faults] == ["not_a_mapping"]


def test_the_command_prints_every_fault_and_a_missing_file(raw, write, tmp_path):
    break_(raw, "standards/1/b_least", 40)
    with pytest.raises(CommandError, match="/standards/1/b_least: Mức điểm B"):
        call_command("load_poverty", str(write(raw)))
    with pytest.raises(CommandError):
        call_command("load_poverty", str(tmp_path / "nowhere.yaml"))
