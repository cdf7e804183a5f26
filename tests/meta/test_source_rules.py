"""What the source never does, asked of every file: so that a fault of these kinds cannot come in unseen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

BASE = Path(__file__).resolve().parents[2]
APPS = ("mongcai_portal", "communes", "indicators", "programmes")


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product, by its path."""
    paths = [path for app in APPS for path in sorted((BASE / app).rglob("*.py"))]
    return {str(path.relative_to(BASE)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def texts(folder: str, ending: str) -> dict[str, str]:
    found = sorted((BASE / folder).rglob(f"*{ending}"))
    return {str(path.relative_to(BASE)): path.read_text(encoding="utf-8") for path in found}


@cache
def every_node() -> list[tuple[str, ast.AST]]:
    """Walked through once: it takes longer than to parse."""
    return [(path, node) for path, tree in sources().items() for node in ast.walk(tree)]


def nodes(kind: type[ast.AST], *, migrations: bool = False) -> Iterator[tuple[str, ast.AST]]:
    for path, node in every_node():
        if isinstance(node, kind) and (migrations or "/migrations/" not in path):
            yield path, node


def name_of(node: ast.AST) -> str:
    """The dotted name of what is called, as written."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def calls(*, migrations: bool = False) -> Iterator[tuple[str, str, ast.Call]]:
    for path, node in nodes(ast.Call, migrations=migrations):
        assert isinstance(node, ast.Call)
        yield path, name_of(node.func), node


def imports() -> Iterator[tuple[str, str]]:
    for path, node in nodes(ast.Import):
        yield from ((path, alias.name) for alias in node.names)  # type: ignore[attr-defined]
    for path, node in nodes(ast.ImportFrom):
        module = node.module or ""  # type: ignore[attr-defined]
        yield from ((path, f"{module}.{alias.name}") for alias in node.names)  # type: ignore[attr-defined]


def test_the_sources_are_found() -> None:
    assert len(sources()) > 200 and len(texts("templates", ".html")) > 80 and len(texts("static/js", ".js")) > 8


def test_no_code_builds_sql_from_text() -> None:
    wrong = []
    for path, name, call in calls(migrations=True):
        last = name.rpartition(".")[2]
        if last in ("extra", "RawSQL", "executescript") or name.endswith("objects.raw"):
            wrong.append((path, call.lineno, name))
        if last in ("execute", "executemany", "RunSQL") and not isinstance(call.args[0], ast.Constant):
            wrong.append((path, call.lineno, name))
    # These join names of their own tables and columns; what callers send goes beside, as parameters.
    own_names = {
        "indicators/services/archive.py", "mongcai_portal/backup/place.py", "mongcai_portal/backup/rows.py",
        "mongcai_portal/backup/services/restore.py", "mongcai_portal/common/copying.py",
        "mongcai_portal/common/stamped.py",
    }  # fmt: skip
    assert [one for one in wrong if "/migrations/" not in one[0] and one[0] not in own_names] == []


def test_no_code_runs_a_shell_or_evaluates_text() -> None:
    forbidden = {
        "eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.unsafe_load", "Template", "Engine",
        "engine.from_string", "engines",
    }  # fmt: skip
    from mongcai_portal.common.reference import _Loader

    read = [(path, ast.unparse(call)) for path, name, call in calls() if name == "yaml.load"]
    assert issubclass(_Loader, (yaml.SafeLoader, yaml.CSafeLoader)) and all(
        "Loader=_Loader" in text for _path, text in read
    )
    assert [(path, call.lineno, name) for path, name, call in calls() if name in forbidden] == []
    assert [one for one in imports() if one[1].partition(".")[0] in ("pickle", "shelve", "marshal", "dill")] == []
    shells = [
        (path, call.lineno) for path, _name, call in calls() for word in call.keywords
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
    ]  # fmt: skip
    assert shells == []


def test_tasks_and_sessions_are_json() -> None:
    from django.conf import settings

    assert (settings.CELERY_TASK_SERIALIZER, settings.CELERY_ACCEPT_CONTENT) == ("json", ["json"])
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")


def test_formats_are_constants() -> None:
    """`text.format(…)` and `text % …` only of a text that stands in the source or its catalogue, or of a plain name."""
    wrong = [
        (path, call.lineno) for path, name, call in calls()
        if name.rpartition(".")[2] in ("format", "format_map") and isinstance(call.func, ast.Attribute)
        and re.search(r"request|cleaned_data|POST|GET|body", ast.unparse(call.func.value))
    ]  # fmt: skip
    wrong += [
        (path, node.lineno)  # type: ignore[attr-defined]
        for path, node in nodes(ast.BinOp)
        if isinstance(node.op, ast.Mod)  # type: ignore[attr-defined]
        and re.search(r"request|cleaned_data|POST|GET\b|\bbody", ast.unparse(node.left))  # type: ignore[attr-defined]
    ]
    assert wrong == []


def test_regular_expressions_are_not_built_from_what_people_send() -> None:
    # Media types and the separators of numbers in a language, both escaped; a slot's own marks, made by the process.
    allowed = {f"mongcai_portal/common/{name}.py" for name in ("contents", "numbers", "stencils")}
    wrong = [
        (path, call.lineno) for path, name, call in calls()
        if name.startswith("re.") and name != "re.escape" and not isinstance(call.args[0], ast.Constant)
        and path not in allowed
    ]  # fmt: skip
    assert wrong == []
    looked_up = [(p, n.arg) for p, n in nodes(ast.keyword) if re.search(r"__i?regex$", n.arg or "")]  # type: ignore[attr-defined]
    assert looked_up == []


def test_what_must_not_be_guessed_comes_from_secrets() -> None:
    # A made-up province needs the same figures twice; that is no secret.
    allowed = {path for path in sources() if "/demo" in path or "country" in path or path.startswith("tests/")}
    found = {path for path, name in imports() if name.partition(".")[0] == "random"} - allowed
    assert found == set()


def test_hashes_are_strong_where_it_matters() -> None:
    weak = [
        (path, ast.unparse(call)) for path, name, call in calls()
        if name in ("hashlib.md5", "hashlib.sha1", "md5", "sha1") and "usedforsecurity=False" not in ast.unparse(call)
    ]  # fmt: skip
    assert weak == []
    # Where one is used for other things, it is here: looking a password up in a file that is made so.
    used = {path for path, name, _call in calls() if name in ("hashlib.md5", "hashlib.sha1")}
    assert used == {"mongcai_portal/accounts/validators.py"}


# Who may open a connection: the broker's probe, the mail, the announcement that the portal is ready. The settings only
# name the queues.
SPEAKERS = {
    "mongcai_portal/health.py", "mongcai_portal/common/mail.py", "mongcai_portal/common/broker.py",
    "mongcai_portal/common/management/commands/announce.py", "mongcai_portal/common/management/commands/supervise.py",
    "mongcai_portal/celery.py", "mongcai_portal/settings.py",
}  # fmt: skip


def test_only_known_modules_speak_to_the_network() -> None:
    speaking = ("requests", "urllib.request", "http.client", "socket", "smtplib", "ftplib", "kombu", "httpx", "aiohttp")
    found = {path for path, name in imports() if any(name == one or name.startswith(f"{one}.") for one in speaking)} | {
        path for path, name, _call in calls() if name.rpartition(".")[2] in ("EmailMessage", "send_mail", "urlopen")
    }
    assert found <= SPEAKERS, found - SPEAKERS


def test_forms_and_serializers_name_their_fields() -> None:
    everything = [
        (path, node.lineno)  # type: ignore[attr-defined]
        for path, node in nodes(ast.Assign)
        if [name_of(target) for target in node.targets] == ["fields"]  # type: ignore[attr-defined]
        and "__all__" in ast.unparse(node.value)  # type: ignore[attr-defined]
    ]
    excluded = [
        (path, node.lineno)  # type: ignore[attr-defined]
        for path, node in nodes(ast.Assign)
        if [name_of(target) for target in node.targets] == ["exclude"]  # type: ignore[attr-defined]
    ]
    assert everything + excluded == []
    # Nothing is written with whatever names a caller sends.
    spread = re.compile(r"\*\*\s*(self\.)?request\.(POST|GET|data)")
    assert [path for path, tree in sources().items() if spread.search(ast.unparse(tree))] == []


def test_no_secret_stands_in_the_source() -> None:
    named = re.compile(r"(?i)(password|secret|token|api_key)\w*$")
    wrong = []
    for path, node in nodes(ast.Assign):
        value = node.value  # type: ignore[attr-defined]
        for target in node.targets:  # type: ignore[attr-defined]
            if named.search(name_of(target)) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                if value.value and " " not in value.value and not value.value.startswith(("password.", "api_client")):
                    wrong.append((path, node.lineno, value.value))  # type: ignore[attr-defined]
    assert wrong == []
    example = (BASE / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^(?:SECRET_KEY|DATABASE_URL|EMAIL_URL|PORTAL_DEMO_PASSWORD)=(.+)$", example) == []


# --- Templates and scripts ---


# What these hand out as safe is their own constant.
MARKED_SAFE = {"mongcai_portal/common/templatetags/portal.py", "indicators/templatetags/marks.py"}
# These join parts that templates drew (see `common.stencils`) and escape what people wrote before they fill it in.
JOINED = {
    "mongcai_portal/common/stencils.py",
    "indicators/presenters/attainment_grid.py", "indicators/presenters/entry_rows.py",
    "programmes/presenters/matrix.py", "programmes/presenters/overview.py", "programmes/presenters/tiles.py",
}  # fmt: skip


def test_templates_escape_everything() -> None:
    loose = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    assert [path for path, text in texts("templates", ".html").items() if loose.search(text)] == []
    marked = [(path, call) for path, name, call in calls() if name in ("mark_safe", "SafeString")]
    assert {path for path, _call in marked} <= MARKED_SAFE | JOINED
    told = [(path, call) for path, call in marked if path not in JOINED]
    assert [ast.unparse(call) for _path, call in told if not isinstance(call.args[0], ast.Constant)] == []


@pytest.mark.parametrize(
    "wrong",
    [r"<script(?![^>]*\bsrc=)", r"<style\b", r"\sstyle\s*=", r"\son[a-z]+\s*=\s*[\"']", r"javascript:", r"srcdoc="],
)
def test_templates_hold_no_inline_script_or_style(wrong: str) -> None:
    plain = {path: re.sub(r"{[%#{].*?[%#}]}", "", text) for path, text in texts("templates", ".html").items()}
    found = [path for path, text in plain.items() if re.search(wrong, text, re.IGNORECASE)]
    assert found == []


def test_no_style_of_the_screen_asks_what_the_whole_page_holds() -> None:
    """It is asked anew with every key: a saved cell cost 0.4 s of style at a phone's width, and now costs 5 ms.

    A page says it of itself instead: `{% block document %}has-bar{% endblock %}`.
    """
    whole = re.compile(r"(\bhtml|\bbody|:root|\.shell|\.main|\.entry)(?![\w-])\S*?:has\(")
    lines = [(path, line) for path, text in texts("static/css", ".css").items() for line in text.splitlines()]
    assert len(lines) > 500
    assert [path for path, line in lines if whole.search(line) and not line.startswith("@media print")] == []


def test_scripts_evaluate_no_text() -> None:
    evil = re.compile(
        r"\beval\(|new Function|document\.write|outerHTML\s*=|insertAdjacentHTML|postMessage|onmessage"
        r"|addEventListener\(\"message\"|setTimeout\(\s*[\"'`]|__proto__|\.constructor\b"
    )
    scripts = texts("static/js", ".js")
    assert [path for path, text in scripts.items() if evil.search(text)] == []
    # What goes in as HTML is a fragment of the portal, escaped there, or what stood on the page before.
    given = {
        line.strip() for text in scripts.values() for line in text.splitlines() if re.search(r"innerHTML\s*=[^=]", line)
    }
    sources_of_html = ("responseText", "cell.html", "got.state", "theirs.state", "body.rows[element]")
    assert [line for line in given if not any(source in line for source in sources_of_html)] == []


def test_a_browser_keeps_cells_not_yet_sent_and_nothing_else() -> None:
    keeping = re.compile(r"localStorage|sessionStorage|indexedDB|caches\.open|document\.cookie\s*=")
    scripts = {path: text for path, text in texts("static/js", ".js").items() if keeping.search(text)}
    # The store of the form, and the way out, which empties it.
    assert set(scripts) == {"static/js/entry-store.js", "static/js/base/shell.js"}
    written = [path for path, text in scripts.items() if re.search(r"setItem|Storage\[", text)]
    assert written == ["static/js/entry-store.js"]
