"""What the pages of a report say of the unit that makes it."""

from __future__ import annotations

from django import template

from communes.scope import scope_of
from indicators.models import Report
from indicators.presenters.reporting_units import report_note
from indicators.selectors.reporting_units import reporting_unit as unit_of

register = template.Library()


@register.inclusion_tag("indicators/_reporting_unit.html", takes_context=True)
def reporting_unit(context: template.Context, report: Report) -> dict[str, str]:
    """Say who reports when the map changed within the period; otherwise nothing (one query)."""
    found = unit_of(report, scope_of(context["request"].user))
    return {"note": report_note(found, report.period.ends_on) if found else ""}
