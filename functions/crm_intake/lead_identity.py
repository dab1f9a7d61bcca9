"""What a lead says of a person, as the engine compares it."""

from __future__ import annotations

import hashlib
from datetime import date

from functions.crm_intake.lead import Lead
from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.normalise import address_from_parts, name_from_full, name_from_parts


def identity_of(lead: Lead) -> Identity:
    return Identity(
        names=tuple(name for name in [_name(lead)] if name != Name()),
        birth_dates=(lead.birth_date.strftime("%Y%m%d"),) if lead.birth_date else (),
        emails=lead.all_emails,
        phones=lead.all_phones,
        addresses=tuple(address for address in [_address(lead)] if address != Address()),
        vins=(lead.vehicle.vin,) if lead.vehicle and lead.vehicle.vin else (),
    )


def lead_id(lead: Lead, day: date) -> str:
    """The same lead sent twice on one day is one lead; one with a number of its own is one on any day."""
    when = "" if lead.external_id else day.isoformat()
    return hashlib.sha256(f"{when}|{lead.model_dump_json()}".encode()).hexdigest()[:32]


def _name(lead: Lead) -> Name:
    if lead.first_name or lead.last_name:
        return name_from_parts(lead.first_name or "", lead.last_name or "")
    return name_from_full(lead.name or "")


def _address(lead: Lead) -> Address:
    if lead.address is None:
        return Address()
    return address_from_parts(
        lead.address.street or "", lead.address.city or "", lead.address.postal_code or ""
    )
