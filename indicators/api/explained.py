"""An explanation laid out as the API writes it."""

from __future__ import annotations

from typing import Any

from indicators.models import Attainment
from indicators.rules.types import IndicatorOutcome, PartOutcome
from indicators.selectors.attainment import ElementHistory, Explanation, Signature
from indicators.selectors.reporting import NOT_ENTERED
from mongcai_portal.common.api.fields import LocalName

NOBODY = ElementHistory(Signature("", None), Signature("", None))


def explained(attainment: Attainment, found: Explanation) -> dict[str, Any]:
    """Return the members of `AttainmentExplanationSerializer`."""
    stored, standing = found.stored, found.standing
    return {
        "unit": attainment.unit.uid,
        "set": found.criteria_set.code,
        "level": found.criteria_set.level.code,
        "period": found.period.code,
        "report": found.report.pk,
        "revision": found.revision.number,
        "illustrative": found.report.illustrative,
        "outcome": standing.outcome,
        "rests_on_unverified": standing.unverified,
        "rests_on_judgement": standing.judged,
        "prerequisite_outcome": standing.prerequisite_outcome,
        "agrees_with_stored": found.agrees,
        "submitted": {"by": found.revision.submitted_by, "at": found.revision.submitted_at},
        "approved": {"by": found.revision.approved_by, "at": found.revision.approved_at},
        "computed_at": stored.computed_at if stored else None,
        "data_up_to": stored.data_up_to if stored else None,
        "criteria": [
            {
                "number": criterion.spec.number,
                "name": LocalName().to_representation(found.criteria[criterion.spec.id]),
                "outcome": criterion.outcome,
                "judged": criterion.judged,
                "unverified": criterion.unverified,
                "indicators": [_indicator(found, indicator) for indicator in criterion.indicators],
            }
            for criterion in standing.criteria
        ],
    }


def _indicator(found: Explanation, indicator: IndicatorOutcome) -> dict[str, Any]:
    version = found.versions[indicator.spec.version_id]
    history = found.elements.get(indicator.spec.element, NOBODY)
    return {
        "code": indicator.spec.code,
        "name": LocalName().to_representation(version),
        "name_provenance": version.name_provenance,
        "decision": version.decision,
        "element": indicator.spec.element,
        "office": version.indicator.office.code,
        "outcome": indicator.outcome,
        "judged": indicator.judged,
        "unverified": indicator.unverified,
        "parts": [_part(part) for part in indicator.parts],
        "entered": history.entered,
        "verified": history.verified,
        "note": history.note,
    }


def _part(part: PartOutcome) -> dict[str, Any]:
    cell, norm = part.cell, part.norm
    return {
        "part": part.part.code,
        "kind": part.part.kind,
        "state": cell.state if cell else NOT_ENTERED,
        "value": cell.value if cell else None,
        "reason": cell.reason if cell else "",
        "norm": None
        if norm is None
        else {
            "value": part.norm_value,
            "comparison": part.part.comparison,
            "region": norm.region,
            "year": norm.year,
            "commune_group": norm.group,
            "decision": norm.decision,
            "provenance": norm.provenance,
            "source": norm.source,
            "derived_from": f"{norm.derived_set} {norm.derived_indicator}" if norm.derived_set else None,
        },
        "gap": part.gap,
        "outcome": part.outcome,
    }
