"""The report for 2021–2023 states every figure that the city published, in Word and in Excel; and goes its way.

The demonstration town, from the coordinator's first click to the leader who is told what moved since.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from communes.models import PovertyStandard
from mongcai_portal.accounts.models import User
from programmes.models import PeriodReport
from programmes.presenters.documents import workbook
from programmes.reports.snapshot import figures_of
from programmes.services.document_files import document_of
from programmes.services.documents import Asked, discard, draft
from tests.factories.documents import text_of
from tests.factories.windows import BACKEND, LocalWindow
from tests.flows.town.test_headline import FIGURES, PUBLISHED, STANDARD, stating

pytestmark = pytest.mark.usefixtures("town")
PERIOD = Asked("mong-cai", date(2021, 1, 1), date(2023, 12, 31))


@pytest.fixture(scope="module")
def made(loaded_town: None, django_db_blocker: Any) -> Iterator[tuple[PeriodReport, bytes]]:
    """The report and its Word file, made once for the questions that are asked of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        coordinator = User.objects.get(username="coordinator")
        for left in PeriodReport.objects.filter(status="draft"):
            discard(by=coordinator, report_id=left.pk, lock=left.lock)
        report = draft(by=coordinator, asked=PERIOD)
        yield report, document_of(report)
        transaction.set_rollback(True)


@pytest.fixture
def word(made: tuple[PeriodReport, bytes]) -> str:
    return text_of(made[1])


@pytest.fixture
def sheet(made: tuple[PeriodReport, bytes]) -> dict[str, tuple[Any, ...]]:
    from mongcai_portal.common.exports import to_xlsx

    book = load_workbook(BytesIO(to_xlsx(*workbook(made[0]))))
    return {row[0]: row for row in book["Các con số chủ yếu"].iter_rows(values_only=True)}


def written(figure: dict[str, Any]) -> str:
    """How the city writes a figure: `02/05 xã (đạt 40,0%)`, `39/39 hộ`, `57 hộ`, `76,611 triệu đồng/người/năm`."""
    if "numerator" in figure:
        unit = "hộ" if figure["measure"].startswith("poverty.") else "xã"
        return f"{figure['numerator']:02d}/{figure['denominator']:02d} {unit}"
    units = {
        "household": "hộ", "product": "sản phẩm", "commune": "xã",
        "million_vnd_per_person_year": "triệu đồng/người/năm",
    }  # fmt: skip
    return f"{figure['value'].replace('.', ',')} {units[figure['unit']]}"


@pytest.mark.parametrize("code", FIGURES)
def test_the_word_text_states_every_published_figure(word: str, code: str) -> None:
    figure = FIGURES[code]
    label = figure.get("label_vi", "")
    line = next(one for one in word.splitlines() if re.search(rf": {re.escape(written(figure))}\b", one))
    if label and not code.startswith("ntm.criteria"):
        assert label in line
    if "value" in figure and "numerator" in figure:
        percent = figure["value"].replace(".", ",") if figure["value"] != "100.0" else "100"
        # A share of communes attains; a share of households is no attainment: most of them are those in poverty.
        attained = "đạt " if written(figure).endswith(" xã") else ""
        assert f"({attained}{percent}%)" in line
    printed = figure.get("printed_vi", "").replace(" (đạt", " (đạt")
    if printed and "triệu" not in printed:
        assert printed in line


@pytest.mark.parametrize("code", FIGURES)
def test_the_workbook_states_every_published_figure_as_a_number(sheet: dict[str, tuple[Any, ...]], code: str) -> None:
    figure, row = FIGURES[code], sheet[code]
    if "numerator" in figure:
        assert row[2:4] == (figure["numerator"], figure["denominator"])
    if "value" in figure:
        assert Decimal(str(row[4])) == Decimal(figure["value"])


def test_targets_baselines_and_standards_stand_beside_the_figures(word: str, sheet: dict[str, tuple[Any, ...]]) -> None:
    assert re.search(r"Hộ cận nghèo: 57 hộ.*chỉ tiêu 0 \(2024\)", word)
    assert re.search(r"Sản phẩm OCOP 3-5 sao còn hiệu lực: 29 sản phẩm; so với 31/12/2020: \+9", word)
    assert sheet["poverty.near_poor.count"][7:9] == (0, 2024)
    assert sheet["ocop.recognised.count"][6] == "+9"
    # The register's count names the decree of its standard, and nothing but a count of households names one.
    named = {code: sheet[code][12] for code in FIGURES if sheet[code][12]}
    decree = PovertyStandard.objects.get(code=STANDARD).decision
    assert decree and named == dict.fromkeys(stating("poverty_standard"), decree)


