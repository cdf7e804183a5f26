"""What every bench says at its end: its figures with their bounds, in one line for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that so large a share of them does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def conclude(figures: Mapping[str, Sequence[float]], **beside: object) -> int:
    """Print what has no bound in plain words, then as the last line `{figure: [value, bound], …, "ok": bool}`.

    A value that could not be measured (infinite) is null there and keeps no bound; nor does a run without any figure.
    Returns the exit code: 0 when every value keeps its bound, else 1.
    """
    if beside:
        print(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in beside.items()))
    ok = bool(figures) and all(value <= bound for value, bound in figures.values())
    shown = {name: [value if math.isfinite(value) else None, bound] for name, (value, bound) in figures.items()}
    print(json.dumps({**shown, "ok": ok}, allow_nan=False))
    return 0 if ok else 1
