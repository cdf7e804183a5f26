"""How pages answer what services refuse: a foreign report is 404, a forbidden move 403."""

from __future__ import annotations

from indicators.models import Evidence, Report
from mongcai_portal.common.views.doors import at_fields, refusing

__all__ = ["at_fields", "refusals"]

refusals = refusing(Report.DoesNotExist, Evidence.DoesNotExist)
