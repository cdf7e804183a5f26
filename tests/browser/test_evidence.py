"""Evidence in a real browser: chosen, pasted, previewed, taken away; and a lost line loses no file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from indicators.models import Evidence
from tests.factories import files
from tests.factories.world import PASSWORD, make_report, make_world

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

BLOCK = '[data-evidence="roads"]'


@pytest.fixture
def form(live_server: Any, new_page: Callable[..., Any]) -> Any:
    """The form of a report, before its officer."""
    report = make_report(make_world())
    page = new_page(live_server.url)
    page.goto("/login/")
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    page.goto(f"/reports/{report.pk}/")
    return page


def sent(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": files.MEDIA_TYPES[name.rpartition(".")[2]], "buffer": content}


def counted(page: Any, count: int) -> None:
    page.locator(f'{BLOCK}[data-count="{count}"]').wait_for()
    assert page.locator('[data-evidence-count="roads"]').text_content() == str(count)


def paste_picture(page: Any) -> None:
    page.evaluate(
        """([selector, text]) => {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), data = new DataTransfer();
            data.items.add(new File([bytes], "image.png", {type: "image/png"}));
            const target = document.querySelector(selector); target.focus();
            target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        ['input[name="v:roads:"]', base64.b64encode(files.png_bytes()).decode()],
    )


def test_a_file_is_chosen_shown_and_taken_away(form: Any) -> None:
    form.click('[data-evidence-open="roads"]')
    with form.expect_file_chooser() as chooser:
        form.click(f"{BLOCK} .evidence-pick")
    chooser.value.set_files([sent("Biên bản nghiệm thu.pdf", files.pdf_bytes()), sent("Ảnh.jpg", files.jpeg_bytes())])
    counted(form, 2)
    paste_picture(form)
    counted(form, 3)

    form.click(f"{BLOCK} a[data-name='Ảnh.jpg']")
    shown = form.locator("#preview img")
    shown.wait_for()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    form.keyboard.press("ArrowLeft")
    frame = form.locator("#preview iframe")
    frame.wait_for()
    assert form.locator("#preview-name").text_content() == "Biên bản nghiệm thu.pdf"
    answer = form.request.get(frame.get_attribute("src"))
    assert answer.status == 200 and answer.headers["x-frame-options"] == "SAMEORIGIN"
    form.keyboard.press("Escape")

    form.once("dialog", lambda dialog: dialog.accept())
    form.click(f"{BLOCK} [data-evidence-remove='Ảnh.jpg']")
    counted(form, 2)
    assert not Evidence.objects.filter(name="Ảnh.jpg").exists()
    assert Evidence.objects.filter(name__startswith="Ảnh dán").count() == 1


def test_a_file_that_lies_is_named_and_a_lost_line_loses_none(form: Any) -> None:
    form.click('[data-evidence-open="roads"]')
    form.set_input_files(f"{BLOCK} [data-evidence-input]", [sent("giả.pdf", files.EXE)])
    fault = form.locator(f"{BLOCK} .evidence-faults li")
    assert fault.text_content() == "“giả.pdf” không phải là tệp PDF: nội dung là EXE."

    form.context.set_offline(True)
    form.set_input_files(f"{BLOCK} [data-evidence-input]", [sent("tốt.pdf", files.pdf_bytes())])
    form.locator(f"{BLOCK} .is-lost").wait_for()
    form.set_input_files(f"{BLOCK} [data-evidence-input]", [sent("ảnh.png", files.png_bytes())])
    form.locator(f"{BLOCK} .is-lost").get_by_text("“tốt.pdf”, “ảnh.png”").wait_for()
    assert not Evidence.objects.exists()
    form.context.set_offline(False)  # sent again by itself
    counted(form, 2)
    assert set(Evidence.objects.values_list("name", flat=True)) == {"tốt.pdf", "ảnh.png"}
