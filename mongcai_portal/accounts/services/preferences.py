"""What a person chooses for themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.models.user import Language
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid


def set_language(*, user: User, language: str, by: User) -> bool:
    """Keep the language of the interface with the account; returns whether it changed.

    Raises:
        Invalid: a language that the portal does not speak.
    """
    if language not in Language.values:
        raise Invalid([Fault("/language", "unknown_language", _("Không có ngôn ngữ này."))])
    if user.language == language:
        return False
    before = user.language
    with transaction.atomic():
        user.language = language
        user.save(update_fields=["language"])
        record(
            kind=Kind.USER_LANGUAGE,
            by=by,
            obj_type="user",
            obj_id=user.pk,
            label=user.username,
            before=before,
            after=language,
        )
    return True
