"""The first page a newcomer sees names all that runs and where to go on."""

from __future__ import annotations

import re
from pathlib import Path

from shared.local.front_page import front_page
from shared.testing.harness import running


def test_the_page_names_every_capability_and_how_it_is_reached(tmp_path: Path) -> None:
    with running(tmp_path) as harness:
        page = front_page(harness.product)
        for manifest in harness.product.manifests.values():
            assert f"<h3>{manifest.name.replace('_', ' ')}</h3>" in page
            assert all(f"<code>{route.method} {route.path}</code>" in page for route in manifest.routes)
        links = set(re.findall(r'href="(/[^"]+)"', page))
        assert links >= {"/api/docs", "/api/system/state", "/local/events"}


def test_the_page_asks_nothing_of_the_network(tmp_path: Path) -> None:
    with running(tmp_path) as harness:
        page = front_page(harness.product)
    assert "http" not in re.sub(r'content="[^"]*"', "", page) and "<script" not in page
