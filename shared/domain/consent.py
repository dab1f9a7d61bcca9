"""Who wants text messages: `consents/{number}`, with every change kept in `consent_changes/{change_id}`.

A number's consent is `granted`, `denied` or `unknown`, and for single topics (service, sales, marketing) a
word of its own. A refusal holds for the number and all its topics from the commit it is in. The ids of
documents about a number are its digits; events and ledger rows name the change alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from shared.errors import AlreadyExists, Forbidden
from shared.events.conversation import AttentionRequested
from shared.events.texting import ConsentChanged, ConsentState
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.texting.consent_words import ConsentKind, ConsentWords
from shared.texting.request import Purpose, Recipient, request_text

Kind = Literal["keyword", "language", "provider", "staff", "review"]
"""One of the agreed words, own words, said to the provider, to a colleague, or decided in a review."""

_FIRMNESS: Mapping[Kind, int] = {"staff": 0, "review": 0, "language": 1, "keyword": 2, "provider": 2}
"""Of two refusals the firmer one says who may take it back."""
TOPICS = ("service", "sales", "marketing")
EVIDENCE_KEPT = 20
_CONFIRMATIONS = {
    Purpose.OPT_OUT_CONFIRMATION: "You will get no more texts from us. Reply START to get them again.",
    Purpose.OPT_IN_CONFIRMATION: "You get texts from us again, about your vehicle and your visits. "
    "Message and data rates may apply. Reply HELP for help, STOP to end.",
    Purpose.HELP: "We text about your vehicle, repairs and visits. Write here and a colleague answers. "
    "Message and data rates may apply. Reply STOP to end.",
}
_REVIEWERS = ("advisor", "sales", "operator")


@dataclass(frozen=True)
class Evidence:
    """What proves a change: `text_sid` is the message it stood in, `words` the part that says it."""

    kind: Kind
    text_sid: str = ""
    words: str = ""
    confidence: float = 1.0
    note: str = ""

    def to_data(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Consent:
    """A number's consent as it stands."""

    phone: str
    state: ConsentState = "unknown"
    topics: Mapping[str, str] | None = None
    last_change_id: str = ""

    def of(self, topic: str) -> ConsentState:
        """The state for one topic ("" is texts as such). A yes to texts is none to advertising."""
        said = (self.topics or {}).get(topic)
        if "denied" in (self.state, said):
            return "denied"
        if topic == "marketing":
            return "granted" if said == "granted" else "unknown"
        return "granted" if said == "granted" else self.state

    def said(self) -> dict[str, Any]:
        """As it is stored."""
        return {"state": self.state, "topics": dict(self.topics or {})}


def consent_path(phone: str) -> str:
    """`phone` is E.164; its digits name the document. Whatever else calls itself a sender names one too."""
    return f"consents/{quote(phone.removeprefix('+'), safe='') or '-'}"


def change_path(change_id: str) -> str:
    return f"consent_changes/{change_id}"


def consent_of(phone: str, data: Data | None) -> Consent:
    """From the stored document; nobody said anything when there is none."""
    if data is None:
        return Consent(phone)
    return Consent(phone, data["state"], data.get("topics", {}), data.get("last_change_id", ""))


def honour(
    work: UnitOfWork,
    *,
    phone: str,
    words: ConsentWords,
    text_sid: str,
    person_id: str = "",
    answered_by_provider: bool = False,
) -> str:
    """Does at once what the words of an incoming text ask for, in the caller's commit.

    Answers the id of the change, "" when they change nothing: no words of consent, a second STOP, a YES
    from somebody who never said no. The one text that confirms it is asked for here, unless the provider sent
    its own.
    """
    change_id, purpose = "", Purpose.HELP
    kind: Kind = "language" if words.kind is ConsentKind.REFUSAL else "keyword"
    evidence = Evidence(kind, text_sid, words.evidence, words.confidence)
    match words.kind:
        case ConsentKind.STOP | ConsentKind.REFUSAL:
            was_denied = _read(work, phone).state == "denied"
            change_id = record_refusal(work, phone, evidence, person_id=person_id)
            # One confirmation is all that may follow a refusal, so a firmer one gets none.
            purpose = Purpose.OPT_OUT_CONFIRMATION
            answered_by_provider = answered_by_provider or was_denied
        case ConsentKind.START:
            if _read(work, phone).state != "denied" and is_also_an_answer(words.evidence):
                return ""
            change_id = record_permission(work, phone, evidence, person_id=person_id)
            purpose = Purpose.OPT_IN_CONFIRMATION
    if words.kind is not ConsentKind.NONE and not answered_by_provider:
        body = f"{work.tenant.name}: {_CONFIRMATIONS[purpose]}"
        to = Recipient(phone, person_id=person_id)
        request_text(work, to=to, purpose=purpose, body=body, key=f"{purpose}:{text_sid}")
    return change_id


def is_also_an_answer(word: str) -> bool:
    """YES lifts a refusal where there is one; everywhere else it answers somebody's question."""
    return word.strip().lower() == "yes"


def record_refusal(
    work: UnitOfWork, phone: str, evidence: Evidence, *, topics: Sequence[str] = (), person_id: str = ""
) -> str:
    """No more texts to the number, or none of `topics`; answers the change's id, "" when it stood already.

    A refusal in own words is honoured at once and shown to a person, who confirms it or takes it back.
    """
    before = _read(work, phone)
    if topics:
        if all(before.of(topic) == "denied" for topic in topics):
            return ""
        said = {**(before.topics or {}), **dict.fromkeys(topics, "denied")}
        after = Consent(phone, before.state, said)
    else:
        if before.state == "denied" and not _is_firmer(work, before, evidence):
            return ""
        after = Consent(phone, "denied", {})
    change_id = _change(work, before, after, evidence, topics, person_id)
    if evidence.kind == "language":
        _ask_for_review(work, change_id)
    return change_id


