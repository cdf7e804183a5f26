"""Reference data: reading a YAML file, and making stored rows equal to it in sets, never row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import models
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)

# libyaml is some ten times faster; it is missing from a few builds of PyYAML.
_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fastest):  # type: ignore[misc]  # one of two classes
    """Refuses a field given twice in one place: YAML's readers keep the last of them without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        problem=_("mục “%(key)s” được ghi hai lần") % {"key": key.value}, problem_mark=key.start_mark
                    )
                seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        yaml.YAMLError: when the text is not YAML, or gives a field twice.
        OSError: when there is no such file.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)


@dataclass(slots=True)
class Changes:
    """How many rows a load made, changed and removed."""

    created: int = 0
    changed: int = 0
    deleted: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.created + other.created, self.changed + other.changed, self.deleted + other.deleted)

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted)


def sync_rows(
    existing: models.QuerySet[M],
    wanted: Iterable[M],
    *,
    key: Callable[[M], Hashable],
    fields: Sequence[str],
    keep: bool = False,
) -> tuple[dict[Hashable, M], Changes]:
    """Make the rows of `existing` equal to `wanted`; rows keep their identity, so results that point to them stay.

    Args:
        existing: the stored rows that the file speaks about.
        wanted: unsaved rows.
        key: what makes two rows the same one.
        fields: the attributes (foreign keys as `…_id`) that are compared and written.
        keep: leave stored rows alone that are not wanted.

    Returns:
        The stored rows by key, and what changed. Costs four queries whatever the number of rows.
    """
    stored = {key(row): row for row in existing}
    result: dict[Hashable, M] = {}
    new: list[M] = []
    changed: list[M] = []
    for row in wanted:
        before = stored.get(key(row))
        if before is None:
            new.append(row)
            continue
        different = [name for name in fields if getattr(before, name) != getattr(row, name)]
        for name in different:
            setattr(before, name, getattr(row, name))
        if different:
            changed.append(before)
        result[key(before)] = before
    surplus = [] if keep else [row.pk for at, row in stored.items() if at not in result]
    manager = existing.model._default_manager
    if surplus:
        manager.filter(pk__in=surplus).delete()
    if changed:
        names = {field.attname: field.name for field in existing.model._meta.concrete_fields}
        manager.bulk_update(changed, [names[name] for name in fields], batch_size=200)
    for row in manager.bulk_create(new):
        result[key(row)] = row
    return result, Changes(len(new), len(changed), len(surplus))
