"""What `/` shows until the console is there: what runs, and where to go on."""

from __future__ import annotations

from html import escape

from shared.local.product import LocalProduct

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .35rem .6rem; }
tr + tr { border-top: 1px solid #8884; } code { background: #8882; padding: .1rem .3rem; border-radius: 4px; }
"""


def front_page(product: LocalProduct) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(m.name)}</code></td><td>{escape(m.meaning)}</td>"
        f"<td>{_trigger(m.name, product)}</td></tr>"
        for m in product.manifests.values()
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>AutoHaus C-OS</title>
<style>{STYLE}</style></head><body>
<h1>AutoHaus C-OS is running</h1>
<p>The operating system a car dealership runs by talking to it. This is the whole product on your machine,
with a sample dealership, no cloud and no keys.</p>
<p><a href="/api/docs">API documentation</a> · <a href="/api/openapi.json">OpenAPI</a> ·
<a href="/api/system/state">System state</a> · <a href="/local/outbox">Messages that would have left</a> ·
<a href="/local/events">Newest events</a></p>
<table><thead><tr><th>Capability</th><th>What it does</th><th>Reached by</th></tr></thead>
<tbody>{rows}</tbody></table></body></html>"""


def _trigger(name: str, product: LocalProduct) -> str:
    manifest = product.manifests[name]
    if manifest.routes:
        return "<br>".join(f"<code>{r.method} {escape(r.path)}</code>" for r in manifest.routes)
    if manifest.subscribes:
        return f"event <code>{escape(manifest.subscribes)}</code>"
    return f"schedule <code>{escape(manifest.schedule.cron)}</code>" if manifest.schedule else "job"
