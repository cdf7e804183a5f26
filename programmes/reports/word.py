"""The Word file of a report: the template filled in with the texts of its fields, in Jinja's sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from lxml import etree
from PIL import Image

from mongcai_portal.common.charts import drawn
from mongcai_portal.common.errors import Fault, Invalid
from programmes.reports.fields import LANGUAGE, shape, texts
from programmes.reports.letterhead import Letterhead
from programmes.reports.sandbox import TemplateEnvironment
from programmes.reports.shapes import Picture, Rows, Shape, Text
from programmes.reports.snapshot import Snapshot, charts_of

BUILT_IN = Path(__file__).parent.parent / "data" / "period_report.docx"
WIDTH = Mm(160)  # between the margins of NĐ 30/2020: 210 less 30 and 15, and some air


class _Document(DocxTemplate):  # type: ignore[misc]
    """Refuses what docxtpl would mend: a text that is mended is not the one that was meant."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False))
        return super().fix_tables(xml)


def write_document(snapshot: Snapshot, head: Letterhead, *, template: IO[bytes], written_on: date) -> bytes:
    """Return the Word file of a report.

    Raises:
        Invalid: `/template` the template does what it must not (`not_allowed`), names a field that the report has not
            (`unknown_field`), or gives no Word file (`broken`).
    """
    with override(LANGUAGE):
        pictures = {code: drawn(chart.specification, "png") for code, chart in charts_of(snapshot).items()}
    return fill_in(template, texts(snapshot, head, written_on=written_on), pictures)


def fill_in(template: IO[bytes], view: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """Fill a template in; a chart that is not among the pictures leaves nothing.

    Raises:
        Invalid: see `write_document`.
    """
    document = _Document(template)
    document.init_docx()
    codes = [code for code, one in _charts().items() if isinstance(one, Picture)]
    charts = {
        code: InlineImage(document, BytesIO(pictures[code]), width=WIDTH) if code in pictures else "" for code in codes
    }
    try:
        document.render({**view, "charts": charts}, TemplateEnvironment(), autoescape=True)
    except UndefinedError as error:
        raise Invalid([Fault("/template", "unknown_field", _("Mẫu: %(error)s") % {"error": error.message})]) from error
    except SecurityError as error:
        raise Invalid([Fault("/template", "not_allowed", _("Mẫu: %(error)s") % {"error": error.message})]) from error
    except (TemplateError, etree.LxmlError, AttributeError, TypeError) as error:
        # A loop that begins in one cell and ends in another gives XML that is no document.
        raise Invalid([Fault("/template", "broken", _("Mẫu điền vào thì không còn là tệp Word."))]) from error
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _charts() -> Mapping[str, Shape]:
    found = shape()["charts"]
    return found if isinstance(found, Mapping) else {}


def blank_picture() -> bytes:
    """Return the smallest picture there is, in place of a chart."""
    out = BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()


def tried(file: IO[bytes]) -> list[Fault]:
    """Fill a template in with made-up texts, and with nothing; return what is wrong with what comes of it.

    A condition that begins in a paragraph and ends in a cell makes a document when it holds, and none when it does not.
    """
    fields = {name: inner for name, inner in shape().items() if name != "charts"}
    full = {name: _sample(inner, name) for name, inner in fields.items()}
    try:
        for view, pictures in ((full, dict.fromkeys(_charts(), blank_picture())), (_empty(fields), {})):
            file.seek(0)
            Document(BytesIO(fill_in(file, view, pictures)))
    except Invalid as error:
        return [Fault("/file", fault.code, fault.message) for fault in error.faults]
    except Exception:  # a damaged document breaks its reader in whatever way
        return [Fault("/file", "broken", _("Mẫu điền vào thì không còn là tệp Word."))]
    finally:
        file.seek(0)
    return []


def _empty(inner: Shape) -> Any:
    if isinstance(inner, Text | Picture):
        return ""
    return [] if isinstance(inner, Rows) else {key: _empty(one) for key, one in inner.items()}


def _sample(inner: Shape, name: str) -> Any:
    if isinstance(inner, Text | Picture):
        return name
    if isinstance(inner, Rows):
        return [name, name] if inner.of is None else [_sample(inner.of, name), _sample(inner.of, name)]
    return {key: _sample(one, key) for key, one in inner.items()}
