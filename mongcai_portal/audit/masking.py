"""Personal fields never stand in the log in clear."""

from __future__ import annotations

from typing import Any

SECRET = frozenset({"password", "new_password", "old_password", "token", "client_secret", "secret"})
PERSONAL = frozenset(
    {
        "email", "phone", "identity_number", "citizen_id", "date_of_birth", "birth_date", "address", "bank_account",
        "person_name", "head_name",
    }
)  # fmt: skip
# Of these even the first letter would tell: that they were changed is all that is said.
SENSITIVE = frozenset(
    {
        "sex", "ethnicity", "schooling", "education", "work", "health_insurance", "allowance", "meritorious",
        "nutrition", "no_labour",
    }
)  # fmt: skip
_HIDDEN = "•••"


def _masked(value: Any) -> Any:
    """Keep the first letter, and the domain of a mail address, so that two values can be told apart by their owner."""
    if value in (None, ""):
        return value
    text = str(value)
    if "@" in text:
        name, _, domain = text.rpartition("@")
        return f"{name[:1]}{_HIDDEN}@{domain}"
    return text[:1] + _HIDDEN


def mask(details: Any, key: str = "") -> Any:
    """Return the details as JSON with personal fields masked and secrets removed, however deep they lie.

    A field is recognised by its key; under a personal key a `{"before": …, "after": …}` pair is masked on both sides.
    """
    if key in SECRET:
        return _HIDDEN
    if key in SENSITIVE and not isinstance(details, dict):
        return details if details in (None, "") else _HIDDEN
    if isinstance(details, dict):
        personal = key in PERSONAL | SENSITIVE
        return {str(k): mask(v, key if personal else str(k)) for k, v in details.items()}
    if isinstance(details, list | tuple | set | frozenset):
        return [mask(item, key) for item in details]
    if key in PERSONAL:
        return _masked(details)
    if details is None or isinstance(details, bool | int | float | str):
        return details
    return str(details)
