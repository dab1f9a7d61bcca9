"""Undoes a merge: both people stand again, and what came later is given to whom it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel

from functions.crm_intake.identity_unmerge import Split, Unit, split
from shared.domain.duplicate_pair import distinct_pair, pair_path
from shared.domain.identity.block_keys import all_keys
from shared.domain.identity.identity import Identity
from shared.domain.identity.person_links import Link, list_instead
from shared.domain.identity.weights import WEIGHTS_PATH, Weights, weights_from
from shared.domain.person import Person
from shared.errors import AlreadyExists, NotFound
from shared.events.crm import PersonLinked, PersonUnmerged
from shared.ports import Document, Query
from shared.runtime.work import UnitOfWork


class UnmergeAnswer(BaseModel):
    """Both people again; `moved_lead_ids` came after the merge and went to the restored person."""

    master_person_id: str
    restored_person_id: str
    moved_lead_ids: list[str]


@dataclass(frozen=True)
class Level:
    """A master above the undone link, with everything that joined it; `below` is the link that led here."""

    master: Person
    units: tuple[Unit, ...]
    below: Link


def take_apart(work: UnitOfWork, person_id: str, decided_by: str) -> UnmergeAnswer:
    """Undoes the merge of `person_id`, or when it is a master the last merge into it.

    Raises `NotFound` for a person nobody ever had, `AlreadyExists` when there is no merge to undo.
    """
    undone = _link_to_undo(work, person_id)
    learned = work.get(WEIGHTS_PATH)
    weights = weights_from(learned.data if learned else None)
    restored, moved = _restored(work, undone), list[Unit]()
    below, inner = undone, None
    while True:
        level = _level(work, below, inner)
        parts = _split_level(level, restored, undone, weights)
        restored, inner = parts.restored, parts.master
        moved += parts.moved
        work.put(inner.path, replace(inner, updated_at=work.now).to_data())
        if inner.merged_into is None:
            break
        below = _linked(work, inner.person_id)
    restored = replace(restored, status="active", merged_into=None, updated_at=work.now)
    work.put(restored.path, restored.to_data())
    _write_links(work, undone, restored, moved, decided_by)
    _remember_as_different(work, inner, restored, decided_by)
    _relist(work, restored, [undone, *(unit.link for unit in moved)], inner)
    _tell(work, undone, restored, moved, decided_by)
    return UnmergeAnswer(
        master_person_id=inner.person_id,
        restored_person_id=restored.person_id,
        moved_lead_ids=[unit.link.lead_id for unit in moved if unit.link.lead_id],
    )


def _link_to_undo(work: UnitOfWork, person_id: str) -> Link:
    own = work.get(f"person_links/{person_id}")
    if own is not None and own.data["status"] == "linked":
        return Link.from_data(own.data)
    if own is None and work.get(f"persons/{person_id}") is None:
        raise NotFound(f"there is no person [{person_id}]")
    links = _links_to(work, person_id)
    if not links:
        raise AlreadyExists(f"nobody was merged into person [{person_id}], so there is nothing to undo")
    return links[-1]


def _links_to(work: UnitOfWork, master_id: str) -> list[Link]:
    """Standing links of a master, oldest first."""
    found = work.query(
        Query("person_links", (("master_person_id", "==", master_id), ("status", "==", "linked")))
    )
    return sorted((Link.from_data(d.data) for d in found), key=lambda link: link.sequence)


def _linked(work: UnitOfWork, person_id: str) -> Link:
    return Link.from_data(work.require(f"person_links/{person_id}").data)


def _level(work: UnitOfWork, below: Link, inner: Person | None) -> Level:
    master = Person.from_data(work.require(f"persons/{below.master_person_id}").data)
    links = _links_to(work, master.person_id)
    documents = work.get_many([_record_path(link) for link in links])
    units = [
        _unit(link, document, inner) for link, document in zip(links, documents, strict=True) if document
    ]
    return Level(master, tuple(units), below)


def _record_path(link: Link) -> str:
    return f"leads/{link.lead_id}" if link.lead_id else f"persons/{link.person_id}"


def _unit(link: Link, document: Document, inner: Person | None) -> Unit:
    if inner is not None and link.person_id == inner.person_id:
        return Unit(link, inner.identity, inner.consent)
    data = document.data
    return Unit(link, Identity.from_data(data["identity"]), data.get("consent", {}))


def _split_level(level: Level, restored: Person, undone: Link, weights: Weights) -> Split:
    """Whatever joined after the undone link may belong to either; the branch it came by stays."""
    others = [unit for unit in level.units if unit.link.link_id != undone.link_id]
    later = [unit for unit in others if _is_later(unit.link, level.below, undone)]
    stayed = [unit for unit in others if unit not in later]
    return split(level.master, restored, stayed, later, weights)


def _is_later(link: Link, below: Link, undone: Link) -> bool:
    if link.link_id == below.link_id:
        return False
    if link.master_person_id == undone.master_person_id:
        return link.sequence > undone.sequence
    return link.linked_at > undone.linked_at


def _restored(work: UnitOfWork, undone: Link) -> Person:
    """The person as they were when they joined; a lead's record becomes a person for the first time."""
    known = work.get(f"persons/{undone.person_id}")
    if known is not None and undone.lead_id is None:
        return Person.from_data(known.data)
    lead = work.require(f"leads/{undone.lead_id}").data
    identity = Identity.from_data(lead["identity"])
    return Person(
        person_id=undone.person_id,
        created_at=work.now,
        updated_at=work.now,
        name=lead["name"],
        identity=identity,
        founded_with=identity,
        consent=lead.get("consent", {}),
        founding_consent=lead.get("consent", {}),
        sources=(lead["source"],),
    )


