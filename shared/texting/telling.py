"""A person is told about a text that cannot go out or did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from shared.events.conversation import AttentionRequested
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, text_path
from shared.texting.rules import purpose_rules

_REASONS: Mapping[str, str] = {
    "number_unusable": "the number cannot be texted",
    "own_number": "it was addressed to our own number",
    "staff_left": "they no longer work here",
    "refused": "they asked not to be texted",
    "no_permission": "they never agreed to such texts",
    "too_late": "its time was over before it could go",
    "no_common_hour": "no hour of the day is allowed everywhere they may be",
    "too_often": "they got too many already",
    "30003": "their phone is off or out of reach",
    "30004": "the number blocks our texts",
    "30005": "nobody has this number any more",
    "30006": "it is a landline, or its carrier takes no texts",
    "30007": "the carrier filtered it",
    "21211": "the number cannot be texted",
    "21614": "the number cannot be texted",
}
"""Our own reasons, and the provider's codes (Twilio's error dictionary)."""
_STAFF = frozenset({Purpose.STAFF_ALERT, Purpose.STAFF_MESSAGE})


def tell(work: UnitOfWork, text: Data, reason: str) -> None:
    """Asks for attention where the purpose's rules say so; `reason` is our word or the provider's code."""
    purpose = Purpose(text["purpose"])
    if not purpose_rules()[purpose].tell:
        return
    path = text_path(text["text_id"])
    thread = work.get(f"threads/{text['thread_id']}") if text["thread_id"] else None
    assigned = str(thread.data.get("assigned_staff_id") or "") if thread else ""
    who = "colleague" if purpose in _STAFF else "customer"
    work.emit(
        AttentionRequested(
            subject=f"threads/{text['thread_id']}" if text["thread_id"] else path,
            kind="delivery_failed",
            summary=f"A text to a {who} did not get there: {_words(reason)}",
            urgency="high" if purpose in (Purpose.STAFF_ALERT, Purpose.REPLY) else "normal",
            roles=("operator",) if purpose in _STAFF else ("advisor", "operator"),
            staff_ids=(assigned,) if assigned and purpose not in _STAFF else (),
            link=f"/inbox/{thread.data['number']}" if thread and "number" in thread.data else "",
            detail=path,
            group=path,
        )
    )


def _words(reason: str) -> str:
    code = f" (code {reason})" if reason.isdigit() else ""
    return f"{_REASONS.get(reason, 'the provider says no more')}{code}"
