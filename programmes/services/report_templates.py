"""Word templates of the period report: a new version is checked whole before it is kept; old ones are never changed."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.text import nfc
from mongcai_portal.common.uploads import check_upload
from programmes.models import ReportTemplate
from programmes.reports.fields import shape
from programmes.reports.templates import MAX_BYTES, package_faults, template_faults
from programmes.reports.word import tried

logger = logging.getLogger(__name__)

LONGEST_NOTE = 200


def _content_faults(file: File[Any]) -> list[Fault]:
    """What reaches beyond the file is not opened any further; what is written wrongly is not filled in."""
    try:
        return package_faults(file) or template_faults(file, shape()) or tried(file)
    except Exception:  # a damaged document breaks its reader in whatever way, and so do a thousand brackets
        logger.info("a template could not be read", exc_info=True)
        return [Fault("/file", "broken", _("Không đọc được tệp này như một mẫu Word."))]


def add_template(*, by: Any, file: File[Any] | None, note: str = "") -> ReportTemplate:
    """Keep a new version of the template; the same file again is the version that it is already.

    Raises:
        Forbidden; Stale: another version came at the same moment.
        Invalid: `/file`: what `check_upload` says (no Word file, macros, too large …); `external`, `embedded`: it
            reaches beyond itself; `unknown_field`, `not_rows`, `not_a_text`, `not_allowed`, `nested`, `syntax`: each
            with its place; `broken`: filled in it is no Word file. `/note` too_long.
    """
    if Permission.DOCUMENTS_EDIT not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    faults = []
    note = " ".join(nfc(note).split())
    if len(note) > LONGEST_NOTE:
        faults.append(Fault("/note", "too_long", _("Dài quá %(n)s ký tự.") % {"n": LONGEST_NOTE}))
    try:
        checked = check_upload(file, kinds=("docx",), max_bytes=MAX_BYTES)
    except ValidationError as error:
        faults += [Fault("/file", str(one.code), one.messages[0]) for one in error.error_list]
        raise Invalid(faults) from error
    assert file is not None, "what is missing was named"
    faults += _content_faults(file)
    if faults:
        raise Invalid(faults)
    known = ReportTemplate.objects.filter(sha256=checked.sha256).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            number = (ReportTemplate.objects.aggregate(last=Max("number"))["last"] or 0) + 1
            row = ReportTemplate.of(file, checked, by=by, number=number, note=note)
            row.save(force_insert=True)
            record(
                kind=Kind.TEMPLATE_ADDED, by=by, obj_type="report_template", obj_id=row.pk, label=row.name,
                number=number, sha256=checked.sha256, size=checked.size, note=note,
            )  # fmt: skip
    except IntegrityError:
        raise Stale(_("Một phiên bản mẫu khác vừa được thêm: hãy gửi lại.")) from None
    return row
