"""An AI task: one typed question that any provider may answer, and an embedded answer that needs none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.brain.minilm import SentenceEncoder
from shared.ports import MediaPart

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - input
A = TypeVar("A", bound=BaseModel)
O = TypeVar("O", bound=BaseModel)  # noqa: E741 - output


class Mode(StrEnum):
    """What a task may lead to. Only `safe_apply` ever runs in `APPLY_ALLOWED`."""

    READ_ONLY = "read_only"
    PROPOSE_ACTIONS = "propose_actions"
    APPLY_ALLOWED = "apply_allowed"


@dataclass(frozen=True)
class Task(Generic[I, A, O]):
    """`prompt` and `answer_model` are for language models, `complete` makes the output of such an answer.

    `checks` say in words what is wrong with an answer; a wrong answer counts as none. `embedded` answers
    without a model provider. `confidence` and `evidence` read the output.
    """

    name: str
    answer_model: type[A]
    output_model: type[O]
    prompt: Callable[[I], str]
    complete: Callable[[I, A], O]
    checks: tuple[Callable[[I, A], list[str]], ...]
    embedded: Callable[[I, SentenceEncoder], O]
    confidence: Callable[[O], float]
    evidence: Callable[[I, O], tuple[str, ...]]
    modes: frozenset[Mode] = frozenset({Mode.READ_ONLY})
    media: Callable[[I], Sequence[MediaPart]] = lambda _: ()
    """Files a model is shown with the prompt."""
    timeout_s: float | None = None
    """How long a language model may take, when not as the registry says."""

    def problems(self, given: I, answer: A) -> list[str]:
        return [problem for check in self.checks for problem in check(given, answer)]
