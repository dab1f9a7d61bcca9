"""The API's description as one page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any

Schema = Mapping[str, Any]

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1, h3 { line-height: 1.25; }
nav ul { columns: 24rem 2; padding-left: 1.2rem; } nav li { break-inside: avoid; }
section { border-top: 1px solid #8884; padding-top: .5rem; margin-top: 1.5rem; }
article { margin: 1.5rem 0 2.5rem; } h3 { margin: 0; font-size: 1.05rem; } h4 { margin: 1rem 0 .3rem; }
h3 span { display: block; font-weight: 400; }
table { border-collapse: collapse; width: 100%; }
td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-top: 1px solid #8883; }
code { background: #8882; border-radius: 4px; padding: .1rem .3rem; font-size: .9em; }
code, td { overflow-wrap: break-word; } a { color: inherit; }
:target { outline: 2px solid #58c; outline-offset: 4px; }
@media (max-width: 40rem) {
  tr { display: block; border-top: 1px solid #8883; padding: .4rem 0; }
  td { display: inline-block; border: 0; padding: 0 .6rem 0 0; } td:last-child { display: block; }
  code, td { overflow-wrap: anywhere; }
}
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


def _prose(text: str) -> str:
    """Descriptions are written with `code` in backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _contents(paths: Mapping[str, Any]) -> str:
    return "".join(
        f'<li><a href="#{escape(operation["operationId"])}">{_prose(operation["summary"])}</a></li>'
        for _, _, operation in _operations(paths)
    )


def _credentials(schemes: Mapping[str, Schema]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{_header(scheme)}</td>"
        f"<td>{_prose(scheme['description'])}</td></tr>"
        for name, scheme in schemes.items()
    )
    return f"<section><h2>Credentials</h2><table>{rows}</table></section>"


def _header(scheme: Schema) -> str:
    words = f"{scheme['name']}: …" if scheme["type"] == "apiKey" else "Authorization: Bearer …"
    return f"<code>{escape(words)}</code>"


def _capability(tag: Schema, paths: Mapping[str, Any]) -> str:
    own = (part for part in _operations(paths) if tag["name"] in part[2]["tags"])
    body = "".join(_operation(path, method, operation) for path, method, operation in own)
    return f"<section><h2>{escape(tag['name'])}</h2><p>{_prose(tag['description'])}</p>{body}</section>"


def _operation(path: str, method: str, operation: Schema) -> str:
    auth = " or ".join(", ".join(need) or "nothing" for need in operation["security"])
    return (
        f'<article id="{escape(operation["operationId"])}"><h3>{method} <code>{escape(path)}</code> '
        f"<span>{_prose(operation['summary'])}</span></h3>"
        f"<p>{_prose(operation.get('description', ''))} Credential: {escape(auth)}.</p>"
        f"{_parameters(operation)}{_body(operation)}{_responses(operation)}</article>"
    )


def _parameters(operation: Schema) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td><td>{_type(one['schema'])}</td>"
        f"<td>{_prose(one.get('description', one['schema'].get('description', '')))}</td></tr>"
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
        f"<tr><td><code>{status}</code></td><td>{_prose(response['description'])}</td>"
        f"<td>{', '.join(_type(part['schema']) for part in response.get('content', {}).values())}</td></tr>"
        for status, response in operation["responses"].items()
    )
    return f"<h4>Answers</h4><table>{rows}</table>"


def _schema(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_type(part)}</td>"
        f"<td>{'needed' if field in required else ''}</td><td>{_prose(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    )
    about = _prose(schema.get("description", ""))
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
