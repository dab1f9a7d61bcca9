"""What every record a dealership sends in has in common.

A record is identified by its natural key, the number the dealership itself uses. Documents hold money as
text with two decimals ("41250.00"): exact, readable, and what `from_document` turns back into `Decimal`;
sums and ranges over money belong to the warehouse, where the columns are NUMERIC. Days are ISO text,
moments timezone-aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, model_validator


class Record(BaseModel):
    """One row of a kind. A row is the whole record: an optional field that is left out is empty."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    collection: ClassVar[str]
    """Collection of the tenant that holds the documents."""
    key_field: ClassVar[str]
    """The field that names the record."""
    also_called: ClassVar[Mapping[str, str]] = {}
    """Other column names seen in exports, folded (see `folded_name`), and the field each means."""

    @property
    def natural_key(self) -> str:
        """The dealership's own number for the record."""
        return str(getattr(self, self.key_field))

    @property
    def document_path(self) -> str:
        """Where the record lives below its tenant."""
        return document_path(self.collection, self.natural_key)

    def to_document(self) -> dict[str, Any]:
        """All fields in the types a document may hold; fields without a value are None."""
        return {name: _stored(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_document(cls, data: Mapping[str, Any]) -> Self:
        """The record of a stored document; what other capabilities keep in the document is ignored."""
        return cls.model_validate(dict(data))

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, row: Any) -> Any:
        # An empty cell of a spreadsheet means "no value", not an empty text.
        if not isinstance(row, Mapping):
            return row
        return {name: value for name, value in row.items() if not _is_empty(value)}


def document_path(collection: str, natural_key: str) -> str:
    """The path of a record: keys such as `RO/24-7` are escaped, a slash would split the path."""
    return f"{collection}/{quote(natural_key, safe='')}"


def folded_name(name: str) -> str:
    """A column name without case, spaces and punctuation: `Stock Number`, `stock_number` → `stocknumber`."""
    return "".join(char for char in name.casefold() if char.isalnum())


def field_names(kind: type[Record]) -> dict[str, str]:
    """Folded column name → field, with the other names the kind is known to use."""
    return {**kind.also_called, **{folded_name(name): name for name in kind.model_fields}}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _stored(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_stored(item) for item in value]
    return value
