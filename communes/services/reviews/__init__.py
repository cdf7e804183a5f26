"""Writing review rounds: every verb asks for the permission, names every fault, and is audited."""

from communes.services.reviews.complaints import answer_complaint, record_complaint
from communes.services.reviews.decisions import Decided, decide
from communes.services.reviews.district import record_opinion, report_to_district
from communes.services.reviews.files import keep_paper, read_paper
from communes.services.reviews.finishing import finish_sheet, reopen_sheet
from communes.services.reviews.moves import complete_round, return_round, submit_round
from communes.services.reviews.refusals import refuse
from communes.services.reviews.rounds import add_request, open_round
from communes.services.reviews.sheets import CellTyped, SaveResult, save_cells
from communes.services.reviews.villages import open_posting_list, post_results, record_meeting

__all__ = [
    "CellTyped",
    "Decided",
    "SaveResult",
    "add_request",
    "answer_complaint",
    "complete_round",
    "decide",
    "finish_sheet",
    "keep_paper",
    "open_posting_list",
    "open_round",
    "post_results",
    "read_paper",
    "record_complaint",
    "record_meeting",
    "record_opinion",
    "refuse",
    "reopen_sheet",
    "report_to_district",
    "return_round",
    "save_cells",
    "submit_round",
]
