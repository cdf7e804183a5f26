from .client import ApiClient
from .user import User, UserManager, normalize_username

__all__ = ["ApiClient", "User", "UserManager", "normalize_username"]
