"""The documentation page of the API: the OpenAPI description as plain HTML, without a script or any other host."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from markupsafe import Markup, escape

from tracker.render.engine import load_engine, render
from tracker.resources import bundled_path
from tracker.serve.api.problems import PROBLEM_TYPES

_STYLE = (bundled_path("templates") / "api.css").read_text(encoding="utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def render_docs(description: dict[str, Any], root: str) -> bytes:
    """The page of a description of an API that stands at `root`."""
    operations = [
        {
            "method": method.upper(),
            "path": f"{root}{path}",
            "example": _example(method, path, operation, root),
            **operation,
        }
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    tags = list(dict.fromkeys(tag for operation in operations for tag in operation["tags"]))
    sections = [{"name": tag, "operations": [item for item in operations if tag in item["tags"]]} for tag in tags]
    values = {
        "info": description["info"],
        "about": description["info"]["description"].split("\n\n"),
        "sections": sections,
        "schemas": description["components"]["schemas"],
        "problems": list(PROBLEM_TYPES.values()),
        "root": root,
        "style": _STYLE,
    }
    engine = load_engine()
    engine.filters["code"] = _code
    return render(engine, "api.html", values)


def _code(text: str) -> Markup:
    """A text of the description, whose `words of code` stand between backticks."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped above)


def _example(method: str, path: str, operation: dict[str, Any], root: str) -> str:
    """A command that asks it."""
    given = {item["name"]: item["example"] for item in operation.get("parameters", []) if "example" in item}
    if method == "post":
        return f'curl -d \'queries={{"q0": {{"query": "Alibaba"}}}}\' \'http://127.0.0.1:8001{root}{path}\''
    path = path.replace("{id}", str(given.get("id", "ID")))
    wanted = [name for name in ("actor", "prefix", "q") if name in given]
    wanted += ["id"] if path.endswith("/preview") else []
    values = [(name, given[name][0] if isinstance(given[name], list) else given[name]) for name in wanted]
    query = "&".join(f"{name}={value}" for name, value in values)
    return f"curl 'http://127.0.0.1:8001{root}{path}{'?' + query if query else ''}'"
