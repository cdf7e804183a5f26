"""Whether a Word file may be the template of a report: every fault of it at once, each with its place.

A template is a Word file that an office edits. What stands in its braces is read as a tree before anything of it is
run: fields that exist, loops over rows, conditions, a few filters on texts. Everything else is refused by name.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from mongcai_portal.common.errors import Fault
from programmes.reports.places import Part, paragraphs, parts_of, place
from programmes.reports.sandbox import FILTERS, LOOP, TemplateEnvironment
from programmes.reports.shapes import Group, Picture, Rows, Shape, Text

MAX_BYTES = 5 * 1024 * 1024
MAX_TEXT = 2 * 1024 * 1024  # of one part, in characters of its XML
MAX_MARKS = 2000  # braces of a part
MAX_DEPTH = 3  # loops within loops
FIELD = "/file"

_LOOP_PLACE: Group = {name: Text(name) for name in LOOP}
_OPEN = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_PAIRS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_NOT_A_FIELD_CODE = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON)\b", re.IGNORECASE)


def package_faults(file: IO[bytes]) -> list[Fault]:
    """Return what of the package itself reaches beyond the file: links to outside, embedded programs, field codes."""
    faults = []
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            lower = name.lower()
            if lower.endswith(".rels"):
                for target in _outside(archive.read(name)):
                    message = _("Mẫu có liên kết ra ngoài tệp: %(target)s. Hãy bỏ liên kết rồi gửi lại.")
                    faults.append(Fault(FIELD, "external", message % {"target": target[:120]}))
            elif re.search(r"(^|/)(embeddings|activex)/|oleobject", lower):
                message = _("Mẫu có tệp hoặc chương trình nhúng bên trong: %(name)s.") % {"name": name[:120]}
                faults.append(Fault(FIELD, "embedded", message))
            elif re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", lower):
                for code in _field_codes(archive.read(name)):
                    message = _("Mẫu có trường Word lấy nội dung từ ngoài tệp: %(code)s.") % {"code": code[:60]}
                    faults.append(Fault(FIELD, "external", message))
    file.seek(0)
    return faults


def _outside(rels: bytes) -> Iterator[str]:
    root = etree.fromstring(rels, etree.XMLParser(resolve_entities=False))
    for one in root.iter("{*}Relationship"):
        if (one.get("TargetMode") or "").lower() == "external":
            yield str(one.get("Target") or "")


def _field_codes(xml: bytes) -> Iterator[str]:
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False))
    # Word splits a code over runs: the codes of a paragraph are read together.
    for paragraph in root.iter("{*}p"):
        text = "".join(one.text or "" for one in paragraph.iter("{*}instrText"))
        text += " ".join(str(value) for one in paragraph.iter("{*}fldSimple") for value in one.attrib.values())
        if found := _NOT_A_FIELD_CODE.search(text):
            yield found[0]


def template_faults(file: IO[bytes], shape: Group) -> list[Fault]:
    """Return every fault of the commands in a Word file: unknown fields, and all that is no field."""
    file.seek(0)
    template = DocxTemplate(file)
    faults: list[Fault] = []
    for part in parts_of(template):
        faults += _part_faults(template, part, shape)
    file.seek(0)
    return list(dict.fromkeys(faults))


def _part_faults(template: DocxTemplate, part: Part, shape: Group) -> list[Fault]:
    if len(part.source) > MAX_TEXT:
        return [Fault(FIELD, "too_large", _("%(part)s quá dài.") % {"part": str(part.name).capitalize()})]
    lines = paragraphs(part)
    faults = [fault for at, text in enumerate(lines) for fault in _unpaired(part, text, lines)]
    if sum(text.count("{") for text in lines) > MAX_MARKS:
        faults.append(Fault(FIELD, "too_large", _("Mẫu có quá nhiều lệnh trong %(part)s.") % {"part": part.name}))
    if faults:
        return faults
    source = template.patch_xml(part.source) if part.xml else part.source
    source = re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
    try:
        tree = TemplateEnvironment().parse(source)
    except TemplateSyntaxError as error:
        words = {"place": place(part, command_at(source, error.lineno), lines), "error": error.message or ""}
        return [Fault(FIELD, "syntax", _("%(place)s: lệnh viết sai (%(error)s).") % words)]
    return _Reader(part, lines, shape, source).read(tree)


def command_at(source: str, line: int) -> str:
    """Return the inside of the first command of a line of the source, a paragraph of the file a line."""
    lines = source.split("\n")
    found = re.search(r"\{[{%]\s*(.*?)\s*[}%]\}", lines[line - 1]) if 0 < line <= len(lines) else None
    return found[1] if found else ""


def _unpaired(part: Part, text: str, lines: list[str]) -> Iterator[Fault]:
    """Commands that are opened and closed within one paragraph; a tag cut in two by a line break is named here."""
    awaited = ""
    for mark in _OPEN.findall(text):
        if awaited:
            if mark != awaited:
                break
            awaited = ""
        elif mark in _PAIRS:
            awaited = _PAIRS[mark]
        else:
            awaited = mark
            break
    if awaited:
        message = _("%(place)s: ngoặc không khép trong cùng một đoạn.") % {"place": place(part, text, lines)}
        yield Fault(FIELD, "syntax", message)


class _Reader:
    """Reads the tree of a part and gathers its faults; `names` are what loops have named, with what they go through."""

    def __init__(self, part: Part, lines: list[str], shape: Group, source: str) -> None:
        self.part, self.lines, self.root, self.source = part, lines, shape, source
        self.faults: list[Fault] = []

    def read(self, tree: nodes.Template) -> list[Fault]:
        self.body(tree.body, {}, 0)
        return self.faults

    def fault(self, code: str, message: str, found: str) -> None:
        words = {"place": place(self.part, found, self.lines), "message": message}
        self.faults.append(Fault(FIELD, code, _("%(place)s: %(message)s") % words))

    def refuse(self, node: nodes.Node) -> None:
        """Name what is no field."""
        found = _first_name(node)
        if not any(found in line for line in self.lines) or not found:
            found = command_at(self.source, node.lineno)
        what = _WORDS.get(type(node).__name__)
        message = what() if what else _("lệnh “%(name)s” không được dùng trong mẫu.") % {"name": type(node).__name__}
        self.fault("not_allowed", message, found)

    # --- Statements ---------------------------------------------------------------------------------------------

    def body(self, body: list[nodes.Node], names: Mapping[str, Shape], depth: int) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for one in node.nodes:
                    if not isinstance(one, nodes.TemplateData):
                        self.written(one, names)
            elif isinstance(node, nodes.If):
                self.condition(node.test, names)
                self.body(node.body, names, depth)
                self.body(list(node.elif_), names, depth)
                self.body(node.else_, names, depth)
            elif isinstance(node, nodes.For):
                self.loop(node, names, depth)
            else:
                self.refuse(node)

    def loop(self, node: nodes.For, names: Mapping[str, Shape], depth: int) -> None:
        path = _path(node.iter)
        if node.recursive or not isinstance(node.target, nodes.Name) or path is None:
            self.refuse(node if path is None or node.recursive else node.target)
            return
        over = self.field(path, names)
        if over is None:
            return
        if not isinstance(over, Rows):
            self.fault("not_rows", _("“%(name)s” không phải là nhiều dòng.") % {"name": ".".join(path)}, ".".join(path))
            return
        # Rows of the report within rows of the report multiply; rows of a row do not.
        if depth >= MAX_DEPTH or (depth and path[0] not in names):
            self.fault(
                "nested", _("“%(name)s” lặp trong một vòng lặp khác.") % {"name": ".".join(path)}, ".".join(path)
            )
            return
        inner: Shape = Text("") if over.of is None else over.of
        within = {**names, node.target.name: inner, "loop": _LOOP_PLACE}
        if node.test is not None:
            self.condition(node.test, within)
        self.body(node.body, within, depth + 1)
        self.body(node.else_, names, depth)

    # --- Expressions --------------------------------------------------------------------------------------------

    def written(self, node: nodes.Expr, names: Mapping[str, Shape]) -> None:
        """What is written: a text or a picture, or rows of texts joined."""
        if isinstance(node, nodes.Filter):
            self.filtered(node, names)
        elif isinstance(node, nodes.Const):
            return
        elif isinstance(node, nodes.CondExpr):
            self.condition(node.test, names)
            for one in (node.expr1, node.expr2):
                if one is not None:
                    self.written(one, names)
        elif (path := _path(node)) is not None:
            found = self.field(path, names)
            if found is not None and not isinstance(found, Text | Picture):
                message = _("“%(name)s” gồm nhiều trường: hãy chọn một trường trong đó.") % {"name": ".".join(path)}
                self.fault("not_a_text", message, ".".join(path))
        else:
            self.refuse(node)

    def filtered(self, node: nodes.Filter, names: Mapping[str, Shape]) -> None:
        if node.name not in FILTERS or node.node is None or node.dyn_args or node.dyn_kwargs:
            message = _("bộ lọc “%(name)s” không được dùng trong mẫu.") % {"name": node.name}
            self.fault("not_allowed", message, node.name)
            return
        for one in [*node.args, *(pair.value for pair in node.kwargs)]:
            if not isinstance(one, nodes.Const):
                self.refuse(one)
        path = _path(node.node)
        if node.name == "join" and path is not None:
            found = self.field(path, names)
            if found is not None and not (isinstance(found, Rows) and found.of is None):
                self.fault("not_rows", _("“%(name)s” không phải là nhiều dòng.") % {"name": ".".join(path)}, path[-1])
            return
        self.written(node.node, names)

    def condition(self, node: nodes.Expr, names: Mapping[str, Shape]) -> None:
        if isinstance(node, nodes.And | nodes.Or):
            self.condition(node.left, names)
            self.condition(node.right, names)
        elif isinstance(node, nodes.Not):
            self.condition(node.node, names)
        elif isinstance(node, nodes.Compare):
            self.condition(node.expr, names)
            for one in node.ops:
                self.condition(one.expr, names)
        elif isinstance(node, nodes.Const):
            return
        elif (path := _path(node)) is not None:
            self.field(path, names)
        else:
            self.refuse(node)

    def field(self, path: tuple[str, ...], names: Mapping[str, Shape]) -> Shape | None:
        """Return what a path names; None after naming it as unknown."""
        at: Shape | None = names.get(path[0], self.root.get(path[0]))
        for name in path[1:]:
            at = at.get(name) if isinstance(at, Mapping) else None
        if at is None:
            written = ".".join(path)
            self.fault("unknown_field", _("không có trường “%(name)s”.") % {"name": written}, written)
        return at


def _path(node: Any) -> tuple[str, ...] | None:
    """Return the names of `a.b.c` or `a["b"]`; None of anything else."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        before, name = _path(node.node), node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        before, name = _path(node.node), node.arg.value
    else:
        return None
    return None if before is None or name.startswith("_") else (*before, name)


