"""The field types the dealership's records are made of, each with its reading rule and description."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from shared.domain.email import parse_email
from shared.domain.phone import parse_phone
from shared.domain.vin import parse_vin
from shared.domain.written_values import (
    read_code,
    read_count,
    read_day,
    read_line,
    read_moment,
    read_money,
    read_text,
)


def _vin(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a VIN is text of 17 characters")
    return parse_vin(value).value


def _phone(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError("a phone number is text such as +13125550142")
    return parse_phone(str(value))


def _email(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("an e-mail address is text such as ann@example.com")
    return parse_email(value)


def _moment(value: Any, info: ValidationInfo) -> datetime:
    zone = (info.context or {}).get("zone", UTC)
    return read_moment(value, zone if isinstance(zone, tzinfo) else UTC)


def _not_negative(amount: Decimal) -> Decimal:
    if amount < 0:
        raise ValueError(f"an amount from 0 is expected, not [{amount}]")
    return amount


SignedMoney = Annotated[Decimal, BeforeValidator(read_money)]
"""US dollars with at most two decimals."""

Money = Annotated[SignedMoney, AfterValidator(_not_negative)]
"""US dollars from 0 with at most two decimals."""

Count = Annotated[int, BeforeValidator(read_count)]
Day = Annotated[date, BeforeValidator(read_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""UTC; a time written without an offset is in the dealership's zone (validation context `zone`)."""

Text = Annotated[str, BeforeValidator(read_line), StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, BeforeValidator(read_text), StringConstraints(min_length=1, max_length=4000)]
Key = Annotated[
    str,
    BeforeValidator(read_text),
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/#:-]{0,63}$"),
]
"""A number the dealership gave: 1 to 64 letters, digits, spaces and `._/#:-`, as it is, case included."""

VinText = Annotated[str, BeforeValidator(_vin)]
Phone = Annotated[str, BeforeValidator(_phone), Field(json_schema_extra={"format": "phone"})]
"""E.164, e.g. `+13125550142`; a number without a country code is a US one."""

Email = Annotated[str, BeforeValidator(_email)]
"""In lower case."""

Code = BeforeValidator(read_code)
Lane = Annotated[
    Literal["A", "B", "C", "D"], BeforeValidator(lambda v: v.strip().upper() if isinstance(v, str) else v)
]
"""Line of business: A sales, B service, C transport, D rental."""
