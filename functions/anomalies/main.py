"""What did not fit the books is seen, taken, put off, called expected; spending is approved beforehand."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from functions.anomalies import acts
from functions.anomalies.approvals import (
    Approval,
    Approvals,
    ApprovalView,
    all_approvals,
    approve_spending,
    withdraw_approval,
)
from functions.anomalies.own_rules import Rules, change_rules, present_rules
from functions.anomalies.page import HEADERS, page
from functions.anomalies.series import AllSeries, all_series, forget_series
from functions.anomalies.views import (
    AlertView,
    FindingDetail,
    Findings,
    FindingView,
    alert_of,
    detail_of,
    view_of,
)
from functions.anomalies.watch import Watch, present_watch
from shared.domain.anomaly.paths import FINDINGS, finding_path
from shared.ports import Query
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.http import Request
from shared.runtime.inject import QueryModel
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork


class Shown(QueryModel):
    """`after` is the `next` of the page before."""

    state: Annotated[str, Field(pattern=r"^(open|acknowledged|snoozed|expected)$")] | None = None
    after: Annotated[str, Field(max_length=64)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Note(BaseModel):
    note: Annotated[str, Field(max_length=500)] = ""


class PutOff(BaseModel):
    """`whole_series`: nothing else of the series is told until then, either."""

    days: Annotated[int, Field(ge=1, le=90)]
    whole_series: bool = False
    note: Annotated[str, Field(max_length=500)] = ""


def list_findings(query: Shown, work: UnitOfWork) -> Findings:
    """Newest first."""
    where = (("state", "==", query.state),) if query.state else ()
    found = work.query(Query(FINDINGS, where, ("-detected_at",), query.limit, query.after))
    last = found[-1].id if len(found) == query.limit else None
    return Findings(findings=[view_of(one.data) for one in found], next=last, as_of=work.now)


def show_finding(finding_id: str, work: UnitOfWork) -> FindingDetail:
    """With the rows as the books have them, the reasons in words and everything people did with it."""
    return detail_of(work, acts.require_finding(work, finding_id))


def acknowledge(finding_id: str, note: Note, work: UnitOfWork, caller: Caller) -> FindingView:
    """It is on nobody's list any more."""
    return view_of(acts.acknowledged(work, finding_id, by=caller.id, note=note.note))


def snooze(finding_id: str, put_off: PutOff, work: UnitOfWork, caller: Caller) -> FindingView:
    """It is told once more when the time is over."""
    return view_of(
        acts.snoozed(
            work,
            finding_id,
            days=put_off.days,
            whole_series=put_off.whole_series,
            by=caller.id,
            note=put_off.note,
        )
    )


def call_expected(finding_id: str, note: Note, work: UnitOfWork, caller: Caller) -> FindingView:
    """The series, document or payee is measured by it from now on; what was held before is kept."""
    return view_of(acts.expected(work, finding_id, by=caller.id, note=note.note))


def call_unexpected(finding_id: str, note: Note, work: UnitOfWork, caller: Caller) -> FindingView:
    """What was held before holds again."""
    return view_of(acts.unexpected(work, finding_id, by=caller.id, note=note.note))


def open_alert(uuid: str, work: UnitOfWork, caller: Caller) -> AlertView:
    """What the alert was about, without names."""
    return alert_of(_linked(work, caller))


def tap_expected(
    uuid: str, work: UnitOfWork, caller: Caller, request: Request
) -> Annotated[Answer, Says(AlertView, or_status=303)]:
    """The same as `expected` by the signed-in CEO. A browser's form is led back to the page."""
    finding = acts.expected(work, _id_of(caller), by=caller.id)
    if "text/html" in request.headers.get("Accept", ""):
        return Answer(303, None, {"Location": f"/alert/{uuid}"})
    return Answer(200, alert_of(finding, "It was called expected; the like of it is told no more."))


def show_page(uuid: str, work: UnitOfWork, caller: Caller) -> Annotated[Answer, Says("text/html")]:
    """Looking at it changes nothing, so a program that previews links may do so."""
    found = alert_of(_linked(work, caller))
    return Answer(200, page(found, uuid), HEADERS, "text/html; charset=utf-8")


def _id_of(caller: Caller) -> str:
    return caller.subject.removeprefix(finding_path(""))


def _linked(work: UnitOfWork, caller: Caller) -> dict[str, object]:
    return dict(acts.require_finding(work, _id_of(caller)))


def show_watch(work: UnitOfWork) -> Watch:
    """Empty before the first run."""
    return present_watch(work)


def list_series(work: UnitOfWork) -> AllSeries:
    """What people said of series, newest first."""
    return all_series(work)


def reset_series(series: str, work: UnitOfWork, caller: Caller) -> None:
    """From the next run on it is judged as if nobody had said anything."""
    forget_series(work, series, by=caller.id)


def show_rules(work: UnitOfWork) -> Rules:
    """The defaults where nothing was changed."""
    return present_rules(work)


def set_rules(rules: Rules, work: UnitOfWork, caller: Caller) -> Rules:
    """Holds from the next run on; what is left out is the default again."""
    return change_rules(work, rules, by=caller.id)


def list_approvals(work: UnitOfWork) -> Approvals:
    """Newest first, withdrawn ones too."""
    return all_approvals(work)


def approve(approval: Approval, work: UnitOfWork, caller: Caller) -> ApprovalView:
    """What it covers is told no more, as far as the amount goes."""
    return approve_spending(work, approval, by=caller.id)


def withdraw(approval_id: str, work: UnitOfWork, caller: Caller) -> ApprovalView:
    """What it covered is judged at the next run."""
    return withdraw_approval(work, approval_id, by=caller.id)


anomalies = entry_point(
    __file__,
    list_findings,
    show_finding,
    acknowledge,
    snooze,
    call_expected,
    call_unexpected,
    open_alert,
    tap_expected,
    show_page,
    show_watch,
    list_series,
    reset_series,
    show_rules,
    set_rules,
    list_approvals,
    approve,
    withdraw,
)
