"""Sheet C (phiếu C): why a household is poor, what support it needs, and what support it received. Pure.

Its causes and kinds of support are the form's (data). The report counts poor and near-poor households by cause, so it
is these that the sheet describes. No text at hand names a main cause or limits how many there are: any number may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from communes.rules.poverty.classify import NEAR_POOR, POOR


@dataclass(frozen=True, slots=True)
class DescriptionSpec:
    """What sheet C of a form lists: codes of causes and of kinds of support, in their order; empty: not entered."""

    causes: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A filled-in sheet C: yes or no by code; what is absent was not answered, which is not the same as no."""

    causes: Mapping[str, bool] = field(default_factory=dict)
    needed: Mapping[str, bool] = field(default_factory=dict)
    received: Mapping[str, bool] = field(default_factory=dict)

    @property
    def applying(self) -> tuple[str, ...]:
        """The causes that hold."""
        return tuple(code for code, applies in self.causes.items() if applies)

    def __bool__(self) -> bool:
        return bool(self.causes or self.needed or self.received)


def is_described(statuses: Iterable[str]) -> bool:
    """Whether sheet C is kept of a household that is this under the standards of its round: (near) poor by one."""
    return any(status in (POOR, NEAR_POOR) for status in statuses)
