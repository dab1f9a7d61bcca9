"""The router that needs no cloud and no key: trained weights, MiniLM, and rules for the entities."""

from __future__ import annotations

from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.asking import load_thresholds
from shared.brain.route_message.decide import decide_routing
from shared.brain.route_message.models import RouteInput, Routing
from shared.brain.route_message.scoring import load_weights, score


def route_embedded(given: RouteInput, encoder: SentenceEncoder) -> Routing:
    """Raises `Misconfigured` when the sentence model was not built."""
    scores = score(given.text, encoder.encode(given.text), load_weights())
    return decide_routing(given.text, scores=scores, thresholds=load_thresholds(), today=given.today)
