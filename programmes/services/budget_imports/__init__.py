"""Bringing money from the finance office's workbooks: sent, declared, checked, taken over whole, undone as a whole."""

from programmes.services.budget_imports.applying import accept_budget, undo_budget
from programmes.services.budget_imports.staging import (
    declare_budget,
    declare_words,
    discard_budget,
    first_layout,
    glance,
    send_budget,
)

__all__ = [
    "accept_budget",
    "declare_budget",
    "declare_words",
    "discard_budget",
    "first_layout",
    "glance",
    "send_budget",
    "undo_budget",
]
