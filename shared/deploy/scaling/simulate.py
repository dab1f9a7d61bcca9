"""A discrete-event simulation of users at sockets: from a message to its plate, through three functions.

Fed by what was measured (processor time of a request, calls of an operation) and by what is assumed of the
cloud (limits.yaml). Instances start as Cloud Run starts them: when those there are busier than the target.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

import simpy

Waiting = Generator[simpy.Event, Any, None]
SLICES = 3
"""Into how many parts a request's processor time falls, with waiting in between."""


@dataclass(frozen=True)
class Step:
    """One request of a function: `cpu_ms` of its processor, `waits_ms` for others in between."""

    function: str
    cpu_ms: float
    waits_ms: float
    queries: int = 0


@dataclass(frozen=True)
class World:
    """What does not change in a run. Times in milliseconds, `think_s` in seconds."""

    steps: Mapping[str, tuple[Step, ...]]
    """By kind of question: what happens one after the other."""
    shares: Mapping[str, float]
    think_s: float
    push_ms: float
    listener_ms: float
    spread: float
    concurrency: Mapping[str, int]
    sockets: str
    """The function whose instances each hold so many users' sockets, whether they say something or not."""
    cold_start_ms: Mapping[str, float]
    max_instances: int
    processors: int
    """Of the region, for all functions; an instance takes one."""
    target: float
    look_s: float
    queries_a_second: float


@dataclass
class Result:
    """`latencies_ms` of the messages after the run-up, `instances` at most, by function."""

    latencies_ms: list[float] = field(default_factory=list)
    instances: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    waited_for_queries: int = 0
    waited_for_processors: int = 0
    """How often an instance was wanted and the region had no processor for it."""
    unanswered: int = 0

    def percentile(self, part: float) -> float:
        """Nearest rank; NaN when nothing was answered."""
        ordered = sorted(self.latencies_ms)
        return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else math.nan


class Region:
    """The processors that all functions share."""

    def __init__(self, processors: int) -> None:
        self._free = processors
        self.refused = 0

    def take(self, wanted: int) -> int:
        """As many as there are."""
        given = max(0, min(wanted, self._free))
        self._free -= given
        self.refused += given < wanted
        return given


class Service:
    """Instances of one function, each with one processor, taken by the least busy."""

    def __init__(
        self, env: simpy.Environment, name: str, *, world: World, region: Region, instances: int
    ) -> None:
        self.name, self._env, self._world, self._region = name, env, world, region
        self._limit = world.concurrency[name]
        self._instances: list[Instance] = [Instance(env) for _ in range(instances)]
        self._starting = 0
        self._waiting: list[simpy.Event] = []
        self.most = instances
        env.process(self._autoscale())

    def serve(self, step: Step, draw: random.Random) -> Waiting:
        instance = yield from self._taken()
        try:
            for part in _parts(step, draw, self._world.spread):
                yield from instance.work(step.cpu_ms / SLICES)
                yield self._env.timeout(part)
        finally:
            instance.active -= 1
            if self._waiting:
                self._waiting.pop(0).succeed()

    def _taken(self) -> Generator[simpy.Event, Any, Instance]:
        while True:
            least = min(self._instances, key=lambda one: one.active)
            if least.active < self._limit:
                least.active += 1
                return least
            freed = self._env.event()
            self._waiting.append(freed)
            self._start(math.ceil(len(self._waiting) / self._limit) - self._starting)
            yield freed

    def _start(self, number: int) -> None:
        allowed = self._world.max_instances - len(self._instances) - self._starting
        for _ in range(self._region.take(min(number, allowed))):
            self._starting += 1
            self._env.process(self._boot())

    def _boot(self) -> Waiting:
        yield self._env.timeout(self._world.cold_start_ms[self.name])
        self._starting -= 1
        self._instances.append(Instance(self._env))
        self.most = max(self.most, len(self._instances))
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.succeed()

    def _autoscale(self) -> Waiting:
        while True:
            yield self._env.timeout(self._world.look_s * 1000)
            busy = sum(one.take_busy() for one in self._instances) / (self._world.look_s * 1000)
            held = sum(one.active for one in self._instances) / self._limit
            wanted = math.ceil(max(busy, held) / self._world.target)
            self._start(wanted - len(self._instances) - self._starting)


