"""What `/` shows until the console is there: what runs, and where to go on."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from shared.local.product import LocalProduct
from shared.manifest import Manifest

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 68rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { line-height: 1.2; margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1.05rem; } p { margin: .4rem 0; max-width: 44rem; }
nav { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.25rem 0; }
nav a { border: 1px solid #8886; border-radius: 999px; padding: .3rem .9rem; text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: currentColor; } a { color: inherit; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
article { border: 1px solid #8884; border-radius: 10px; padding: .9rem 1rem; }
article p { font-size: .95rem; } code { background: #8882; padding: .1rem .3rem; border-radius: 4px;
font-size: .85rem; overflow-wrap: anywhere; } article ul { list-style: none; margin: .6rem 0 0; padding: 0; }
"""
GROUPS = {
    "http": "Called from outside",
    "service": "Called from outside",
    "event": "Moved by events",
    "schedule": "Run by the clock",
    "job": "Run by the clock",
}


def front_page(product: LocalProduct) -> str:
    groups: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in sorted(product.manifests.values(), key=lambda one: list(GROUPS).index(one.kind)):
        groups[GROUPS[manifest.kind]].append(manifest)
    sections = "".join(
        f'<h2>{escape(title)}</h2><div class="cards">{"".join(map(_card, manifests))}</div>'
        for title, manifests in groups.items()
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>AutoHaus C-OS</title>
<style>{STYLE}</style></head><body><header>
<h1>AutoHaus C-OS is running</h1>
<p>The operating system a car dealership runs by talking to it. This is the whole product on your machine,
with a sample dealership, no cloud and no keys.</p>
<nav><a href="/api/docs">API documentation</a> <a href="/api/openapi.json">OpenAPI</a>
<a href="/api/system/state">System state</a> <a href="/local/outbox">Messages that would have left</a>
<a href="/local/events">Newest events</a></nav></header>
<main>{sections}</main></body></html>"""


def _card(manifest: Manifest) -> str:
    ways = "".join(f"<li>{way}</li>" for way in _ways(manifest))
    name = escape(manifest.name.replace("_", " "))
    return f"<article><h3>{name}</h3><p>{escape(manifest.meaning)}</p><ul>{ways}</ul></article>"


def _ways(manifest: Manifest) -> list[str]:
    if manifest.routes:
        return [f"<code>{route.method} {escape(route.path)}</code>" for route in manifest.routes]
    if manifest.subscribes:
        return [f"on <code>{escape(manifest.subscribes)}</code>"]
    return [f"at <code>{escape(manifest.schedule.cron)}</code>"] if manifest.schedule else ["when called"]
