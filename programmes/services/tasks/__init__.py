"""Everything that may be done with tasks."""

from programmes.services.tasks.assigning import NewTask, assign
from programmes.services.tasks.files import attach_file
from programmes.services.tasks.moves import (
    cancel_task,
    confirm_task,
    postpone_task,
    record_progress,
    reopen_task,
    report_result,
    return_task,
)
from programmes.services.tasks.steps import add_step, settle_step

__all__ = [
    "NewTask",
    "add_step",
    "assign",
    "attach_file",
    "cancel_task",
    "confirm_task",
    "postpone_task",
    "record_progress",
    "reopen_task",
    "report_result",
    "return_task",
    "settle_step",
]
