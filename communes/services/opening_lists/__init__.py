"""Who was poor and near poor when the register began: a list is sent, checked, and recorded whole or not at all."""

from communes.services.opening_lists.doors import OPEN, Given
from communes.services.opening_lists.recording import discard_list, record_list
from communes.services.opening_lists.scans import read_scan
from communes.services.opening_lists.staging import check_again, declare_columns, glance, send_list

__all__ = [
    "OPEN",
    "Given",
    "check_again",
    "declare_columns",
    "discard_list",
    "glance",
    "read_scan",
    "record_list",
    "send_list",
]