def _first_name(node: nodes.Node) -> str:
    """A word of the refused thing, by which its paragraph is found."""
    attribute = node.attr if isinstance(node, nodes.Getattr) else ""
    names = [one.name for one in node.find_all(nodes.Name)] + [one.attr for one in node.find_all(nodes.Getattr)]
    consts = [str(one.value) for one in node.find_all(nodes.Const)]
    return next((word for word in [attribute, *names, *consts] if word), "")


def _calculates() -> str:
    return _("mẫu không được tính toán.")


def _reaches() -> str:
    return _("chỉ được lấy trường của báo cáo, viết theo tên.")


_WORDS = {
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Concat", "Neg", "Pos"), _calculates),
    **dict.fromkeys(("Getattr", "Getitem", "Tuple", "List", "Dict", "Slice", "Const", "Name"), _reaches),
    "Call": lambda: _("mẫu không được gọi hàm."),
    "For": lambda: _("vòng lặp chỉ đi qua các dòng của báo cáo."),
    "Macro": lambda: _("mẫu không được định nghĩa hàm."),
    "CallBlock": lambda: _("mẫu không được gọi hàm."),
    **dict.fromkeys(
        ("Include", "Import", "FromImport", "Extends"), lambda: _("mẫu không được lấy nội dung từ tệp khác.")
    ),
}
