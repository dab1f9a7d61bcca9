"""Whatever comes in whatever order: who said no is not texted, nothing leaves twice, nothing is forgotten."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.consent import honour
from shared.errors import EffectUnknown, Rejected, Unavailable
from shared.texting.opt_out import read_consent_words
from shared.texting.request import Purpose
from tests.functions.text_rig import CUSTOMER, TextDesk, text_desk

ANYWAY = ("AutoHaus Chicago:",)
"""How the answers to STOP and HELP begin, which go whatever was said."""
ENDS = {"sent", "queued", "failed", "refused", "unknown", "deferred"}

FAULTS = {
    "away": Unavailable("away"),
    "unclear": EffectUnknown("no answer"),
    "landline": Rejected("Twilio [30006]: landline"),
    "well": None,
}

steps = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(["STOP", "START", "HELP", "leave me alone", "hello", "yes"])),
    st.tuples(
        st.just("asks"), st.sampled_from([Purpose.SERVICE, Purpose.REPLY, Purpose.OTP, Purpose.MARKETING])
    ),
    st.tuples(st.just("provider"), st.sampled_from(sorted(FAULTS))),
    st.tuples(st.just("hours"), st.sampled_from([0.01, 0.5, 3.0, 9.0, 26.0])),
)


class Course:
    def __init__(self, desk: TextDesk) -> None:
        self.desk, self.denied, self.number = desk, False, 0

    def take(self, step: tuple[str, object]) -> None:
        kind, value = step
        self.number += 1
        if kind == "says":
            self._says(str(value))
        elif kind == "asks":
            self.desk.ask(Purpose(str(value)), key=f"cause-{self.number}", body=f"cause-{self.number}")
        elif kind == "provider":
            self.desk.messenger.fail = FAULTS[str(value)]
        else:
            self.desk.clock.time += timedelta(hours=float(str(value)))
            self.desk.release()
        self._deliver_all()

    def _says(self, words: str) -> None:
        read = read_consent_words(words)
        sid = f"SM{self.number}"
        self.desk.within(lambda work: honour(work, phone=CUSTOMER, words=read, text_sid=sid))
        known = self.desk.harness.tenant().documents.get("consents/13125550142")
        self.denied = known is not None and known.data["state"] == "denied"

    def _deliver_all(self) -> None:
        for one in self.desk.harness.events("text-requested"):
            self.desk.deliver(one["data"]["text_id"], cause=one["id"])


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=3, max_size=9))
def test_any_course_of_events(course: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder, text_desk(Path(folder)) as desk:
        run = Course(desk)
        for step in course:
            before = len(desk.messenger.sent(1000))
            run.take(step)
            for one in desk.messenger.sent(1000)[before:]:
                assert not run.denied or one["body"].startswith(ANYWAY), "texted after a no"
        sent = Counter(one["body"] for one in desk.messenger.sent(1000) if one["body"].startswith("cause-"))
        assert all(times == 1 for times in sent.values())
        for one in desk.harness.events("text-requested"):
            text = desk.text(one["data"]["text_id"])
            assert text["state"] in ENDS or desk.messenger.fail is not None, text["state"]
            if text["state"] == "deferred":
                assert text["due_at"] is not None and text["due_at"] > desk.clock.time - timedelta(days=1)
