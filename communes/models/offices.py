"""Sector offices that judge criteria."""

from __future__ import annotations

from django.db import models

from mongcai_portal.common.models import Provenance


class Office(models.Model):
    """A sector office (phòng, ban); which elements it judges is configuration, not law."""

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=420)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.UNVERIFIED)

    def __str__(self) -> str:
        return self.code
