"""Runs an AI task: the first provider whose answer holds, its usage recorded whatever became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from shared.brain.circuit import Circuit, circuit_of
from shared.brain.minilm import sentence_encoder
from shared.brain.registry import Provider, Registry, load_registry
from shared.brain.task import Mode, Task
from shared.brain.usage import Outcome, Usage
from shared.errors import Forbidden, Misconfigured, Unavailable
from shared.observability import log, span
from shared.platform import Tenant

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - input
A = TypeVar("A", bound=BaseModel)
O = TypeVar("O", bound=BaseModel)  # noqa: E741 - output

Record = Callable[[Usage], None]


@dataclass(frozen=True)
class TaskResult(Generic[O]):
    """`confidence` is 0 to 1, `provider` who answered, `evidence` the words of the input it rests on."""

    output: O
    confidence: float
    provider: str
    evidence: tuple[str, ...]


class InvalidAnswer(Exception):
    """A provider answered with something the task cannot use; never leaves this module."""


@dataclass(frozen=True)
class Answered(Generic[O]):
    """An output with what its provider counted."""

    output: O
    response_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


def run_task(task: Task[I, A, O], given: I, mode: Mode, *, tenant: Tenant, record: Record) -> TaskResult[O]:
    """Asks the profile's providers in order until one answer passes the task's checks; one that failed
    again and again is left out for a while.

    `record` gets one `Usage` a call, also of those that failed and were replaced. Raises `Forbidden` when
    the task is not made for the mode, `Misconfigured` when the sentence model is missing.
    """
    if mode not in task.modes:
        raise Forbidden(f"task [{task.name}] may not run in mode [{mode}]")
    registry, failed = load_registry(), ""
    for provider in registry.order(tenant.settings.profile):
        if provider.kind != "embedded" and not _circuit(tenant, provider).may_ask():
            failed = provider.provider_name
            continue
        call = Call(task, mode, provider, registry, failed)
        output = call.attempt(given, tenant, record)
        if output is not None:
            return TaskResult(
                output, task.confidence(output), provider.provider_name, task.evidence(given, output)
            )
        failed = provider.provider_name
    raise Unavailable(f"no provider could answer task [{task.name}]; the last was [{failed}]")


def _circuit(tenant: Tenant, provider: Provider) -> Circuit:
    return circuit_of(tenant.platform, provider.provider_name)


@dataclass(frozen=True)
class Call(Generic[I, A, O]):
    """One provider asked once."""

    task: Task[I, A, O]
    mode: Mode
    provider: Provider
    registry: Registry
    fallback_from: str

    def attempt(self, given: I, tenant: Tenant, record: Record) -> O | None:
        """None when the provider failed or its answer does not hold; why is in the log and the usage."""
        model = self.provider.model_for(tenant.settings)
        started = time.perf_counter()
        with span(f"{self.provider.operation} {model}") as running:
            answered, outcome = self._outcome(given, tenant, model)
            elapsed = (time.perf_counter() - started) * 1000
            usage = self._usage(model, answered, outcome, elapsed)
            running.attributes.update(usage.span_attributes())
        record(usage)
        if outcome == "failed":
            _circuit(tenant, self.provider).failed()
        else:
            _circuit(tenant, self.provider).answered()
        return answered.output if answered else None

    def _outcome(self, given: I, tenant: Tenant, model: str) -> tuple[Answered[O] | None, Outcome]:
        try:
            return self._answer(given, tenant, model), "ok"
        except InvalidAnswer as error:
            self._log("an answer did not hold", error)
            return None, "invalid_output"
        except (Unavailable, Misconfigured) as error:
            self._log("a provider failed", error)
            if self.provider.kind == "embedded":
                raise  # there is nothing behind it, and its words say what to build or set
            return None, "failed"

    def _answer(self, given: I, tenant: Tenant, model: str) -> Answered[O]:
        if self.provider.kind == "embedded":
            return Answered(self.task.embedded(given, sentence_encoder(tenant.settings.model_dir)))
        generation = tenant.models.generate(
            model=model,
            prompt=self.task.prompt(given),
            schema=self.task.answer_model.model_json_schema(),
            timeout_s=self.task.timeout_s or self.provider.timeout_s,
            media=self.task.media(given),
        )
        output = self._completed(given, dict(generation.value))
        return Answered(output, generation.model, generation.input_tokens, generation.output_tokens)

    def _completed(self, given: I, value: dict[str, object]) -> O:
        try:
            answer = self.task.answer_model.model_validate(value)
        except ValidationError as error:
            raise InvalidAnswer(f"field {error.errors()[0]['loc']}: {error.errors()[0]['type']}") from error
        problems = self.task.problems(given, answer)
        if problems:
            raise InvalidAnswer(problems[0])
        return self.task.complete(given, answer)

    def _usage(self, model: str, answered: Answered[O] | None, outcome: Outcome, elapsed: float) -> Usage:
        usage = Usage(
            task=self.task.name,
            mode=str(self.mode),
            operation_name=self.provider.operation,
            provider_name=self.provider.provider_name,
            request_model=model,
            outcome=outcome,
            processing_time_ms=elapsed,
            fallback_from=self.fallback_from or None,
        )
        if answered is None:
            return usage
        tokens = (answered.input_tokens or 0, answered.output_tokens or 0)
        return replace(
            usage,
            response_model=answered.response_model,
            input_tokens=answered.input_tokens,
            output_tokens=answered.output_tokens,
            cost_usd=self.registry.cost_usd(model, input_tokens=tokens[0], output_tokens=tokens[1]),
            confidence=self.task.confidence(answered.output),
        )

    def _log(self, message: str, error: Exception) -> None:
        # A check's words may quote the message, so only the kind is logged.
        log(
            "WARNING",
            message,
            task=self.task.name,
            provider=self.provider.provider_name,
            error=type(error).__name__,
        )
