from .passwords import change_password, check_password_rules, reset_password, set_password
from .preferences import set_language
from .sessions import record_login, record_login_failed, record_login_locked, record_logout, record_session_expired
from .users import activate_user, change_user, create_user, deactivate_user

__all__ = [
    "activate_user",
    "change_password",
    "change_user",
    "check_password_rules",
    "create_user",
    "deactivate_user",
    "record_login",
    "record_login_failed",
    "record_login_locked",
    "record_logout",
    "record_session_expired",
    "reset_password",
    "set_language",
    "set_password",
]
