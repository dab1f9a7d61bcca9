"""Spending somebody with the right to do so approved beforehand: it explains what would be odd otherwise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, model_validator

from shared.domain.anomaly.paths import APPROVALS, derived_id
from shared.domain.anomaly.rules import Usd
from shared.domain.field_types import Key
from shared.ports import Query
from shared.runtime.work import UnitOfWork

SHOWN = 200
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Approval(BaseModel):
    """By the document's number, or by payee and category; up to the amount in all, with 5 % tolerance."""

    document_number: Key | None = None
    counterparty: Words | None = None
    category: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None
    amount_usd: Annotated[Usd, Field(gt=0)]
    valid_from: date
    valid_to: date
    reason: Words

    @model_validator(mode="after")
    def _covers_something(self) -> Approval:
        by_payee = self.counterparty is not None and self.category is not None
        if (self.document_number is not None) == by_payee or (self.document_number and self.counterparty):
            raise ValueError("give document_number, or counterparty and category")
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    @property
    def covers(self) -> str:
        """As the query compares it."""
        if self.document_number is not None:
            return f"document|{self.document_number}"
        return f"payee|{(self.counterparty or '').lower()}|{self.category}"


class ApprovalView(BaseModel):
    approval_id: str
    state: str
    document_number: str | None
    counterparty: str | None
    category: str | None
    amount_usd: str
    valid_from: date
    valid_to: date
    reason: str
    approved_by: str
    approved_at: datetime


class Approvals(BaseModel):
    approvals: list[ApprovalView]


def approve_spending(work: UnitOfWork, approval: Approval, *, by: str) -> ApprovalView:
    """One per document, or payee and category: a new one takes the place of the one before."""
    approval_id = derived_id("approval", approval.covers)
    path = f"{APPROVALS}/{approval_id}"
    stored = work.get(path)
    content = {
        **approval.model_dump(mode="json"),
        "amount_usd": f"{approval.amount_usd:.2f}",
        "approval_id": approval_id,
        "covers": approval.covers,
        "state": "valid",
        "approved_by": by,
    }
    known = stored.data if stored else {}
    if not all(known.get(name) == value for name, value in content.items()):
        work.put(path, {**content, "approved_at": work.now})
        detail = {name: content[name] for name in ("amount_usd", "valid_from", "valid_to")}
        work.audit("expense.approved", subject=path, actor=by, detail=detail)
    return ApprovalView.model_validate(work.require(path).data)


def withdraw_approval(work: UnitOfWork, approval_id: str, *, by: str) -> ApprovalView:
    """What it explained is judged again at the next run. Raises `NotFound`."""
    stored = work.require(f"{APPROVALS}/{approval_id}")
    if stored.data["state"] == "valid":
        work.put(stored.path, {**stored.data, "state": "withdrawn"})
        work.audit("expense.approval_withdrawn", subject=stored.path, actor=by)
    return ApprovalView.model_validate(work.require(stored.path).data)


def all_approvals(work: UnitOfWork) -> Approvals:
    found = work.query(Query(APPROVALS, (), ("-approved_at",), SHOWN))
    return Approvals(approvals=[ApprovalView.model_validate(dict(one.data)) for one in found])
