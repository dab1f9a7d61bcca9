"""What comes due of quotes and refusals, every five minutes."""

from __future__ import annotations

from functions.quote_expiry.quotes_due import next_step_of_quote
from functions.quote_expiry.refusals_due import follow_up
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 50


def take_next_steps(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn. What somebody decides meanwhile conflicts and is read again; a run that is late or
    comes twice takes each step once, because the step moves `next_step_at`."""
    due = (("next_step_at", "<=", work.now),)
    quotes = work.query(Query("quotes", due, ("next_step_at",), AT_ONCE))
    refusals = work.query(Query("informed_refusals", due, ("next_step_at",), AT_ONCE))
    for quote in quotes:
        next_step_of_quote(work, quote)
    for refusal in refusals:
        follow_up(work, refusal)
    return {"quotes": len(quotes), "refusals": len(refusals)}


quote_expiry = entry_point(__file__, take_next_steps)
