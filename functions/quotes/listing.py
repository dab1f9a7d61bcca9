"""Quotes for the staff: newest first, of one state, vehicle or repair order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from functions.quotes.quote import LINK_KIND, Quote
from functions.quotes.view import QuotePage, QuoteSummary, summary
from shared.ports import Query
from shared.quotes.texts import version_key
from shared.runtime.inject import QueryModel
from shared.runtime.work import UnitOfWork
from shared.texting.request import text_id_of, text_path


class QuoteList(QueryModel):
    """One filter at a time: the first that is given of `repair_order`, `vin`, `state`."""

    repair_order: str | None = None
    vin: str | None = None
    state: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    after: str | None = Field(None, description="`next` of the page before.")


def page_of(work: UnitOfWork, asked: QuoteList) -> QuotePage:
    filters = {"repair_order": asked.repair_order, "vin": asked.vin, "state": asked.state}
    name = next((name for name, value in filters.items() if value), None)
    where = ((name, "==", filters[name]),) if name else ()
    query = Query("quotes", where, ("-updated_at",), asked.limit + 1, asked.after)
    found = [Quote(document.data) for document in work.query(query)]
    shown = found[: asked.limit]
    states = text_states(work, shown)
    return QuotePage(
        quotes=tuple(
            QuoteSummary(**summary(quote, url_of(work, quote)), text_state=state)
            for quote, state in zip(shown, states, strict=True)
        ),
        next=shown[-1].quote_id if len(found) > asked.limit else "",
    )


def url_of(work: UnitOfWork, quote: Quote) -> str:
    return work.tenant.links.url(LINK_KIND, str(quote.data["link"]))


def text_states(work: UnitOfWork, quotes: Sequence[Quote]) -> list[str]:
    """What became of each one's text; empty where none was asked for. "Sent" of a quote is asked for, and at
    night that is not yet on the customer's phone."""
    keys = [version_key(quote.quote_id, quote.version) for quote in quotes]
    paths = [text_path(text_id_of(work.tenant.tenant_id, key)) for key in keys]
    return [str(text.data["state"]) if text else "" for text in work.get_many(paths)]
