"""What all sections of a report stand on: its period, its area, and the world at both ends, loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from communes.models import Unit
from communes.scope import NOBODY, Scope
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.values import MeasureValue
from programmes.selectors.measures import values_in
from programmes.selectors.reporting import Reporting, reporting
from programmes.selectors.world import load_world

# A report is a document that goes round: of households it says what is published, whoever writes it.
READER = Scope(NOBODY.permissions, NOBODY.roles, NOBODY.unit_ids, NOBODY.office_ids, all_units=True, all_offices=False)


@dataclass
class Ground:
    """A period (both days inclusive), an area by its uid, and the day on which the report is written.

    `scope`: what readers of the report may see; the area's communes all, of households the published families only.
    """

    since: date
    until: date
    area: str
    today: date
    scope: Scope = READER

    @property
    def opening(self) -> date:
        """The day before the period: what it began with."""
        return self.since - timedelta(days=1)

    @cached_property
    def known(self) -> Reporting:
        return reporting()

    @cached_property
    def world(self) -> World:
        """The last day of the period; its ratios tell their change since the opening day.

        Raises:
            Unit.DoesNotExist: no such area on the day.
        """
        return load_world(self.until, self.area, known=self.known, earlier=self.opening)

    @cached_property
    def before(self) -> World | None:
        """The opening day; None where the area was not there yet."""
        try:
            return load_world(self.opening, self.area, known=self.known)
        except Unit.DoesNotExist:
            return None

    @cached_property
    def values(self) -> dict[str, MeasureValue]:
        return {value.code: value for value in values_in(self.world)}

    @cached_property
    def values_before(self) -> dict[str, MeasureValue]:
        return {value.code: value for value in values_in(self.before)} if self.before else {}

    @property
    def is_home(self) -> bool:
        return self.area == HOME_AREA
