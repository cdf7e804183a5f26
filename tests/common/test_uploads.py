"""A file is what its bytes say; its name is made safe to keep."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.uploads import NAME_BYTES, NAME_CHARACTERS, check_upload, clean_name
from tests.factories import files
from tests.factories.files import upload

MEGABYTE = 1024 * 1024


def refused(file: SimpleUploadedFile | None, *, max_bytes: int = 10 * MEGABYTE) -> list[str]:
    with pytest.raises(ValidationError) as error:
        check_upload(file, kinds=KINDS, max_bytes=max_bytes)
    assert all(file is None or clean_name(file.name or "") in fault.messages[0] for fault in error.value.error_list)
    return [str(fault.code) for fault in error.value.error_list]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("biên bản.pdf", "pdf"), ("ảnh.png", "png"), ("ảnh.jpg", "jpeg"), ("ảnh.webp", "webp"),
        ("bảng.xlsx", "xlsx"), ("văn bản.docx", "docx"), ("SCAN.PDF", "pdf"),
    ],
)  # fmt: skip
def test_a_real_file_of_each_kind_is_taken(name: str, kind: str) -> None:
    file = upload(name)
    content = file.read()
    checked = check_upload(file, kinds=KINDS, max_bytes=MEGABYTE)
    assert (checked.kind, checked.size) == (kind, len(content))
    assert checked.media_type == KINDS[kind].media_type
    assert checked.sha256 == hashlib.sha256(content).hexdigest()
    assert file.read() == content  # left at its beginning


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "application/vnd.ms-excel", "application/zip"])
def test_what_machines_without_an_office_package_declare_is_no_lie(declared: str) -> None:
    assert check_upload(upload("a.xlsx", content_type=declared), kinds=KINDS, max_bytes=MEGABYTE).kind == "xlsx"


def test_nothing_chosen_and_nothing_in_it_are_named() -> None:
    assert refused(None) == ["missing"]
    assert refused(upload("a.pdf", b"")) == ["empty"]


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.pdf.exe", "a", "a.xlsm", "a.doc", "a.gif", "a.pdf\u202efdp.exe"]
)
def test_another_kind_by_name_is_not_taken(name: str) -> None:
    assert refused(upload(name, files.pdf_bytes())) == ["type_not_allowed"]


def test_only_the_kinds_asked_for_are_taken() -> None:
    with pytest.raises(ValidationError) as error:
        check_upload(upload("a.xlsx"), kinds=("pdf", "png"), max_bytes=MEGABYTE)
    assert [fault.code for fault in error.value.error_list] == ["type_not_allowed"]


def test_both_a_wrong_kind_and_a_wrong_size_are_named() -> None:
    assert refused(upload("a.exe", b"x" * 2000), max_bytes=1000) == ["type_not_allowed", "too_large"]


def test_the_limit_itself_is_allowed() -> None:
    content = files.pdf_bytes()
    assert check_upload(upload("a.pdf", content), kinds=KINDS, max_bytes=len(content)).size == len(content)
    assert refused(upload("a.pdf", content), max_bytes=len(content) - 1) == ["too_large"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", files.EXE, "EXE"),
        ("a.png", files.HTML, "HTML"),
        ("a.png", files.SVG, "SVG"),
        ("a.png", files.jpeg_bytes(), "JPEG"),
        ("a.jpg", files.pdf_bytes(), "PDF"),
        ("a.xlsx", files.docx_bytes(), "Word"),
        ("a.docx", files.zip_bytes({"x.txt": "x"}), "ZIP"),
        ("a.docx", files.docx_bytes(vbaProject_bin=b"macro"), "ZIP"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Office 97"),
    ],
)
def test_a_name_that_lies_about_the_content_is_named_with_what_it_is(name: str, content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said) as error:
        check_upload(upload(name, content), kinds=KINDS, max_bytes=MEGABYTE)
    assert [fault.code for fault in error.value.error_list] == ["type_mismatch"]


@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "image/png", "application/x-msdownload"])
def test_a_declared_type_that_lies_is_refused(declared: str) -> None:
    assert refused(upload("a.pdf", content_type=declared)) == ["type_mismatch"]


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.jpg", "a.webp", "a.xlsx", "a.docx"])
def test_a_file_that_was_cut_off_is_refused(name: str) -> None:
    whole = files.MAKERS[name[2:]]()
    assert refused(upload(name, whole[: len(whole) * 2 // 3])) == ["type_mismatch"]


def test_a_pdf_header_on_its_own_is_no_pdf() -> None:
    assert refused(upload("a.pdf", b"%PDF-1.7\n" + b"0" * 500)) == ["type_mismatch"]
    assert refused(upload("a.pdf", b"%PDF-1.7\nnothing\nstartxref\n9\n%%EOF\n")) == ["type_mismatch"]


def test_a_damaged_part_of_a_document_is_found() -> None:
    content = bytearray(files.docx_bytes("x" * 4000))
    at = content.index(b"word/document.xml") + 60
    content[at : at + 8] = b"\0" * 8
    assert refused(upload("a.docx", bytes(content))) == ["type_mismatch"]


def test_bombs_are_refused() -> None:
    assert refused(upload("a.docx", files.zip_bomb())) == ["too_large"]
    assert refused(upload("a.png", files.picture_bomb())) == ["too_large"]
    assert refused(upload("a.png", files.picture_bomb(8_000, 8_000))) == ["too_large"]


def test_a_document_that_understates_its_parts_is_refused() -> None:
    content = files.docx_bytes(media_bin=b"\0" * 50_000)
    size = (50_000).to_bytes(4, "little")
    assert content.count(size) == 2
    assert refused(upload("a.docx", content.replace(size, (10).to_bytes(4, "little")))) == ["type_mismatch"]


def test_a_file_behind_a_password_is_named_as_such() -> None:
    assert refused(upload("a.pdf", files.pdf_bytes(password="mật khẩu"))) == ["protected"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Báo cáo 2023.pdf", "Báo cáo 2023.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),  # NFD, as macOS sends it
        ("C:\\Users\\xa\\Ảnh.JPG", "Ảnh.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\x1f\u202ec\u200b.pdf", "abc.pdf"),
        ("giá.exe.pdf", "giá_exe.pdf"),
        ("biên bản.pdf.pdf", "biên bản.pdf"),
        ("QĐ 318.TTg ngày 8.3.2022.pdf", "QĐ 318.TTg ngày 8.3.2022.pdf"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("  .hidden..pdf ", "hidden.pdf"),
        ("hai\ndòng.pdf", "hai dòng.pdf"),
        ("con.pdf", "_con.pdf"),
        (".pdf", "pdf"),
        ("", "tệp"),
    ],
)
def test_names_are_made_safe_and_stay_vietnamese(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


def test_long_names_keep_their_ending() -> None:
    for letter in ("a", "ệ"):
        name = clean_name(letter * 400 + ".pdf")
        assert name.endswith(f"{letter}.pdf")
        assert len(name) <= NAME_CHARACTERS and len(name.encode()) <= NAME_BYTES