class Instance:
    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._processor = simpy.Resource(env, 1)
        self.active = 0
        self._busy_ms = 0.0

    def work(self, ms: float) -> Waiting:
        with self._processor.request() as turn:
            yield turn
            yield self._env.timeout(ms)
            self._busy_ms += ms

    def take_busy(self) -> float:
        busy, self._busy_ms = self._busy_ms, 0.0
        return busy


class Throttle:
    """So many queries a second; who comes when they are used up waits for the next ones."""

    def __init__(self, env: simpy.Environment, rate: float) -> None:
        self._env, self._gap_ms = env, 1000 / rate
        self._next = 0.0
        self.waited = 0

    def take(self, queries: int) -> Waiting:
        start = max(self._env.now, self._next)
        self._next = start + queries * self._gap_ms
        # A second's worth may be used at once.
        pause = self._next - 1000 - self._env.now
        if pause > 0:
            self.waited += 1
            yield self._env.timeout(pause)


def simulate(world: World, *, users: int, ramp_s: float, seconds: float, seed: int = 1) -> Result:
    """Users sign in evenly over `ramp_s`, then everybody is there for `seconds`; those count."""
    run = _Run(world, random.Random(seed), users)
    for number in range(users):
        run.env.process(run.user(number / users * ramp_s * 1000))
    run.env.run(until=ramp_s * 1000)
    run.result.latencies_ms.clear()
    run.asked = run.result.messages = 0
    run.env.run(until=(ramp_s + seconds) * 1000)
    run.result.instances = {name: service.most for name, service in run.services.items()}
    run.result.waited_for_queries = run.throttle.waited
    run.result.waited_for_processors = run.region.refused
    run.result.unanswered = max(0, run.asked - run.result.messages)
    return run.result


class _Run:
    def __init__(self, world: World, draw: random.Random, users: int) -> None:
        self.world, self.draw = world, draw
        self.env = simpy.Environment()
        functions = {step.function for steps in world.steps.values() for step in steps}
        self.region = Region(world.processors)
        filled = math.ceil(users / world.concurrency[world.sockets])
        held = dict.fromkeys(functions, 1) | {world.sockets: min(filled, world.max_instances)}
        self.services = {
            name: Service(
                self.env, name, world=world, region=self.region, instances=self.region.take(held[name])
            )
            for name in sorted(functions, key=lambda name: held[name])
        }
        self.throttle = Throttle(self.env, world.queries_a_second)
        self.result = Result()
        self.asked = 0

    def user(self, arrives_ms: float) -> Waiting:
        yield self.env.timeout(arrives_ms)
        while True:
            yield self.env.timeout(self.draw.expovariate(1 / (self.world.think_s * 1000)))
            began = self.env.now
            self.asked += 1
            yield from self._message()
            self.result.messages += 1
            self.result.latencies_ms.append(self.env.now - began)

    def _message(self) -> Waiting:
        kinds = list(self.world.shares)
        (kind,) = self.draw.choices(kinds, [self.world.shares[name] for name in kinds])
        for number, step in enumerate(self.world.steps[kind]):
            if number:
                yield self.env.timeout(_around(self.world.push_ms, self.draw, self.world.spread))
            if step.queries:
                yield from self.throttle.take(step.queries)
            yield from self.services[step.function].serve(step, self.draw)
        yield self.env.timeout(_around(self.world.listener_ms, self.draw, self.world.spread))


def _parts(step: Step, draw: random.Random, spread: float) -> list[float]:
    return [_around(step.waits_ms / SLICES, draw, spread) for _ in range(SLICES)]


def _around(median: float, draw: random.Random, spread: float) -> float:
    """Log-normal, as times of calls are: never below zero, now and then much longer."""
    return draw.lognormvariate(math.log(median), spread) if median > 0 else 0.0
