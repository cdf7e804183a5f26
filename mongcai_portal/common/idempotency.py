"""Writes that may be sent again: the second time the first answer is given, and nothing is written."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Fault, Invalid, KeyReused
from mongcai_portal.common.models import KeptAnswer

# A system that sends every night has a long weekend to notice that an answer was lost.
KEPT_FOR = timedelta(days=7)
HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_of(text: str | None) -> str:
    """Return the key of a request's header.

    Raises:
        Invalid: there is none, or it is not 1 to 200 visible ASCII characters.
    """
    if text is None or not text.strip():
        message = _("Lời gọi này phải kèm Idempotency-Key: một mã mới cho mỗi lần gửi, giữ nguyên khi gửi lại.")
        raise Invalid([Fault(f"/{HEADER}", "required", message)])
    if not _KEY.fullmatch(text.strip()):
        message = _("Idempotency-Key gồm 1 đến 200 ký tự ASCII, không có khoảng trắng.")
        raise Invalid([Fault(f"/{HEADER}", "invalid", message)])
    return text.strip()


def fingerprint(request: Any) -> str:
    """Return what tells one request from another: the same JSON, however it was spaced or ordered."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def answer_kept(*, by: Any, operation: str, key: str, request: str) -> Any | None:
    """Return the answer that was given to this request, or None.

    Raises:
        KeyReused: the key belongs to another request.
    """
    row = KeptAnswer.objects.filter(caller=by.pk, operation=operation, key=key).first()
    return None if row is None else answer_of(_same(row, request))


def claim(*, by: Any, operation: str, key: str, request: str) -> KeptAnswer:
    """Take the key until the caller's transaction ends; one that is taken elsewhere is waited for.

    A row with an answer is a replay: whoever was first has answered. Otherwise the caller works, and ends by `keep`.

    Raises:
        KeyReused: the key belongs to another request.
    """
    row, _created = KeptAnswer.objects.get_or_create(
        caller=by.pk, operation=operation, key=key, defaults={"fingerprint": request, "kept_at": timezone.now()}
    )
    return _same(row, request)


def keep(row: KeptAnswer, answer: Any) -> None:
    """Keep the answer, in the transaction of what it tells about.

    As JSON in a string: an answer may quote what was sent, and PostgreSQL's JSON takes no NUL and no half a surrogate.
    """
    row.answer = json.dumps(answer)
    row.save(update_fields=["answer"])


def answer_of(row: KeptAnswer) -> Any | None:
    """Return the answer that a row keeps; None while its first caller works on it."""
    return None if row.answer is None else json.loads(row.answer)


def forget() -> int:
    """Forget answers that nobody will ask for any more; return how many."""
    return KeptAnswer.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _same(row: KeptAnswer, request: str) -> KeptAnswer:
    if row.fingerprint != request:
        raise KeyReused(_("Idempotency-Key này đã dùng cho một lời gọi khác; mỗi lần gửi mới cần một mã mới."))
    return row
