"""A customer decides."""

from __future__ import annotations

from tests.functions.quotes.desk import PHONE, ROTOR, TOTAL, WIPER, Desk


def test_a_quote_is_made_sent_signed_and_proved(desk: Desk) -> None:
    made = desk.quote()
    assert (made["version"], made["total_usd"], made["lines"], made["unsent"]) == (1, TOTAL, 2, "")
    [text] = desk.texts("service")
    assert text["to"] == PHONE and made["url"] in text["body"] and "$801.06 with tax" in text["body"]
    shown = desk.shown(made["uuid"])
    assert [line["line_id"] for line in shown["lines"]] == [ROTOR, WIPER]
    decided = desk.decide(made["uuid"], wiper_blades="decline")
    assert (decided["approved"], decided["declined"]) == (1, 1)
    assert (desk.state_of("f1"), desk.state_of("f2")) == ("approved", "declined")
    receipt = desk.page(made["uuid"], "/receipt")
    pdf = desk.page(made["uuid"], "/receipt.pdf")
    assert receipt.status == 200 and pdf.body.startswith(b"%PDF")
    verified = desk.product.call("POST", "/api/public/receipt/verify", body=receipt.body)
    assert verified.json()["valid"] is True, verified.text
