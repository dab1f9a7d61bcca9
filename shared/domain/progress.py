"""How far a deal or a repair order is: words alone, for those who only read the records."""

from __future__ import annotations

from typing import Literal

DealStage = Literal[
    "new", "contacted", "appointment", "test_drive", "negotiation", "financing", "won", "lost"
]
CLOSED_STAGES: frozenset[DealStage] = frozenset({"won", "lost"})

RepairOrderStatus = Literal[
    "open", "in_progress", "waiting_parts", "waiting_approval", "done", "closed", "cancelled"
]
FINISHED_STATUSES: frozenset[RepairOrderStatus] = frozenset({"done", "closed", "cancelled"})
