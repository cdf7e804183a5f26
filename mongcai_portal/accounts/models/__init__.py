from .client import ApiClient
from .session import OpenSession
from .user import User, UserManager, normalize_username

__all__ = ["ApiClient", "OpenSession", "User", "UserManager", "normalize_username"]
