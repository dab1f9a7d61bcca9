"""What opens nothing and what nothing can hold."""

from __future__ import annotations

import json

import pytest

from shared import links
from shared.ports import Write
from tests.functions.quotes.desk import Desk


@pytest.mark.parametrize("words", ["\\u0000bad", "\\ud800 half", "tab\\u0001"])
def test_what_no_store_and_no_paper_can_hold_is_refused(desk: Desk, words: str) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]), wiper_blades="decline")
    whole = json.dumps(decision)
    for place in ("too dear for now", "Ann Miller"):
        answer = desk.page(made["uuid"], "/decision", "POST", body=whole.replace(place, words).encode())
        assert answer.status in (400, 422), answer.text
    assert desk.every("receipts") == []


def test_a_link_that_has_ended_opens_nothing(desk: Desk) -> None:
    made = desk.quote()
    path = links.path_of(links.digest(made["uuid"]))
    documents = desk.product.platform.documents
    link = documents.get(path)
    assert link
    documents.commit([Write(path, {**link.data, "ends_at": desk.product.platform.clock.now()})])
    for what, method in (("", "GET"), ("/otp", "POST"), ("/decision", "POST"), ("/receipt", "GET")):
        answer = desk.page(made["uuid"], what, method)
        assert answer.status == 410 and "this link has ended" in answer.text
