"""Staff ask for a quote in their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.testing.harness import running
from tests.functions.quotes.desk import ROTOR, TOTAL, Desk


def asked(desk: Desk, text: str) -> dict[str, Any]:
    accepted = desk.product.call("POST", "/api/chat", json={"text": text}, persona="advisor").json()
    desk.product.settle()
    session = desk.product.call("GET", f"/api/chat/{accepted['session_id']}", persona="advisor").json()
    return dict(session["frames"][-1])


def test_the_quote_of_an_order_is_shown_with_its_lines_and_never_with_its_link(tmp_path: Path) -> None:
    with running(tmp_path) as product:
        desk = Desk(product)
        desk.open_shop()
        order = {**desk.stored("repair_orders/RO-1"), "ro_number": "RO-1042"}
        desk.put(("repair_orders/RO-1042", order))
        made = desk.quote(repair_order="RO-1042")
        frame = asked(desk, "Show me the quote for RO 1042")
        assert frame["plate_id"] == "SERVICE_BOARD"
        [quote] = frame["details"]["quotes"]
        assert (quote["id"], quote["state"], str(quote["total"])) == (made["quote_id"], "open", TOTAL)
        line = frame["details"]["quote_lines"][0]
        assert (line["id"], line["price_item"], line["flag_id"]) == (
            ROTOR,
            "price_items/brake_pads_rotors",
            "f1",
        )
        assert made["uuid"] not in str(frame)


def test_an_order_without_a_quote_has_none_beside_it(tmp_path: Path) -> None:
    with running(tmp_path) as product:
        desk = Desk(product)
        desk.open_shop()
        assert "quotes" not in asked(desk, "Show me repair order RO-1")["details"]
