"""Who follows a link in a browser reads a sentence; programs read problem details."""

from __future__ import annotations

import pytest

from shared.errors import Gone, NotFound
from shared.runtime.problem_page import as_read_by
from shared.runtime.reply import Answer, problem
from tests.unit.runtime.shell import Shell

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GONE = problem(Gone("this link was withdrawn; ask the dealership for a new one"), instance="/track/x")


def test_a_browser_is_told_in_a_sentence_on_a_page() -> None:
    page = as_read_by(GONE, BROWSER)
    assert (page.status, page.content_type) == (410, "text/html; charset=utf-8")
    assert "<p>This link was withdrawn; ask the dealership for a new one.</p>" in str(page.body)
    asked = as_read_by(problem(NotFound("was it copied whole?")), BROWSER)
    assert "<p>Was it copied whole?</p>" in str(asked.body)
    assert "about:blank" not in str(page.body) and page.headers["Vary"] == "Accept"


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_a_program_gets_problem_details(accept: str) -> None:
    assert as_read_by(GONE, accept) == GONE


def test_what_worked_is_answered_as_it_is() -> None:
    fine = Answer(200, {"state": "moving"})
    assert as_read_by(fine, BROWSER) == fine


def test_what_was_in_the_address_is_text_on_the_page() -> None:
    page = as_read_by(problem(NotFound("there is nothing at [/<script>alert(1)</script>]")), BROWSER)
    assert "<script" not in str(page.body) and "script-src" not in page.headers["Content-Security-Policy"]


def test_the_shell_answers_either_way(shell: Shell) -> None:
    asked = {**shell.token(), "Accept": BROWSER}
    assert shell.call("GET", "/api/bells/none", headers=asked).content_type.startswith("text/html")
    assert shell.call("GET", "/api/bells/none", headers=shell.token()).content_type.endswith("problem+json")
