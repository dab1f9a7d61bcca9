"""The map's page for a phone without scripts: words, the time left and a way to open a map."""

from __future__ import annotations

from html import escape

from functions.logistics.answers import Position, Tracked

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
REFRESH_S = 15


def page(found: Tracked) -> str:
    again = f'<meta http-equiv="refresh" content="{REFRESH_S}">' if found.poll_after_seconds else ""
    words = "".join(f"<p>{line}</p>" for line in _lines(found))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>On its way</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
        "</style></head>"
        f"<body><main><h1>{escape(found.message)}</h1>{words}</main></body></html>"
    )


def _lines(found: Tracked) -> list[str]:
    lines = []
    if found.eta:
        lines.append(f"About {_span(found.eta.minutes)} to go.")
    if found.position:
        lines += [_age(found.position), _map(found.position)]
    return lines


def _span(minutes: int) -> str:
    """In the unit people would say it in, rounded up."""
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes > 2 * size:
            return f"{-(-minutes // size)} {unit}s"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _age(position: Position) -> str:
    minutes = position.age_seconds // 60
    return f"Last seen {_span(minutes)} ago." if position.is_stale else "Seen just now."


def _map(position: Position) -> str:
    where = f"{position.latitude},{position.longitude}"
    return f'<a rel="noreferrer" href="geo:{where}?q={where}">Open in a map</a>'
