"""Rules of passwords: length, how soon it would be guessed, and whether it is known from a leak.

No rule asks for kinds of characters: they make passwords that look alike, and that people write down.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Words that anyone would try first on this portal; docs/security.md says so to those who run it.
CONTEXT_WORDS = (
    "mongcai", "móng cái", "mong cai", "quangninh", "quảng ninh", "quang ninh", "halong", "tinh", "thanhpho", "phuong",
    "xa", "ubnd", "uyban", "congdieuhanh", "dieuhanh", "portal", "mongcai_portal", "mtqg", "nongthonmoi",
    "nông thôn mới", "giamngheo", "ocop", "chuongtrinh", "tieuchi", "baocao", "matkhau", "mật khẩu", "canbo",
    "canboxa", "lanhdao", "vanphong", "phongban", "thamdinh", "dieuphoi", "quantri", "officer", "verifier",
    "coordinator", "leader", "administrator", "admin", "vietnam", "việt nam",
)  # fmt: skip
# A hundred million tries: ten thousand a second, against a stolen table, take three hours; at the login page, for ever.
_LEAST_TRIES = 100_000_000
_LONGEST_SCORED = 72  # scoring takes longer than the square of the length


class LengthValidator(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        return _("Mật khẩu quá ngắn: cần ít nhất %(min_length)d ký tự.") % {"min_length": self.min_length}

    def get_help_text(self) -> str:
        return _("Mật khẩu cần ít nhất %(min_length)d ký tự.") % {"min_length": self.min_length}


class GuessValidator:
    """Refuses what a guesser tries early: lists of passwords, names, dates, keyboard rows, and words of this place."""

    def validate(self, password: str, user: Any = None) -> None:
        from zxcvbn import zxcvbn  # reads its lists when it is first needed

        own = re.split(r"[\W_]+", f"{user.username} {user.full_name} {user.email}") if user is not None else []
        words = [*CONTEXT_WORDS, *(word for word in own if len(word) > 1)]
        if zxcvbn(password[:_LONGEST_SCORED], user_inputs=words)["guesses"] < _LEAST_TRIES:
            raise ValidationError(
                _("Mật khẩu dễ đoán: tránh dãy phím, ngày tháng, tên người, tên nơi; nên ghép vài từ khác nhau."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Mật khẩu không được dễ đoán; vài từ không liên quan với nhau là tốt nhất.")


class BreachValidator:
    """Refuses a password that stands in the file of leaked ones (`PORTAL_BREACHED_PASSWORDS`), when there is a file."""

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.PORTAL_BREACHED_PASSWORDS
        if path and is_listed(Path(path), password):
            raise ValidationError(
                _("Mật khẩu này đã bị lộ trong một vụ rò rỉ dữ liệu; hãy chọn mật khẩu khác."), code="password_breached"
            )

    def get_help_text(self) -> str:
        return _("Mật khẩu không được nằm trong các vụ rò rỉ dữ liệu đã biết.")


def is_listed(path: Path, password: str) -> bool:
    """Look a password's SHA-1 up in a sorted file of any size: thirty-odd reads for a thousand million lines.

    SHA-1 is how the file is made; nothing is kept by it.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        # `low` is where a line begins; what is looked for begins there or later, and before or at `high`.
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(max(0, middle - 1))
            if middle:
                file.readline()  # on to the first line that begins at the middle or behind it
            begins, line = file.tell(), file.readline()
            if line and line[:40].upper() < wanted:
                low = begins + len(line)
            else:
                high = middle
        file.seek(low)
        return file.readline()[:40].upper() == wanted
