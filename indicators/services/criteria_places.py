"""Where in a file a fault stands: the line, beside the pointer, for whoever mends it in an editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Fault

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def with_lines(faults: Iterable[Fault], paths: Mapping[str, Path]) -> list[Fault]:
    """Return the faults, each message with the line of its place; `paths` are the files by the pointers' first part.

    Files are read again, and only when there is a fault. What is missing is placed where it should have stood.
    """
    roots: dict[str, yaml.Node | None] = {}
    result = []
    for fault in faults:
        name, *rest = fault.pointer.removeprefix("/").split("/")
        if name in paths and name not in roots:
            roots[name] = _root(paths[name])
        root = roots.get(name)
        if root is None or not rest:
            result.append(fault)
            continue
        line = _line(root, rest)
        result.append(
            Fault(fault.pointer, fault.code, _("dòng %(line)s: %(fault)s") % {"line": line, "fault": fault.message})
        )
    return result


def _root(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, yaml.YAMLError):
        return None


def _line(root: yaml.Node, steps: Iterable[str]) -> int:
    """Return the line of the deepest node that the steps reach, counted from 1."""
    node, line = root, root.start_mark.line
    for step in steps:
        below = _below(node, step)
        if below is None:
            break
        line, node = below
    return int(line) + 1


def _below(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        found = next(((key, value) for key, value in node.value if key.value == step), None)
        return None if found is None else (found[0].start_mark.line, found[1])
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return node.value[int(step)].start_mark.line, node.value[int(step)]
    return None
