"""A lead: what a customer, a web form or a lead provider says of a person and what they want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic import BaseModel as Model

from functions.crm_intake.lead_adf import ADF_TYPES, read_adf
from shared.domain.email import parse_email
from shared.domain.field_types import Day, Moment, Phone, VinText
from shared.domain.person import Channel, ConsentState
from shared.domain.written_values import read_text
from shared.errors import FieldError, InvalidInput
from shared.runtime.request import BodyModel


def _text(value: Any) -> Any:
    return read_text(value) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_text), StringConstraints(strip_whitespace=True, max_length=200)]
Comments = Annotated[str, BeforeValidator(_text), StringConstraints(strip_whitespace=True, max_length=10_000)]
Email = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=320), AfterValidator(parse_email)]

_NOBODY = (
    "there is no way to know the person; give an email, a phone, or a name with a birth_date, "
    "an address (street or postal_code) or a vehicle.vin"
)
_STRICT = ConfigDict(frozen=True, extra="forbid")


class LeadPart(Model):
    """Web forms send empty fields; an empty field is one that is not there."""

    model_config = _STRICT

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return without_empty(values)


class LeadAddress(LeadPart):
    street: Line | None = Field(None, description="House number and street.")
    city: Line | None = None
    region: Line | None = Field(None, description="State, province or region.")
    postal_code: Line | None = None


class LeadVehicle(LeadPart):
    """The vehicle they ask about or own."""

    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    make: Line | None = None
    model: Line | None = None
    trim: Line | None = None
    vin: VinText | None = Field(
        None, description="17 characters; the check digit binds in North America only."
    )
    stock_number: Line | None = None
    interest: Line | None = Field(None, description="buy, lease, sell, trade-in, service, …")


class Lead(BodyModel):
    """One lead. Only `source` is compulsory, but there must be a way to know the person.

    That is an e-mail address, a phone number, or a name together with a birth date, an address (street or
    postal code) or a VIN: a name alone tells nobody apart.
    """

    model_config = _STRICT

    source: Annotated[Line, StringConstraints(min_length=1)] = Field(
        description="Where it came from: WEB_LEAD, …"
    )
    name: Line | None = Field(None, description="The whole name, when its parts are not known.")
    first_name: Line | None = None
    last_name: Line | None = None
    email: Email | None = None
    emails: tuple[Email, ...] = Field((), max_length=10)
    phone: Phone | None = Field(None, description="A number without a country code is a US one.")
    phones: tuple[Phone, ...] = Field((), max_length=10)
    birth_date: Day | None = None
    address: LeadAddress | None = None
    vehicle: LeadVehicle | None = None
    comments: Comments | None = None
    consent: dict[Channel, ConsentState] = Field({}, description="What they said about being contacted.")
    external_id: Line | None = Field(None, description="The lead's own number at its source.")
    requested_at: Moment | None = None

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return ("application/json", *ADF_TYPES)

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        if content_type in ADF_TYPES:
            return cls.model_validate(read_adf(body)).of_somebody()
        return cls.model_validate_json(body).of_somebody()

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return without_empty(values)

    def of_somebody(self) -> Self:
        """This lead. Raises `InvalidInput` when there is no way to know the person."""
        if self.all_emails or self.all_phones or (self.display_name and self._says_more_than_a_name):
            return self
        wrong = FieldError("email", _NOBODY)
        raise InvalidInput(f"{wrong.field}: {wrong.message}", errors=(wrong,))

    @property
    def _says_more_than_a_name(self) -> bool:
        address, vehicle = self.address, self.vehicle
        return bool(
            self.birth_date
            or (address and (address.street or address.postal_code))
            or (vehicle and vehicle.vin)
        )

    @property
    def all_emails(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*([self.email] if self.email else []), *self.emails)))

    @property
    def all_phones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*([self.phone] if self.phone else []), *self.phones)))

    @property
    def display_name(self) -> str:
        """As the person writes it."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.name or ""


def without_empty(values: Any) -> Any:
    if not isinstance(values, Mapping):
        return values
    return {name: value for name, value in values.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
