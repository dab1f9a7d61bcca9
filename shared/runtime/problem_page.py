"""A problem for somebody who opened a link in a browser: a page with one plain sentence instead of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from shared.runtime.reply import Answer

PROBLEM = "application/problem+json"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept",
}


def as_read_by(answer: Answer, accept: str) -> Answer:
    """`accept` is the request's header. Browsers ask for a page when somebody follows a link or sends a form;
    programs, scripts of our own pages among them, do not, and get the answer as it is."""
    if "text/html" not in accept or answer.content_type != PROBLEM or not isinstance(answer.body, Mapping):
        return answer
    text = _page(str(answer.body.get("title") or ""), str(answer.body.get("detail") or ""))
    return Answer(answer.status, text, {**answer.headers, **_HEADERS}, "text/html; charset=utf-8")


def _page(title: str, detail: str) -> str:
    said = f"{detail[:1].upper()}{detail[1:]}"
    said += "" if said.endswith((".", "?", "!")) else "."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
        f"</style></head><body><main><h1>{escape(title)}</h1><p>{escape(said)}</p></main></body></html>"
    )
