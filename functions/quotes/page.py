"""The customer's page: one file, which asks the same routes as any other client."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

PAGE = Path(__file__).with_name("quote_page.html")


@lru_cache(maxsize=1)
def page() -> tuple[str, Mapping[str, str]]:
    """The page and its headers: no script and no style runs in it but its own."""
    text = PAGE.read_text(encoding="utf-8")
    allowed = {tag: _digest(text, tag) for tag in ("script", "style")}
    policy = "; ".join(
        [
            "default-src 'none'",
            *(f"{tag}-src '{digest}'" for tag, digest in allowed.items()),
            *("connect-src 'self'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"),
        ]
    )
    return text, {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def _digest(text: str, tag: str) -> str:
    """What the browser compares the element's content with."""
    content = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
