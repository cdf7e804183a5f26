"""When a recognition comes into question, and what slipped since it was given (QĐ 18/2022/QĐ-TTg).

Withdrawal is a legal act of the province. What is computed here is a warning with its arithmetic, never the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from indicators.rules.types import MET, NO_DATA, NOT_APPLICABLE, NOT_MET, UNDETERMINED
from mongcai_portal.common.text import search_key

DECISION = "18/2022/QĐ-TTg"
SOURCES = ("S17", "S18")
# From 30 % to under 50 % when one of the named criteria is among them; from 50 % whatever they are.
PARTLY_FROM, WHOLLY_FROM = 30, 50
NAMED = (
    "Thu nhập",
    "Môi trường và an toàn thực phẩm",
    "Môi trường",
    "Chất lượng môi trường sống",
    "Quốc phòng và An ninh",
)
_NAMED_KEYS = frozenset(search_key(name) for name in NAMED)


@lru_cache(maxsize=256)
def _is_named(name: str) -> bool:
    return search_key(name) in _NAMED_KEYS


# The set whose criteria are counted: advanced and model communes are measured on the advanced set.
MEASURED_ON = {"standard": "standard", "advanced": "advanced", "model": "advanced"}

# Why a withdrawal would have to be considered.
NONE, NAMED_AMONG, HALF = "", "named", "half"


@dataclass(frozen=True, slots=True)
class CriterionState:
    """A criterion of the measured set as it stands now; `name` is the decree's, in Vietnamese."""

    number: int
    name: str
    outcome: str

    @property
    def named(self) -> bool:
        """Whether it is one of the criteria that the decision names."""
        return _is_named(self.name)


@dataclass(frozen=True, slots=True)
class WithdrawalReading:
    """What the rule says of a unit: `failed` of `total` applicable criteria; `unclear` ones are not counted as failed.

    `ground` is "" (nothing to consider), `named` or `half`.
    """

    total: int
    failed: tuple[CriterionState, ...]
    unclear: tuple[CriterionState, ...]
    ground: str

    @property
    def named(self) -> tuple[CriterionState, ...]:
        return tuple(one for one in self.failed if one.named)

    @property
    def share(self) -> Decimal | None:
        """Failed criteria in percent of the applicable ones, unrounded; None when none applies."""
        return Decimal(len(self.failed)) * 100 / Decimal(self.total) if self.total else None

    @property
    def warns(self) -> bool:
        return self.ground != NONE


def ground_of(failed: int, total: int, *, named: bool) -> str:
    """Return the ground for so many failed of so many criteria; compared unrounded.

    Raises:
        ValueError: more failed than there are.
    """
    if failed > total:
        raise ValueError((failed, total))
    if total and failed * 100 >= WHOLLY_FROM * total:
        return HALF
    if total and failed * 100 >= PARTLY_FROM * total and named:
        return NAMED_AMONG
    return NONE


def read_withdrawal(
    criteria: Iterable[CriterionState], *, since_decision: bool = True, applicable: int | None = None
) -> WithdrawalReading:
    """Apply the rule; a criterion without data or without a known norm is unclear and never counts as failed.

    `applicable`: how many criteria apply, where `criteria` leaves out those that are met.

    `since_decision`: the figures are of a period that ends after the decision. Those of before say what it was taken
    on or in spite of, and not that anything is no longer met: they are no ground.
    """
    counted = [one for one in criteria if one.outcome != NOT_APPLICABLE]
    total = len(counted) if applicable is None else applicable
    failed = tuple(one for one in counted if one.outcome == NOT_MET)
    unclear = tuple(one for one in counted if one.outcome in (NO_DATA, UNDETERMINED))
    ground = ground_of(len(failed), total, named=any(one.named for one in failed)) if since_decision else NONE
    return WithdrawalReading(total, failed, unclear, ground)


def slipped(now: Sequence[CriterionState], then: Mapping[int, str] | None) -> tuple[CriterionState, ...]:
    """Return the criteria met at recognition and not met now (tụt chuẩn).

    `then`: outcomes by number in the last period before the decision; None when there are no figures of that time:
    then the decision itself says that every criterion was met.
    """
    return tuple(
        one for one in now if one.outcome == NOT_MET and (then is None or then.get(one.number, NO_DATA) == MET)
    )
