"""Demonstration evidence: small real files that say on their face what they are, an illustration."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from openpyxl import Workbook
from openpyxl.styles import Font
from PIL import Image, ImageDraw, ImageFont

from communes.models import Unit
from indicators.selectors.definitions import Definitions
from programmes.services.demo.profile import Profile

MARK = "MINH HỌA"
SAYS = "Tệp minh họa do cổng tạo ra, không phải văn bản thật."
_ENDINGS = {"pdf": "pdf", "jpeg": "jpg", "png": "png", "xlsx": "xlsx"}
_INK, _MUTED, _PALE = "#1d2b33", "#5d6b73", "#dfe7e6"


def evidence_files(
    profile: Profile, definitions: Definitions, unit: Unit, period: str
) -> dict[str, list[ContentFile[bytes]]]:
    """Return the files of a commune's report by element; none for the communes and years that the file leaves out."""
    wanted: dict[str, Any] = profile.raw["evidence"]
    if unit.uid not in wanted["units"] or period != wanted["period"]:
        return {}
    elements = profile.elements(definitions)
    found: dict[str, list[ContentFile[bytes]]] = {}
    for row in wanted["files"]:
        about = f"Xã {unit.name_vi}, năm {period}"  # type: ignore[attr-defined]
        name = f"{row['title']} {period} ({MARK.lower()}).{_ENDINGS[row['kind']]}"
        content = _DRAWN[row["kind"]](row["title"], about)
        found.setdefault(elements[row["level"], row["indicator"]], []).append(ContentFile(content, name=name))
    return found


def illustration(title: str) -> bytes:
    """Return a sheet of A4 that says on its face that it stands for a paper and is none."""
    return _page(title, SAYS)


def picture(title: str) -> ContentFile[bytes]:
    """Return a picture that says on its face what it stands for, and that it is an illustration."""
    return ContentFile(_picture("JPEG")(title, "OCOP"), name=f"{title} ({MARK.lower()}).jpg")


def _font(size: int, weight: str = "Regular") -> Any:
    try:
        return ImageFont.truetype(str(settings.FONT_DIR / f"BeVietnamPro-{weight}.ttf"), size)
    except OSError:  # the fonts are built with the front end; without them the words stay, less well set
        return ImageFont.load_default(size)


def _page(title: str, about: str) -> bytes:
    """A sheet of A4 as a PDF: a heading, the mark across it, and lines where a text would be."""
    image = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(image)
    draw.text((80, 90), "UBND XÃ", _MUTED, _font(18, "SemiBold"))
    draw.text((80, 190), title, _INK, _font(32, "SemiBold"))
    draw.text((80, 240), about, _MUTED, _font(20))
    for row in range(14):
        draw.rectangle((80, 330 + row * 40, 747 - (row % 4) * 90, 342 + row * 40), _PALE)
    draw.rectangle((80, 960, 747, 1040), outline="#b3261e", width=3)
    draw.text((413, 985), MARK, "#b3261e", _font(28, "Bold"), anchor="mm")
    draw.text((413, 1020), SAYS, "#b3261e", _font(18), anchor="mm")
    return _saved(image, "PDF", resolution=100, title=f"{title} ({MARK.lower()})")


def _picture(form: str) -> Any:
    def drawn(title: str, about: str) -> bytes:
        image = Image.new("RGB", (960, 640), "#cfe3ee")
        draw = ImageDraw.Draw(image)
        draw.polygon([(0, 430), (240, 250), (470, 400), (700, 220), (960, 410), (960, 640), (0, 640)], "#7fae93")
        draw.polygon([(380, 640), (470, 400), (500, 400), (640, 640)], "#b9bec1")
        draw.rectangle((0, 540, 960, 640), "#1d2b33")
        draw.text((30, 562), f"{title} · {about}", "white", _font(24, "SemiBold"))
        draw.text((30, 602), f"{MARK}. {SAYS}", "#ffd9a0", _font(19))
        return _saved(image, form)

    return drawn


def _saved(image: Image.Image, form: str, **more: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, form, **more)
    return stream.getvalue()


def _table(title: str, about: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = MARK.title()
    for line in ((title,), (about,), (f"{MARK}. {SAYS}",), (), ("Thôn", "Số hộ", "Thu nhập (triệu đồng/người)")):
        sheet.append(line)
    for number, (homes, income) in enumerate(((142, 71.5), (118, 68.2), (96, 75.9)), start=1):
        sheet.append((f"Thôn {number}", homes, income))
    for cell in ("A1", "A3", "A5", "B5", "C5"):
        sheet[cell].font = Font(bold=True)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


_DRAWN: dict[str, Any] = {"pdf": _page, "jpeg": _picture("JPEG"), "png": _picture("PNG"), "xlsx": _table}
