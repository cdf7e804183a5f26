"""Words of households in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from communes.models import Person
from communes.presenters.household_page import birth_text

register = template.Library()


@register.filter
def birth_of(person: Person) -> str:
    """A birth as exactly as it is known."""
    return birth_text(person)


@register.simple_tag
def field_input(bound: Any) -> SafeString:
    """The control of a field whose label stands elsewhere, tied to its faults."""
    attrs = {"class": f"form-control{' is-invalid' if bound.errors else ''}"}
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}_error"}
    return bound.as_widget(attrs=attrs)  # type: ignore[no-any-return]
