"""Storing what criteria files say, in sets; rows keep their identity, so that stored results go on pointing to them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from communes.models import Office
from indicators.models import (
    CriteriaSet,
    Criterion,
    DataElementPart,
    Indicator,
    IndicatorVersion,
    Level,
    Norm,
    VersionPart,
    ZoneNormRule,
)
from indicators.services.criteria_elements import store_elements, store_parts, walk
from indicators.services.criteria_types import (
    CriteriaData,
    IndicatorRow,
    NormRow,
    SetRow,
    VersionRow,
)
from mongcai_portal.common.reference import Changes, sync_rows


def store(data: CriteriaData, *, publish: set[str]) -> Changes:
    """Make the stored sets equal to the data; elements and levels are added and changed, never removed."""
    offices = dict(Office.objects.values_list("code", "pk"))
    levels, changes = sync_rows(
        Level.objects.all(),
        [Level(**row) for row in data.levels],
        key=lambda level: level.code,
        fields=("phase", "rank", "name_vi", "name_en"),
        keep=True,
    )
    elements, done = store_elements(data, offices)
    changes += done
    parts, done = store_parts(data, elements)
    changes += done
    sets: dict[str, int] = dict(CriteriaSet.objects.values_list("code", "pk"))
    for one in data.sets:  # one by one: a prerequisite is stored before what builds on it
        changes += _set(one, levels, sets, publish)
    versions, done = _rows(data, sets, elements, offices)
    changes += done + _version_parts(data, versions, parts, elements) + _norms(data, versions)
    if changes:
        # Elements and parts are shared, and definitions are remembered by this stamp: every set is looked at again.
        CriteriaSet.objects.update(changed_at=timezone.now())
    return changes


def _set(one: SetRow, levels: dict[Any, Level], sets: dict[str, int], publish: set[str]) -> Changes:
    status = CriteriaSet.Status.PUBLISHED if one.code in publish else CriteriaSet.Status.DRAFT
    before = CriteriaSet.objects.filter(code=one.code)
    if status == CriteriaSet.Status.DRAFT and one.loadable and before.filter(status="published").exists():
        status = CriteriaSet.Status.PUBLISHED
    stored, changes = sync_rows(
        before,
        [
            CriteriaSet(
                code=one.code,
                name_vi=one.name_vi,
                name_en=one.name_en,
                level_id=levels[one.level].pk,
                prerequisite_id=sets[one.prerequisite] if one.prerequisite else None,
                decision=one.decision,
                issued_on=one.issued_on,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                first_year=one.first_year,
                last_year=one.last_year,
                default_region=one.default_region,
                criteria_declared=one.criteria_declared,
                indicators_declared=one.indicators_declared,
                commune_groups=list(one.commune_groups),
                status=status,
            )
        ],
        key=lambda row: row.code,
        fields=(
            "name_vi", "name_en", "level_id", "prerequisite_id", "decision", "issued_on", "valid_from", "valid_to",
            "first_year", "last_year", "default_region", "criteria_declared", "indicators_declared", "commune_groups",
            "status",
        ),
    )  # fmt: skip
    sets[one.code] = stored[one.code].pk
    _, done = sync_rows(
        ZoneNormRule.objects.filter(criteria_set=sets[one.code]),
        [
            ZoneNormRule(
                criteria_set_id=sets[one.code],
                zone=rule.zone,
                region=rule.region,
                provenance=rule.provenance,
                source=rule.source[:80],
            )
            for rule in one.zone_rules
        ],
        key=lambda rule: rule.zone,
        fields=("region", "provenance", "source"),
    )
    return changes + done


def _rows(
    data: CriteriaData, sets: dict[str, int], elements: dict[str, int], offices: dict[str, int]
) -> tuple[dict[Any, int], Changes]:
    """Store criteria, indicators and versions; returns version ids by (set, criterion, indicator, valid_from)."""
    loaded = [sets[one.code] for one in data.sets]
    criteria, changes = sync_rows(
        Criterion.objects.filter(criteria_set__in=loaded),
        [
            Criterion(
                criteria_set_id=sets[one.code],
                number=criterion.number,
                name_vi=criterion.name_vi,
                name_en=criterion.name_en,
                group_vi=criterion.group_vi,
            )
            for one in data.sets
            for criterion in one.criteria
        ],
        key=lambda row: (row.criteria_set_id, row.number),
        fields=("name_vi", "name_en", "group_vi"),
    )
    indicators, done = sync_rows(
        Indicator.objects.filter(criterion__criteria_set__in=loaded),
        [
            Indicator(
                criterion_id=criteria[(sets[one.code], criterion.number)].pk,
                code=indicator.code,
                position=at,
                office_id=offices[indicator.office],
                level_set_by=indicator.level_set_by,
                applies_if_vi=indicator.applies_if_vi,
                derived_from_attainment_id=sets.get(indicator.derived_from_attainment),
                sources=list(indicator.sources),
            )
            for one in data.sets
            for criterion in one.criteria
            for at, indicator in enumerate(criterion.indicators)
        ],
        key=lambda row: (row.criterion_id, row.code),
        fields=("position", "office_id", "level_set_by", "applies_if_vi", "derived_from_attainment_id", "sources"),
    )
    changes += done
    where: dict[Any, Any] = {}
    wanted = []
    for one, criterion, indicator, version in walk(data):
        owner = indicators[(criteria[(sets[one.code], criterion.number)].pk, indicator.code)].pk
        where[(owner, version.valid_from)] = (one.code, criterion.number, indicator.code, version.valid_from)
        wanted.append(
            IndicatorVersion(
                indicator_id=owner,
                valid_from=version.valid_from,
                valid_to=version.valid_to,
                decision=version.decision,
                name_vi=version.name_vi,
                name_en=version.name_en,
                name_provenance=version.name_provenance,
                element_id=elements[version.element],
                value_type=version.value_type,
                unit=version.unit,
                comparison=version.comparison,
                scale=list(version.scale),
            )
        )
    versions, done = sync_rows(
        IndicatorVersion.objects.filter(indicator__criterion__criteria_set__in=loaded),
        wanted,
        key=lambda row: (row.indicator_id, row.valid_from),
        fields=(
            "valid_to", "decision", "name_vi", "name_en", "name_provenance", "element_id", "value_type", "unit",
            "comparison", "scale",
        ),
    )  # fmt: skip
    return {where[key]: version.pk for key, version in versions.items()}, changes + done


def _version_parts(
    data: CriteriaData, versions: dict[Any, int], parts: dict[tuple[int, str], int], elements: dict[str, int]
) -> Changes:
    wanted = []
    for one, criterion, indicator, version in walk(data):
        owner = versions[(one.code, criterion.number, indicator.code, version.valid_from)]
        element = elements[version.element]
        judged = [(component.code, component.comparison) for component in version.components]
        if data.elements[version.element].by_sex:
            judged += [(sex["code"], version.comparison) for sex in data.sexes]
        wanted += [
            VersionPart(version_id=owner, part_id=parts[(element, code)], comparison=comparison)
            for code, comparison in judged
        ]
    _, changes = sync_rows(
        VersionPart.objects.filter(version__in=versions.values()),
        wanted,
        key=lambda row: (row.version_id, row.part_id),
        fields=("comparison",),
    )
    unused = DataElementPart.objects.filter(
        ~Q(pk__in=VersionPart.objects.values("part_id")), kind=DataElementPart.Kind.COMPONENT
    )
    return changes + Changes(deleted=unused.delete()[0])


def _norms(data: CriteriaData, versions: dict[Any, int]) -> Changes:
    stored = Norm.objects.filter(version__in=versions.values())
    # Who read the decision knows better than the file: where a norm was entered by hand, the file's is left out.
    entered = {norm.place for norm in stored.by_hand() if norm.valid_from is None}
    wanted = [
        _norm(norm, versions[(one.code, criterion.number, indicator.code, version.valid_from)], version, indicator)
        for one, criterion, indicator, version in walk(data)
        for norm in version.norms
    ]
    _, changes = sync_rows(
        stored.filter(entry__isnull=True),
        [norm for norm in wanted if norm.place not in entered],
        key=lambda row: (row.version_id, row.part, row.region, row.year, row.commune_group),
        fields=(
            "number", "boolean", "choice", "derived_set", "derived_indicator", "derived_factor", "provenance",
            "decision", "source",
        ),
    )  # fmt: skip
    return changes


def _norm(norm: NormRow, version_id: int, version: VersionRow, indicator: IndicatorRow) -> Norm:
    value = norm.value
    return Norm(
        version_id=version_id,
        part=norm.part,
        region=norm.region,
        year=norm.year,
        commune_group=norm.group,
        boolean=value if isinstance(value, bool) else None,
        choice=value if isinstance(value, str) else "",
        number=None if value is None or isinstance(value, bool | str) else value,
        derived_set=norm.derived_set,
        derived_indicator=norm.derived_indicator,
        derived_factor=norm.derived_factor,
        provenance=norm.provenance,
        decision=version.decision,
        source=", ".join(indicator.sources)[:200],
    )
