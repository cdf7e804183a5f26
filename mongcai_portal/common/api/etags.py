"""Entity tags: what a read stands for, so that it is not sent twice and no write falls on something else.

A tag is strong and has one or two parts: `"<content>"` of a list, `"<version>.<content>"` of an object that can be
written. `content` is a digest of the bytes answered, so it differs by itself with language, scope, fields and format.
`version` stands for the object as stored, whatever of it was asked for; only this part is compared by If-Match. So a
tag got from `reports/{id}/`, from `reports/{id}/values/` or from a move's answer serves for the next write. A view
says which version it answers with by setting `PortalViewSet.version`.

How a write of one object asks (the row is held, so nothing changes between the question and the writing):

    with transaction.atomic():
        hold(report)
        if not holds(request.headers.get("If-Match"), report_version(report.pk)):
            ...412

A version is read before what it is sent with (a move's answer, a detail), and inside the transaction of a write whose
answer shows only what was written (`PUT values/`): so it never stands for something newer than its reader has seen.

A proxy that compresses an answer marks its tag weak (`W/"…"`). The mark is ignored here although RFC 9110 (13.1.1)
compares strongly: the version does not speak of bytes, and the writer has no other tag to send.
"""

from __future__ import annotations

import re

from mongcai_portal.common.versions import digest

ANY = "*"
# RFC 9110, 8.8.3; what a list of them holds beside commas and blanks makes the header unreadable.
_TAG = re.compile(r'\s*(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|\Z)')


def tag_of(content: bytes, version: str = "") -> str:
    """Return the tag of an answer, quoted; `version` of the object when it can be written."""
    return f'"{version}.{digest(content)}"' if version else f'"{digest(content)}"'


def holds(if_match: str | None, version: str) -> bool:
    """Whether the caller has seen this version: `*`, or one of its tags is of it.

    No header is no condition that could fail; whether one is required (428) the caller of this decides before.
    """
    if if_match is None or if_match.strip() == ANY:
        return True
    return version in {tag.partition(".")[0] for tag in tags_in(if_match) if "." in tag}


def tags_in(header: str) -> list[str]:
    """Return the tags of If-Match or If-None-Match without quotes and weakness; none at all when it is malformed."""
    found, at = [], 0
    while at < len(header):
        match = _TAG.match(header, at)
        if match is None:
            return []
        found.append(match[1])
        at = match.end()
    return found
