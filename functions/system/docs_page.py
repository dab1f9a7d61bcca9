"""The API's description as one page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any

Schema = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
nav ul { columns: 2; } section { border-top: 1px solid #8884; padding-top: .5rem; margin-top: 1.5rem; }
h3 code { font-size: 1rem; } table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid #8883; }
code, pre { background: #8882; border-radius: 4px; padding: .1rem .3rem; }
pre { padding: .6rem; overflow-x: auto; }
.method { display: inline-block; min-width: 4rem; font-weight: 700; } a { color: inherit; }
:target { outline: 2px solid #58c; outline-offset: 4px; }
"""


@lru_cache(maxsize=2)
def docs_page(document: bytes) -> str:
    """HTML of an OpenAPI 3.1 document."""
    api = json.loads(document)
    parts = "".join(_capability(tag, api["paths"]) for tag in api["tags"])
    schemas = "".join(_schema(name, schema) for name, schema in api["components"]["schemas"].items())
    title, about = (escape(api["info"][name]) for name in ("title", "description"))
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}: API</title>
<style>{STYLE}</style></head><body><header><h1>{title} API {escape(api["info"]["version"])}</h1>
<p>{about} The same for programs: <a href="/api/openapi.json">openapi.json</a>.</p></header>
<main><nav><h2>Operations</h2><ul>{_contents(api["paths"])}</ul></nav>
{_credentials(api["components"]["securitySchemes"])}{parts}<section><h2>Schemas</h2>{schemas}</section>
</main></body></html>"""


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _contents(paths: Mapping[str, Any]) -> str:
    return "".join(
        f'<li><a href="#{escape(operation["operationId"])}">{escape(operation["summary"])}</a></li>'
        for _, _, operation in _operations(paths)
    )


def _credentials(schemes: Mapping[str, Schema]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{_header(scheme)}</td>"
        f"<td>{escape(scheme['description'])}</td></tr>"
        for name, scheme in schemes.items()
    )
    return f"<section><h2>Credentials</h2><table>{rows}</table></section>"


def _header(scheme: Schema) -> str:
    words = f"{scheme['name']}: …" if scheme["type"] == "apiKey" else "Authorization: Bearer …"
    return f"<code>{escape(words)}</code>"


def _capability(tag: Schema, paths: Mapping[str, Any]) -> str:
    own = (part for part in _operations(paths) if tag["name"] in part[2]["tags"])
    body = "".join(_operation(path, method, operation) for path, method, operation in own)
    return f"<section><h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>{body}</section>"


def _operation(path: str, method: str, operation: Schema) -> str:
    auth = " or ".join(", ".join(need) or "nothing" for need in operation["security"])
    return (
        f'<article id="{escape(operation["operationId"])}"><h3><span class="method">{method}</span> '
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</h3>"
        f"<p>{escape(operation.get('description', ''))} Credential: {escape(auth)}.</p>"
        f"{_parameters(operation)}{_body(operation)}{_responses(operation)}</article>"
    )


def _parameters(operation: Schema) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td><td>{_type(one['schema'])}</td>"
        f"<td>{escape(one.get('description', one['schema'].get('description', '')))}</td></tr>"
        for one in operation.get("parameters", ())
    )
    return f"<h4>Parameters</h4><table>{rows}</table>" if rows else ""


def _body(operation: Schema) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    rows = "".join(
        f"<tr><td><code>{escape(media)}</code></td><td>{_type(part['schema'])}</td></tr>"
        for media, part in content.items()
    )
    return f"<h4>Body</h4><table>{rows}</table>" if rows else ""


def _responses(operation: Schema) -> str:
    rows = "".join(
        f"<tr><td><code>{status}</code></td><td>{escape(response['description'])}</td>"
        f"<td>{', '.join(_type(part['schema']) for part in response.get('content', {}).values())}</td></tr>"
        for status, response in operation["responses"].items()
    )
    return f"<h4>Answers</h4><table>{rows}</table>"


def _schema(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_type(part)}</td>"
        f"<td>{'needed' if field in required else ''}</td><td>{escape(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    )
    about = escape(schema.get("description", ""))
    head = f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>'
    return f"{head}<p>{about}</p><table>{rows}</table></article>"


def _type(schema: Schema) -> str:
    """In words, with links to the schemas it names."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(_type(part) for part in schema[key])
    if "enum" in schema:
        return " ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("const") or schema.get("type") or "anything"))