def test_what_nobody_entered_is_no_zero(word: str, sheet: dict[str, tuple[Any, ...]]) -> None:
    for code in PUBLISHED["no_data_until_entered"]:
        assert sheet[code][4] is None and sheet[code][9] == "chưa có số liệu"
    assert "Hợp tác xã hoạt động hiệu quả: 0" not in word


def test_recognised_and_attained_stand_side_by_side(word: str) -> None:
    assert "Xã đạt chuẩn nông thôn mới: được công nhận 05/05 xã; đạt theo số liệu 04/05 xã." in word
    assert "số liệu chưa đạt mức đã công nhận" in word


def test_of_households_only_published_numbers_stand_in_it(made: tuple[PeriodReport, bytes]) -> None:
    data = made[0].figures["sections"]["households"]
    numbers = [row[kind] for row in data["years"] for kind in ("poor", "near_poor")]
    assert numbers and not [one for one in numbers if one is not None and 1 <= one <= 4]
    parts = [part for row in data["flows"] for side in ("came", "left") for part in row[side].values()]
    assert parts and not [one for one in parts if one is not None and 1 <= one <= 4]


def test_a_report_goes_from_draft_to_what_moved_since() -> None:
    # Given a coordinator who drafts the report on three years and looks at it
    window, leader = Client(), LocalWindow("leader")
    window.force_login(User.objects.get(username="coordinator"), backend=BACKEND)
    for left in PeriodReport.objects.filter(status="draft"):
        left.delete()
    period = {"area": "mong-cai", "since": "2021-01-01", "until": "2023-12-31"}
    answer = window.post("/documents/new/", period)
    path = answer["Location"]
    report = PeriodReport.objects.get(pk=int(path.strip("/").rpartition("/")[2]))
    assert "02/05 xã (đạt 40,0%)" in window.get(path).content.decode()
    assert leader.client.get(path).status_code == 404
    # When it is published
    window.post(f"{path}publish/", {"lock": report.lock})
    assert "Không con số nào thay đổi" in leader.client.get(path).content.decode()
    # And a title is taken away afterwards
    from indicators.models import Recognition
    from indicators.services.recognition import withdraw
    from tests.factories.files import upload

    act = Recognition.objects.get(unit__uid="quang-nghia", level__code="model")
    withdraw(
        by=User.objects.get(username="coordinator"), recognition_id=act.pk, withdrawn_on=date(2023, 12, 31),
        decision_number="99/QĐ-UBND", reason="Ghi nhầm", scan=upload("a.pdf"),
    )  # fmt: skip
    # Then the leader is told which figures moved, from what to what, and why
    page = leader.client.get(path).content.decode()
    assert "01/05 xã (đạt 20,0%)" in page and "00/05 xã (đạt 0%)" in page
    assert "ghi quyết định thu hồi" in page
    # And the published report says what it said
    kept = PeriodReport.objects.get(pk=report.pk)
    assert figures_of(kept.figures)["ntm.recognised.model"].text == "01/05 xã (đạt 20,0%)"


@pytest.mark.libreoffice
def test_libreoffice_opens_the_file_without_complaint(made: tuple[PeriodReport, bytes], tmp_path: Path) -> None:
    from pypdf import PdfReader

    folder = Path(settings.BASE_DIR) / "var" / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "period-report-2021-2023.docx"
    file.write_bytes(made[1])
    office = ["soffice", f"-env:UserInstallation=file://{tmp_path}", "--headless"]
    for kind in ("pdf", "txt:Text (encoded):UTF8"):
        command = [*office, "--convert-to", kind, "--outdir", str(folder), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
        assert "Error" not in done.stdout + done.stderr
    # Pictures of all pages are kept for looking at.
    for old in folder.glob(f"{file.stem}-*.png"):
        old.unlink()
    drawing = ["pdftoppm", "-png", "-r", "70", str(file.with_suffix(".pdf")), str(file.with_suffix(""))]
    subprocess.run(drawing, check=True, timeout=60)
    pages = PdfReader(file.with_suffix(".pdf")).pages
    assert len(list(folder.glob(f"{file.stem}-*.png"))) == len(pages)
    text = file.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "02/05 xã (đạt 40,0%)" in text
    assert {round(float(page.mediabox.width) / 72 * 25.4) for page in pages} == {210}
