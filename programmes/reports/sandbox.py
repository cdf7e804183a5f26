"""The environment in which a Word template is filled in: an edited template says fields, and can do nothing.

Jinja's sandbox refuses what begins with an underscore; this one refuses more, because a template needs no more: nothing
is called, nothing is computed, of objects nothing but the fields of the report can be reached. What a template may hold
is checked before it is kept (`templates`); this is the second wall, for one that was kept by another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

# What can be asked of the place in a loop.
LOOP = frozenset({"index", "first", "last", "length"})
FILTERS = ("upper", "lower", "trim", "join", "default")


class TemplateEnvironment(SandboxedEnvironment):
    """Fields, `{% for %}`, `{% if %}` and a few filters on texts; every other thing raises `SecurityError`."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, cache_size=0)
        self.globals.clear()
        self.tests = {name: self.tests[name] for name in ("defined", "undefined")}
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, StrictUndefined):
            return obj
        raise SecurityError(_("“%(name)s” không phải là trường của báo cáo.") % {"name": attribute})

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) and isinstance(argument, str):
            return self.getattr(obj, argument)
        raise SecurityError(_("Mẫu chỉ lấy trường theo tên."))

    def call(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        raise SecurityError(_("Mẫu không được gọi hàm."))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(_("Mẫu không được tính toán (%(sign)s).") % {"sign": operator})

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        raise SecurityError(_("Mẫu không được tính toán (%(sign)s).") % {"sign": operator})
