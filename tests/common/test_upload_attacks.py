"""Files that are made to do harm: refused at the door, or handed out so that they cannot."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from openpyxl import DEFUSEDXML
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from indicators.models import Evidence
from indicators.services.evidence import attach
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.uploads import check_upload
from tests.factories import files
from tests.factories.files import upload
from tests.factories.windows import BACKEND
from tests.factories.world import fresh, make_report, make_world

MEGABYTE = 1024 * 1024
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


def refused(name: str, content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as error:
        check_upload(upload(name, content), kinds=KINDS, max_bytes=MEGABYTE)
    return [str(fault.code) for fault in error.value.error_list]


def pdf_with(change: Any) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    found = DictionaryObject({NameObject("/Type"): NameObject("/Action"), NameObject("/S"): NameObject(kind)})
    for key, value in more.items():
        found[NameObject(f"/{key}")] = TextStringObject(value)
    return found


def opening(kind: str, **more: str) -> Any:
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): action(kind, **more)})


def annotated(writer: PdfWriter) -> None:
    link = DictionaryObject(
        {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action("/Launch", F="a.exe")}
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: writer.root_object.update(
            {NameObject("/Names"): DictionaryObject({NameObject("/JavaScript"): ArrayObject()})}
        ),
        opening("/JavaScript", JS="app.alert(1)"),
        opening("/Launch", F="calc.exe"),
        opening("/SubmitForm", F="https://evil.example/"),
        lambda writer: writer.add_attachment("a.exe", files.EXE),
        annotated,
    ],
    ids=["script", "script at opening", "program", "form", "file within", "program at a click"],
)
def test_a_pdf_that_acts_is_not_taken(change: Any) -> None:
    assert refused("a.pdf", pdf_with(change)) == ["active"]


def test_a_pdf_that_acts_is_found_out_in_packed_objects_too() -> None:
    content = pdf_with(opening("/JavaScript", JS="app.alert(1)"))
    writer = PdfWriter(clone_from=BytesIO(content))
    out = BytesIO()
    writer.compress_identical_objects()
    writer.write(out)
    assert refused("a.pdf", out.getvalue()) == ["active"]


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: None,
        opening("/GoTo"),
        opening("/URI", URI="https://mongcai.gov.vn/"),
        lambda writer: writer.add_metadata({"/Title": "JavaScript và /Launch trong lời văn"}),
        lambda writer: writer.add_outline_item("Trang đầu", 0),
    ],
    ids=["plain", "to a page", "to an address", "words only", "outline"],
)
def test_a_paper_that_only_shows_is_taken(change: Any) -> None:
    assert check_upload(upload("a.pdf", pdf_with(change)), kinds=KINDS, max_bytes=MEGABYTE).kind == "pdf"


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.jpg", "a.webp", "a.pdf"])
def test_a_picture_with_script_is_not_taken(name: str) -> None:
    code = "type_not_allowed" if name == "a.svg" else "type_mismatch"
    for content in (files.SVG, b'<?xml version="1.0"?>' + files.SVG, b"\xef\xbb\xbf" + files.SVG):
        assert refused(name, content) == [code]


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.xml", "XL/VBAPROJECT.BIN"]
)
def test_a_workbook_that_runs_is_not_taken_under_the_name_of_one_that_does_not(part: str) -> None:
    assert refused("a.xlsx", _with_part(part, b"x")) == ["type_mismatch"]


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "content", [ENTITIES, LAUGHS, ENTITIES.decode().encode("utf-16")], ids=["file", "laughs", "utf-16"]
)
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "_rels/.rels", "docProps/core.xml"]
)
def test_a_workbook_with_entities_is_not_taken(part: str, content: bytes) -> None:
    assert refused("a.xlsx", _with_part(part, content)) == ["type_mismatch"]


def test_workbooks_are_read_without_document_types_whatever_came_through() -> None:
    assert DEFUSEDXML


def _with_part(part: str, content: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(files.MAKERS["xlsx"]())) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info, old.read(info))
        new.writestr(part, content)
    return out.getvalue()


# --- Kept and handed out ---


def kept(name: str, content: bytes) -> tuple[Evidence, Any]:
    """Attach a file to a value as an officer does, and fetch it as a verifier does."""
    world = make_world()
    report = make_report(world)
    attach(by=fresh(world.people["officer"]), report_id=report.pk, element="roads", files=[upload(name, content)])
    row = Evidence.objects.get()
    client = Client()
    client.force_login(world.people["verifier_all"], backend=BACKEND)
    return row, client.get(f"/reports/{report.pk}/evidence/{row.pk}/file/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "media_type"), [("a.pdf", "application/pdf"), ("a.png", "image/png"), ("a.jpg", "image/jpeg")]
)
def test_a_file_of_two_kinds_is_handed_out_as_the_one_it_was_taken_for(name: str, media_type: str) -> None:
    content = files.MAKERS[name[2:]]()
    both = content + b"\n" + SCRIPT
    row, answer = kept(name, both)
    assert answer["Content-Type"] == media_type == row.media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert "sandbox" in policy or media_type == "application/pdf"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.png", "..\\..\\web.config.png", "/abs/olute.png", "....//x.png", "a/../../b.png"]
)
def test_a_name_with_a_path_leads_nowhere(name: str) -> None:
    row, answer = kept(name, files.MAKERS["png"]())
    root = (Path(settings.VAR_DIR) / "files").resolve()
    path = Path(row.file.path).resolve()
    assert path.is_relative_to(root) and path.exists()
    assert "/" not in row.name and "\\" not in row.name and ".." not in row.name
    assert ".." not in answer["Content-Disposition"]


@pytest.mark.django_db
def test_a_name_makes_no_header() -> None:
    row, answer = kept('a"; filename="b.html\r\nSet-Cookie: x=1\r\n\r\n<script>.png', files.MAKERS["png"]())
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer["Content-Disposition"] and answer["Content-Disposition"].count("filename") <= 2
    assert "\n" not in row.name and "<" not in row.name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a.php.png", "a.html.png", "a.exe.png", "a.png\x00.html.png", "a.PhP5.png"])
def test_a_name_with_two_endings_is_kept_with_one(name: str) -> None:
    row, answer = kept(name, files.MAKERS["png"]())
    assert row.name.endswith(".png") and row.name.count(".") == 1
    assert answer["Content-Type"] == "image/png"
