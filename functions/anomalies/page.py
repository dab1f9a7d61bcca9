"""An alert's page for a phone: what was found, the usual range, one button; no script."""

from __future__ import annotations

from html import escape

from functions.anomalies.views import AlertView

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

STATES = {
    "acknowledged": "Somebody has seen it.",
    "snoozed": "It was put off.",
    "expected": "It was called expected; the like of it is told no more.",
}


def page(alert: AlertView, uuid: str) -> str:
    why = "".join(f"<li>{escape(line)}</li>" for line in alert.why)
    rows = ", ".join(escape(entry_id) for entry_id in alert.entry_ids)
    rows = f"<p>Rows: {rows}</p>" if rows else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Alert</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}"
        "button{font:inherit;padding:.7rem 1.4rem;border-radius:.5rem;border:1px solid #444}</style></head>"
        f"<body><main><h1>Something does not fit the books</h1><p>{escape(alert.summary)}</p><ul>{why}</ul>"
        f"{rows}{_end(alert, uuid)}</main></body></html>"
    )


def _end(alert: AlertView, uuid: str) -> str:
    said = STATES.get(alert.state, "")
    words = f"<p><strong>{escape(said)}</strong></p>" if said else ""
    if alert.state == "expected":
        return words
    return (
        f'{words}<form method="post" action="/api/public/alert/{escape(uuid)}/expected">'
        "<button>This was expected</button></form>"
        "<p>Then this series is measured by it from now on. Only the CEO can take that back.</p>"
    )
