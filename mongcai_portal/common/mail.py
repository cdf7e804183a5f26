"""Letters: to whom they may go, and the links in them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

NO_ADDRESS, RESERVED = "no_address", "reserved_domain"

# Names that no mail server ever answers for (RFC 2606, RFC 6761); the demonstration's people have such.
_RESERVED_TOP = ("invalid", "test", "example", "localhost")
_RESERVED = ("example.com", "example.net", "example.org")
# These give a letter to nobody outside, so that a demonstration can show what it would send.
_AT_HOME = tuple(
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("filebased", "console", "locmem", "dummy")
)


def is_reserved(address: str) -> bool:
    """Whether the address lies in a domain that is reserved for examples and tests."""
    domain = address.rpartition("@")[2].casefold().rstrip(".")
    return domain.rpartition(".")[2] in _RESERVED_TOP or any(
        domain == name or domain.endswith(f".{name}") for name in _RESERVED
    )


def why_not(address: str) -> str:
    """Return why no letter may go to the address: `no_address`, `reserved_domain`, or "" when one may."""
    if not address:
        return NO_ADDRESS
    return RESERVED if settings.EMAIL_BACKEND not in _AT_HOME and is_reserved(address) else ""


def link(path: str) -> str:
    """Return the whole address of a page, for a reader who is not in the portal."""
    return settings.PORTAL_URL.rstrip("/") + path


def send_letter(*, to: str, subject: str, body: str) -> None:
    """Send one letter in plain text.

    Raises:
        OSError, smtplib.SMTPException: the mail server did not take it.
    """
    EmailMessage(subject=" ".join(subject.split()), body=body, to=[to]).send()
