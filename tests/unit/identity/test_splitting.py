"""Taking a merge apart, on plain values: what was put together comes apart as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from functions.crm_intake.identity_unmerge import Unit, split
from shared.domain.identity.identity import Identity, Name
from shared.domain.identity.person_links import Link
from shared.domain.identity.weights import shipped_weights
from shared.domain.person import Consent, Person, most_restrictive, with_refusals

NOW = datetime(2026, 11, 20, tzinfo=UTC)

consents = st.dictionaries(st.sampled_from(["sms", "email", "call"]), st.sampled_from(["granted", "denied"]))
identities = st.builds(
    Identity,
    names=st.just((Name("john", "roe"),)),
    birth_dates=st.lists(st.sampled_from(["19600203", "19990506"]), max_size=1).map(tuple),
    phones=st.lists(st.sampled_from(["+13125550142", "+13125550143"]), max_size=1).map(tuple),
    emails=st.lists(st.sampled_from(["a@example.com", "b@example.com"]), max_size=1).map(tuple),
)
said = st.tuples(identities, consents)


def founded(person_id: str, identity: Identity, consent: Consent) -> Person:
    return Person(
        person_id,
        NOW,
        NOW,
        identity=identity,
        founded_with=identity,
        consent=consent,
        founding_consent=consent,
    )


def unit(sequence: int, identity: Identity, consent: Consent) -> Unit:
    name = f"u{sequence}"
    return Unit(
        Link(name, name, "master", f"lead-{name}", "WEB", sequence, NOW, 9.0, 0.99), identity, consent
    )


def joined(person: Person, units: list[Unit]) -> Person:
    for joining in units:
        person = person.joined_by(joining.identity, joining.consent)
    return person


@given(said, st.lists(said, max_size=3), said)
def test_merge_then_unmerge_gives_both_back(
    first: tuple[Identity, Consent], before: list[tuple[Identity, Consent]], other: tuple[Identity, Consent]
) -> None:
    units = [unit(number, *what) for number, what in enumerate(before)]
    alone, restored = joined(founded("master", *first), units), founded("other", *other)
    merged = alone.joined_by(restored.identity, restored.consent)
    parts = split(merged, restored, units, [], shipped_weights())
    assert parts.master.identity == alone.identity
    assert parts.restored.identity == restored.identity
    assert parts.master.consent == with_refusals(alone.consent, restored.consent)
    assert parts.restored.consent == with_refusals(restored.consent, alone.consent)
    assert parts.moved == ()


@given(said, said, st.lists(said, max_size=4))
def test_nothing_that_came_later_is_lost_and_no_refusal_is_forgotten(
    first: tuple[Identity, Consent], other: tuple[Identity, Consent], later: list[tuple[Identity, Consent]]
) -> None:
    restored = founded("other", *other)
    units = [unit(number + 1, *what) for number, what in enumerate(later)]
    merged = joined(founded("master", *first).joined_by(restored.identity, restored.consent), units)
    parts = split(merged, restored, [], units, shipped_weights())
    both = parts.master.identity.with_(parts.restored.identity)
    assert set(both.emails) == set(merged.identity.emails)
    assert set(both.birth_dates) == set(merged.identity.birth_dates)
    refused = {channel for channel, state in merged.consent.items() if state == "denied"}
    for person in (parts.master, parts.restored):
        assert refused <= {channel for channel, state in person.consent.items() if state == "denied"}
    assert parts.restored.merges == len(parts.moved)


def test_in_doubt_a_later_record_stays_with_the_master() -> None:
    same = Identity(names=(Name("john", "roe"),), phones=("+13125550142",))
    master, restored = founded("master", same, {}), founded("other", same, {})
    parts = split(replace(master, merges=1), restored, [], [unit(1, same, {})], shipped_weights())
    assert parts.moved == ()


@given(consents, consents, consents)
def test_the_most_restrictive_consent_does_not_depend_on_order(a: Consent, b: Consent, c: Consent) -> None:
    assert most_restrictive(a, most_restrictive(b, c)) == most_restrictive(most_restrictive(c, a), b)
    assert most_restrictive(a, a) == a
