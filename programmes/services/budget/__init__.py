"""Writing money: a line is entered, then planned, allocated, disbursed and carried over by dated entries."""

from programmes.services.budget.conversion import set_conversion
from programmes.services.budget.ground import NewLine
from programmes.services.budget.lines import enter_line, retag
from programmes.services.budget.moves import Move, allocate, carry_over, disburse, enter_move, plan

__all__ = [
    "Move",
    "NewLine",
    "allocate",
    "carry_over",
    "disburse",
    "enter_line",
    "enter_move",
    "plan",
    "retag",
    "set_conversion",
]
