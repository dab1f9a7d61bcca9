"""What is asked of quotes, and what is answered to who makes one."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.domain.field_types import Key, VinText
from shared.runtime.inject import QueryModel


class QuoteRequest(BaseModel):
    """A vehicle or a repair order. `declined_too` offers again what was declined before, `unpriced_too`
    quotes although a price is missing, `send` texts the customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vin: VinText | None = None
    repair_order: Key | None = None
    send: bool = True
    declined_too: bool = False
    unpriced_too: bool = False

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.vin is None and self.repair_order is None:
            raise ValueError("[vin] or [repair_order] is needed")
        return self


class QuoteMade(BaseModel):
    """`changed` against the version before; `stands`: what was signed holds and nothing is asked. `unsent`
    says why no text went out, `missing` names operations without a price, `unclear` flags that wait for a
    person, `unknown` flags of components nobody knows."""

    quote_id: str
    uuid: str
    url: str
    version: int
    state: str
    changed: str
    stands: bool
    lines: int
    total_usd: str
    unsent: str
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Chosen(QueryModel):
    """Which lines' total is asked for."""

    approve: str | None = Field(None, description="Line ids, separated by commas; empty for none.")


class ReceiptAsked(QueryModel):
    """Which receipt of the quote: that of a version, else the newest."""

    version: int | None = None


class ReceiptNamed(QueryModel):
    """The id that stands in the receipt and on its PDF."""

    receipt: str | None = Field(None, max_length=200)