def _write_links(
    work: UnitOfWork, undone: Link, restored: Person, moved: Sequence[Unit], decided_by: str
) -> None:
    """The undone link stays as the record of a human's decision; moved ones lead to the restored person."""
    work.put(
        undone.path,
        {**undone.to_data(), "status": "unlinked", "unlinked_at": work.now, "unlinked_by": decided_by},
    )
    if undone.lead_id:
        work.update(f"leads/{undone.lead_id}", {"person_id": restored.person_id})
    first = restored.merges - len(moved)
    for sequence, unit in enumerate(moved, first):
        link = replace(unit.link, master_person_id=restored.person_id, sequence=sequence)
        work.put(link.path, link.to_data())
        if link.lead_id:
            work.update(f"leads/{link.lead_id}", {"person_id": restored.person_id})
        else:
            work.update(f"persons/{link.person_id}", {"merged_into": restored.person_id})


def _remember_as_different(work: UnitOfWork, master: Person, restored: Person, decided_by: str) -> None:
    """The pair is never proposed again: a human looked at it."""
    one, other = master.person_id, restored.person_id
    work.put(pair_path(one, other), distinct_pair(one, other, decided_by=decided_by, decided_at=work.now))


def _relist(work: UnitOfWork, restored: Person, links: Sequence[Link], master: Person) -> None:
    """The restored person is found under the keys of their own records, the master under theirs."""
    found = work.get_many([_record_path(link) for link in links])
    gone = {
        k for document in found if document for k in all_keys(Identity.from_data(document.data["identity"]))
    }
    kept = set(all_keys(master.identity))
    list_instead(
        work, sorted(gone - kept, key=lambda k: k.path), restored.person_id, instead_of=master.person_id
    )
    list_instead(work, sorted(gone & kept, key=lambda k: k.path), restored.person_id, instead_of="")


def _tell(work: UnitOfWork, undone: Link, restored: Person, moved: Sequence[Unit], decided_by: str) -> None:
    work.emit(
        PersonUnmerged(
            master_person_id=undone.master_person_id,
            restored_person_id=restored.person_id,
            moved_lead_ids=tuple(unit.link.lead_id for unit in moved if unit.link.lead_id),
        )
    )
    work.emit(_row(work, undone, restored, decided_by, outcome_is_unlinked=True))
    for unit in moved:
        work.emit(_row(work, unit.link, restored, decided_by, outcome_is_unlinked=False))
    work.audit(
        "person.unmerged",
        subject=f"persons/{restored.person_id}",
        detail={"from": undone.master_person_id, "moved": len(moved)},
    )


def _row(
    work: UnitOfWork, link: Link, restored: Person, decided_by: str, *, outcome_is_unlinked: bool
) -> PersonLinked:
    return PersonLinked(
        link_id=work.new_id(),
        linked_at=work.now,
        person_id=link.person_id,
        master_person_id=restored.person_id,
        source=link.source,
        lead_id=link.lead_id,
        outcome="unlinked" if outcome_is_unlinked else "merged",
        undoes_link_id=link.link_id if outcome_is_unlinked else None,
        decided_by=decided_by,
    )
