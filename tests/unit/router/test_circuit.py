from __future__ import annotations

from shared.brain.circuit import FAILURES, LEFT_ALONE_S, Circuit


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def broken(clock: Clock) -> Circuit:
    circuit = Circuit(clock)
    for _ in range(FAILURES):
        assert circuit.may_ask()
        circuit.failed()
    return circuit


def test_failures_in_a_row_close_it_and_others_do_not() -> None:
    clock = Clock()
    assert not broken(clock).may_ask()
    circuit = Circuit(clock)
    for _ in range(2 * FAILURES):
        circuit.failed()
        circuit.answered()
    assert circuit.may_ask()


def test_after_a_while_one_caller_tries_and_the_others_go_on_without() -> None:
    clock = Clock()
    circuit = broken(clock)
    clock.time += LEFT_ALONE_S - 1
    assert not circuit.may_ask()
    clock.time += 1
    assert [circuit.may_ask() for _ in range(3)] == [True, False, False]


def test_the_one_who_tried_decides() -> None:
    clock = Clock()
    circuit = broken(clock)
    clock.time += LEFT_ALONE_S
    assert circuit.may_ask()
    circuit.failed()
    assert not circuit.may_ask()
    clock.time += LEFT_ALONE_S
    assert circuit.may_ask()
    circuit.answered()
    assert all(circuit.may_ask() for _ in range(5))
