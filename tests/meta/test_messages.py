"""Every visible text has its English, with the same placeholders."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from mongcai_portal.common import catalogue

BASE = Path(__file__).resolve().parents[2]
ENGLISH = BASE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def test_every_visible_text_has_its_english() -> None:
    found = catalogue.collect(BASE)
    assert len(found) > 100
    assert catalogue.faults(found, catalogue.read(ENGLISH, "en")) == []


def test_texts_are_collected_from_python_and_from_templates(tmp_path: Path) -> None:
    (tmp_path / "communes").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "communes" / "a.py").write_text('x = ngettext("%(n)s xã", "%(n)s các xã", 2)\n', encoding="utf-8")
    (tmp_path / "templates" / "a.html").write_text(
        "{% load i18n %}\n<p>\n  {% translate 'Đăng nhập' %}\n    {% blocktranslate with n=1 trimmed %}\n"
        "  Còn {{ n }} ô\n {% endblocktranslate %}</p>",
        encoding="utf-8",
    )
    found = {message.id for message in catalogue.collect(tmp_path) if message.id}
    assert found == {("%(n)s xã", "%(n)s các xã"), "Đăng nhập", "Còn %(n)s ô"}


def test_a_missing_an_empty_and_a_wrong_translation_are_faults() -> None:
    found = Catalog()
    for text in ("Thiếu", "Trống", "Còn %(n)s ô", "Đúng"):
        found.add(text, locations=[("a.py", 1)], flags=["python-format"] if "%" in text else [])
    stored = Catalog()
    stored.add("Trống", "")
    stored.add("Còn %(n)s ô", "%(m)s cells left", flags=["python-format"])
    stored.add("Đúng", "Right")
    faults = catalogue.faults(found, stored)
    assert len(faults) == 3
    assert not any("Đúng" in fault for fault in faults)


def test_refreshing_keeps_translations(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    stored = Catalog(locale="en")
    stored.add("Xã", "Commune")
    stored.add("Bỏ", "Dropped")
    path.write_bytes(b"")
    found = Catalog()
    found.add("Xã", locations=[("a.py", 1)])
    found.add("Mới", locations=[("a.py", 2)])
    from babel.messages.pofile import write_po

    with path.open("wb") as stream:
        write_po(stream, stored)
    refreshed = catalogue.refresh(path, "en", found)
    assert refreshed.get("Xã").string == "Commune"
    assert not refreshed.get("Mới").string
    assert "Bỏ" in refreshed.obsolete
