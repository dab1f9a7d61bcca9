"""What HELP tells people to say is understood, and as the plate that promises it."""

from __future__ import annotations

from datetime import date

import pytest

from functions.plate_composer.plate_kinds import PlateKind, plate_kinds
from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.embedded import route_embedded
from shared.brain.route_message.models import RouteInput
from shared.testing.harness import model_folder

EXAMPLES = [(kind, example) for kind in plate_kinds() for example in kind.examples]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(model_folder())


def _name(value: PlateKind | str) -> str:
    return value if isinstance(value, str) else value.plate_id


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=_name)
def test_an_example_of_help_is_answered_at_once_with_its_plate(
    encoder: SentenceEncoder, kind: PlateKind, example: str
) -> None:
    routing = route_embedded(RouteInput(text=example, today=date(2026, 11, 20)), encoder)
    assert (routing.intent, routing.question) == (kind.intent, None)
