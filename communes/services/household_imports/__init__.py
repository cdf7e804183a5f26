"""Bringing households from files: sent, declared, checked, taken over whole or not at all, and undone as a whole."""

from communes.services.household_imports.declaring import accept_import, check_again, declare_import, declare_words
from communes.services.household_imports.staging import discard_import, send_import
from communes.services.household_imports.undoing import undo_import
from communes.services.household_imports.work import KIND, import_job, wake_waiting

__all__ = [
    "KIND",
    "accept_import",
    "check_again",
    "declare_import",
    "declare_words",
    "discard_import",
    "import_job",
    "send_import",
    "undo_import",
    "wake_waiting",
]
