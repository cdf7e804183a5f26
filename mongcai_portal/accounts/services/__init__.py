from .invitations import Letter, allow_reset_letter, mail_password_link
from .lockouts import locked_usernames, unlock_user
from .passwords import change_password, check_password_rules, one_time_password, reset_password, set_password
from .preferences import set_language
from .sessions import (
    end_session,
    end_sessions,
    record_login,
    record_login_failed,
    record_login_locked,
    record_logout,
    record_password_confirmed,
    record_session_expired,
)
from .users import account_faults, activate_user, change_user, create_user, deactivate_user

__all__ = [
    "Letter",
    "account_faults",
    "activate_user",
    "allow_reset_letter",
    "change_password",
    "change_user",
    "check_password_rules",
    "create_user",
    "deactivate_user",
    "end_session",
    "end_sessions",
    "locked_usernames",
    "mail_password_link",
    "one_time_password",
    "record_login",
    "record_login_failed",
    "record_login_locked",
    "record_logout",
    "record_password_confirmed",
    "record_session_expired",
    "reset_password",
    "set_language",
    "set_password",
    "unlock_user",
]
