"""Examples of the schema: what an operation is sent and answers, with figures of the demonstration data.

Each app keeps those of its own operations in `api/examples.yaml`: `operation: {request: …, response: …}`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

NAME = "demonstration"


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Return the examples of all apps by operation."""
    found: dict[str, dict[str, Any]] = {}
    for app in apps.get_app_configs():
        path = Path(app.path) / "api" / "examples.yaml"
        if path.is_file():
            found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Put the examples beside those that serializers declare, without covering one."""
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            known = examples().get(operation["operationId"], {})
            if "request" in known:
                _add(operation["requestBody"], known["request"])
            if "response" in known:
                answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
                _add(answer, known["response"])
    return result


def _add(part: dict[str, Any], value: Any) -> None:
    """Add the example to the JSON of a request or an answer."""
    part["content"]["application/json"].setdefault("examples", {}).setdefault(NAME, {"value": value})