def record_permission(
    work: UnitOfWork, phone: str, evidence: Evidence, *, topics: Sequence[str] = (), person_id: str = ""
) -> str:
    """The number may be texted about `topics`, or, without any, about all but advertising, which has to be
    agreed to by its name. Answers the change's id, "" when it stood already."""
    before = _read(work, phone)
    agreed = tuple(topics) or ("service", "sales")
    if before.state == "granted" and all(before.of(topic) == "granted" for topic in agreed):
        return ""
    lifted = {} if before.state == "denied" else before.topics or {}
    after = Consent(phone, "granted", {**lifted, **dict.fromkeys(agreed, "granted")})
    return _change(work, before, after, evidence, agreed, person_id)


def review(work: UnitOfWork, change_id: str, *, refused: bool, topics: Sequence[str] = ()) -> None:
    """A person confirms a refusal that was read from somebody's own words, for all or for `topics` alone, or
    takes it back: what was agreed to before holds again, unless the number has said something else since.

    Raises `NotFound`, `Forbidden` for what is no such refusal, `AlreadyExists` when it is decided.
    """
    change = work.require(change_path(change_id))
    if change.data["review"] == "none":
        raise Forbidden(
            "only the customer takes back a refusal that was said in so many words: they text START"
        )
    if change.data["review"] != "open":
        raise AlreadyExists(f"the refusal [{change_id}] was {change.data['review']} already")
    outcome = "confirmed" if refused else "reversed"
    by = {"review": outcome, "reviewed_by": work.cause.auth_id, "reviewed_at": work.now}
    work.put(change.path, {**change.data, **by})
    work.audit("consent.reviewed", subject=change.path, detail={"outcome": outcome, "topics": list(topics)})
    now = _read(work, change.data["phone"])
    if now.last_change_id != change_id or (refused and not topics):
        return
    earlier = change.data["before"]
    denied = dict.fromkeys(topics, "denied") if refused else {}
    after = Consent(now.phone, earlier["state"], {**earlier["topics"], **denied})
    evidence = Evidence("review", note=f"of {change_id}")
    _change(work, now, after, evidence, topics, change.data["person_id"])


def _read(work: UnitOfWork, phone: str) -> Consent:
    found = work.get(consent_path(phone))
    return consent_of(phone, found.data if found else None)


def _is_firmer(work: UnitOfWork, before: Consent, evidence: Evidence) -> bool:
    """A customer's own STOP after own words or what a colleague wrote down: nobody may take that back. A
    colleague's word after the customer's changes nothing, or they could lift it as their own."""
    change = work.get(change_path(before.last_change_id)) if before.last_change_id else None
    return change is not None and _FIRMNESS[evidence.kind] > _FIRMNESS[change.data["evidence"]["kind"]]


def _change(
    work: UnitOfWork,
    before: Consent,
    after: Consent,
    evidence: Evidence,
    topics: Sequence[str],
    person_id: str,
) -> str:
    change_id = work.new_id()
    needs_review = evidence.kind == "language"
    _store(work, after, {**evidence.to_data(), "at": work.now, "change_id": change_id, "state": after.state})
    change = {
        "change_id": change_id,
        "phone": before.phone,
        "person_id": person_id,
        "before": before.said(),
        "after": after.said(),
        "topics": list(topics),
        "evidence": evidence.to_data(),
        "changed_at": work.now,
        "review": "open" if needs_review else "none",
    }
    work.create(change_path(change_id), change)
    _tell(work, change_id, after, evidence, topics)
    return change_id


def _store(work: UnitOfWork, after: Consent, said: Mapping[str, Any]) -> None:
    known = work.get(consent_path(after.phone))
    stored = {
        "phone": after.phone,
        **after.said(),
        "evidence": [*(known.data["evidence"] if known else []), said][-EVIDENCE_KEPT:],
        "last_change_id": said["change_id"],
        "updated_at": work.now,
    }
    work.put(consent_path(after.phone), stored)


def _tell(
    work: UnitOfWork, change_id: str, after: Consent, evidence: Evidence, topics: Sequence[str]
) -> None:
    is_refused = topics and all(after.of(topic) == "denied" for topic in topics)
    work.emit(
        ConsentChanged(
            change_id=change_id,
            state="denied" if is_refused else after.state,
            topics=tuple(topics),
            kind=evidence.kind,
            needs_review=evidence.kind == "language",
            changed_at=work.now,
        )
    )
    detail = {"kind": evidence.kind, "state": after.state, "topics": list(topics)}
    work.audit("consent.changed", subject=change_path(change_id), detail=detail)


def _ask_for_review(work: UnitOfWork, change_id: str) -> None:
    work.emit(
        AttentionRequested(
            subject=change_path(change_id),
            kind="opt_out_review",
            summary="A customer seems to want no more texts; none are sent. Please confirm or take it back",
            roles=_REVIEWERS,
            detail=change_path(change_id),
            # One matter for all that wait: whoever looks at it sees the list, and nobody can flood it.
            group="opt_out_reviews",
        )
    )
