"""The committed schema is what the API serves, and its pages come whole from the portal's own files."""

import re
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from tests.factories.clients import make_caller
from tests.factories.world import make_world

SNAPSHOT = Path(__file__).parents[2] / "docs" / "api" / "openapi.yaml"
LOGIN = {"backend": "mongcai_portal.accounts.backends.PasswordBackend"}


def test_the_committed_schema_is_the_present_one():
    out = StringIO()
    with translation.override("vi"):
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().strip() == SNAPSHOT.read_text(encoding="utf-8").strip(), (
        "the API changed; write it anew with `python manage.py spectacular --file docs/api/openapi.yaml`"
    )


def test_every_operation_is_summed_up_and_names_its_refusals():
    import yaml

    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), (method, path)
            assert {"400", "401", "403"} <= set(operation["responses"]), (method, path)
            assert ("404" in operation["responses"]) == ("{" in path), (method, path)


def test_every_operation_has_examples_that_its_own_schema_allows():
    """Of the request and of the answer; they are whole objects, so a field that comes or goes is found here."""
    import yaml

    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    checked = 0
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            answer = next(one for status, one in operation["responses"].items() if status.startswith("2"))
            for part in (answer, operation.get("requestBody")):
                if part is None:
                    continue
                if "application/json" not in part["content"]:
                    continue  # a file
                content = part["content"]["application/json"]
                assert content.get("examples"), (method, path, "no example")
                for name, example in content["examples"].items():
                    faults = faults_of(example["value"], content["schema"], schema)
                    assert not faults, (method, path, name, faults)
                    checked += 1
    assert checked > 30


def faults_of(value, part, schema) -> list[str]:
    """Check a value against a part of the schema as JSON Schema, which writes "or null" in another way."""
    validator = jsonschema.Draft202012Validator(as_json_schema({**part, "components": schema["components"]}))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def as_json_schema(part):
    if isinstance(part, list):
        return [as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: as_json_schema(value) for name, value in part.items() if name not in ("nullable", "example")}
    if part.get("type") == "object" and "properties" in made and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") is True else made


def test_a_value_that_the_schema_does_not_allow_is_found():
    schema = {"components": {"schemas": {"A": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}
    part = {"$ref": "#/components/schemas/A"}
    assert faults_of({"n": 1}, part, schema) == []
    assert len(faults_of({"n": "1", "m": 2}, part, schema)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["schema/", "docs/", "docs/?script="])
def test_schema_and_pages_need_an_identity(path):
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    world = make_world()
    client = Client()
    client.force_login(world.people["officer"], **LOGIN)
    assert client.get(f"/api/v1/{path}").status_code == 200


@pytest.mark.django_db
def test_a_client_reads_the_schema():
    assert make_caller("leader").get("schema/").status_code == 200


@pytest.mark.django_db
def test_a_reader_without_a_session_is_led_to_the_login_form():
    answer = Client().get("/api/v1/docs/", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/api/v1/docs/"


@pytest.mark.django_db
def test_the_pages_have_no_inline_script_or_style_and_nothing_from_elsewhere():
    world = make_world()
    client = Client()
    client.force_login(world.people["officer"], **LOGIN)
    page = client.get("/api/v1/docs/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=", page)
    assert all(url.startswith("/") for url in re.findall(r'(?:src|href)="([^"]+)"', page))
