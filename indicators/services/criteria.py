"""Loading criteria sets from the reference files: one code path for every set, whatever its levels and counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from communes.models import Office
from indicators.models import CriteriaSet, Indicator, Norm
from indicators.services.criteria_checks import check_references
from indicators.services.criteria_entered import entered_without_place
from indicators.services.criteria_file import DATA, CriteriaReader, pointer_of
from indicators.services.criteria_places import with_lines
from indicators.services.criteria_store import store
from indicators.services.criteria_types import CriteriaData
from indicators.services.publishing import publication_faults, record_published
from indicators.services.taking_effect import take_effect
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.reference import Changes
from mongcai_portal.common.sources import load_sources

STANDARD = "ntm_commune_standard_2021_2025"
ADVANCED = "ntm_commune_advanced_2021_2025"
MODEL = "ntm_commune_model_2021_2025"
NEXT_STANDARD = "ntm_commune_2026_2030"

# Published with the portal itself; any other set stays a draft until someone publishes it.
PUBLISHED = (STANDARD, ADVANCED, MODEL)
# What an installation starts with, a prerequisite before what builds on it.
LOADED = (*PUBLISHED, NEXT_STANDARD)


def load_criteria(
    *, by: Any, files: Sequence[str] = LOADED, publish: Sequence[str] = PUBLISHED, folder: Path = DATA
) -> Changes:
    """Make the criteria sets of the named files equal to them; `by` None is the system itself.

    Norms entered by hand stay as they are: they win over the file, and a file without a place for them is refused.
    Reports of the years of a set that becomes published are treated as `publish_set` does.

    Args:
        files: names without `.yaml`, or paths of files elsewhere; a prerequisite before what builds on it.
        publish: which of them to publish; a published set stays published when it is loaded without.

    Raises:
        Invalid: the files have faults; all are named (`/<file>/<path>`, with the line) and nothing is stored.
    """
    reader = CriteriaReader(folder, offices=Office.objects.values_list("code", flat=True))
    data = reader.read(files)
    wanted = {pointer_of(name) for name in publish}
    with transaction.atomic():
        _leave_what_was_entered(data)
        faults = [*reader.faults, *_between(data), *_not_loadable(data, wanted), *entered_without_place(data)]
        if faults:
            raise Invalid(with_lines(faults, reader.paths))
        before = _published(data)
        changes = load_sources(source for one in data.sets for source in one.sources)
        changes += store(data, publish={one.code for one in data.sets if one.pointer in wanted})
        faults = publication_faults(one.code for one in data.sets)
        if faults:
            raise Invalid(faults)
        _take_effect([one for code, one in _published(data).items() if code not in before], by=by)
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="criteria",
                label=", ".join(one.code for one in data.sets),
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes


def _published(data: CriteriaData) -> dict[str, CriteriaSet]:
    """Return the sets of the files that are published, by code."""
    rows = CriteriaSet.objects.filter(code__in=[one.code for one in data.sets], status=CriteriaSet.Status.PUBLISHED)
    return {one.code: one for one in rows.order_by("pk")}


def _take_effect(sets: Sequence[CriteriaSet], *, by: Any) -> None:
    """Treat sets that this load published as published by a person; where no report is theirs, loading says it all."""
    reports = take_effect(by=by, sets=sets)
    for one in sets:
        if one.pk in reports:
            record_published(one, by=by, reports=reports[one.pk])


def _between(data: CriteriaData) -> list[Fault]:
    """Check what sets refer to, among the files and what is stored already."""
    loaded = {one.code for one in data.sets}
    codes: dict[str, set[str]] = {code: set() for code in CriteriaSet.objects.values_list("code", flat=True)}
    for owner, code in Indicator.objects.values_list("criterion__criteria_set__code", "code"):
        codes[owner].add(code)
    edges: dict[str, set[str]] = {}
    for owner, target in CriteriaSet.objects.exclude(prerequisite=None).values_list("code", "prerequisite__code"):
        edges.setdefault(owner, set()).add(target)
    for owner, code, *target in Norm.objects.exclude(derived_set="").values_list(
        "version__indicator__criterion__criteria_set__code",
        "version__indicator__code",
        "derived_set",
        "derived_indicator",
    ):
        edges.setdefault(f"{owner}#{code}", set()).add("#".join(target))
    return check_references(
        data,
        stored={code: frozenset(found) for code, found in codes.items() if code not in loaded},
        stored_levels=dict(CriteriaSet.objects.exclude(code__in=loaded).values_list("code", "level__code")),
        stored_edges={node: targets for node, targets in edges.items() if node.split("#")[0] not in loaded},
    )


def _leave_what_was_entered(data: CriteriaData) -> None:
    """A file that still waits for its indicators makes a draft, and never empties one that somebody has filled."""
    filled = set(
        CriteriaSet.objects.filter(Q(status=CriteriaSet.Status.PUBLISHED) | Q(criteria__indicators__isnull=False))
        .distinct()
        .values_list("code", flat=True)
    )
    data.sets = [one for one in data.sets if one.loadable or one.code not in filled]


def _not_loadable(data: CriteriaData, publish: Collection[str]) -> list[Fault]:
    """A set whose indicators are still to be entered is kept as a draft: nobody may report on it."""
    return [
        Fault(
            f"/{one.pointer}/loadable",
            "not_publishable",
            _("Bộ “%(code)s” chưa có chỉ tiêu nên chưa thể ban hành.") % {"code": one.code},
        )
        for one in data.sets
        if one.pointer in publish and not one.loadable
    ]
