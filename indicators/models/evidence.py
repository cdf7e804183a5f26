"""Evidence (minh chứng): the files that a commune puts beside a reported value."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from indicators.models.criteria import DataElement
from indicators.models.reports import Report
from indicators.querysets import EvidenceQuerySet
from mongcai_portal.common.models import StoredFile
from mongcai_portal.common.models.files import files_storage, storage_name


def thumbnail_name(evidence: models.Model, filename: str) -> str:
    """Beside the file's own folder; every small picture is WebP."""
    return f"{storage_name(evidence, filename).rpartition('.')[0]}.webp"


class Evidence(StoredFile):
    """A file beside one element of a report, from the revision in which it was attached until it is taken away.

    `until` is the first revision without it (None: it still stands). So a reopened report goes on with the files of the
    approved revision, and taking one away leaves the approved revision as it was.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="evidence")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    since = models.PositiveSmallIntegerField()
    until = models.PositiveSmallIntegerField(null=True, blank=True)
    # A small picture of a picture; other kinds have none.
    thumbnail = models.FileField(storage=files_storage, upload_to=thumbnail_name, max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(
                fields=["report", "element", "sha256"],
                condition=Q(until__isnull=True),
                name="indicators_evidence_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="indicators_evidence_revisions_in_order"
            ),
        ]
        indexes = [models.Index(fields=["report", "element"])]
        ordering = ["report", "element", "stored_at", "id"]
