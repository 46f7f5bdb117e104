"""What every kind of resource says of itself, and its rules at each step.

A kind is stateless. What can be said as data is said as data: the store, its indexes and the
provider read that off the catalogue. All of it is the cloud's, but for `provider`: that is what the
provider does of its own accord, and another door to the same store has no use for it.

`prepare` and `check` ask the rules that need other resources; `complete` fills in what the cloud
computes and asks nobody, so that unit tests' mocks can use the same code offline.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, ClassVar, Literal

from sandbox.cloud.core.errors import CloudError
from sandbox.cloud.core.ids import Making
from sandbox.cloud.core.name_checks import check_tags
from sandbox.cloud.core.resource import Attributes, Resource
from sandbox.cloud.core.session import Session

__all__ = [
    "ID",
    "MILLISECONDS",
    "REGION",
    "TIME",
    "Dependent",
    "Kind",
    "Parent",
    "Provider",
    "Quota",
    "drawn",
]

ID, REGION = attrgetter("id"), attrgetter("region")
TIME, MILLISECONDS = attrgetter("time"), attrgetter("milliseconds")
"""Of what is being made: its own id, where, and when."""


def drawn(prefix: str) -> Callable[[Making], str]:
    """Another id that comes with it."""
    return lambda making: making.new_id(prefix)


@dataclass(frozen=True, slots=True)
class Parent:
    """A resource that one is made in, or for: none is made before it is there."""

    kind: str
    by: str
    """The input that names it."""

    code: str = ""
    """What is said while it isn't there; the code of its own kind without one."""

    own: str = ""
    """What of its attributes the input names, where that isn't its id."""

    words: str = ""
    """What the refusal says then, of the `name` and the `region`."""

    instead: Collection[object] = ()
    """What the input may say that names none."""

    ready: Collection[str] = ()
    """The statuses in which it can be used; any without."""

    unready: tuple[str, str] = ("", "")
    """The code and the words in another one, of `it`."""

    def need(self, session: Session, attributes: Mapping[str, Any]) -> Resource:
        name = attributes.get(self.by)
        if not self.own:
            return session.need(self.kind, name, self.code)
        if found := session.find(self.kind, **{self.own: name}):
            return found[0]
        raise CloudError(self.code, self.words.format(name=name, region=session.region))

    def check_ready(self, parent: Resource) -> None:
        if self.ready and parent["status"] not in self.ready:
            code, words = self.unready
            raise CloudError(code, words.format(it=parent))


@dataclass(frozen=True, slots=True)
class Dependent:
    """Resources of another kind that stand on one."""

    kind: str
    by: str
    """Their attribute that names what they stand on."""

    code: str = ""
    """What a deletion is refused with while there are any; nothing where they don't keep it."""

    words: str = "{it.id} is used by {user.id}."
    """What the refusal says, of `it` and of the first `user`."""

    goes: bool = False
    """Whether they go along when it goes. A deletion that is forced isn't refused for these."""

    own: str = ""
    """What of its attributes they name, where that isn't its id."""

    def found(self, session: Session, resource: Resource) -> list[Resource]:
        named = resource[self.own] if self.own else resource.id
        return session.find(self.kind, **{self.by: named})


@dataclass(frozen=True, slots=True)
class Quota:
    """How many there may be; the figure is in `quotas`."""

    name: str
    code: str
    per: str = ""
    """The attribute by which they are counted; each region, or the account, as a whole without."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the real provider does with a kind of its own accord: observed, or read in its source.

    An input that it never sends makes a difference that each further preview shows again; a test of
    a program should see it here, before an account does.
    """

    id_front: str = ""
    """The attribute that stands, with a colon, before the cloud's id in Pulumi's."""

    unsent: frozenset[str] = frozenset()
    """Not sent when one is made, and later only beside one of `carriers`."""

    carriers: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    """What it sends when it creates, and never asks for again: an import doesn't find it."""

    judged_by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Attributes that go out alone only when a part of them has changed: that part."""

    awaited: Mapping[str, str] = field(default_factory=dict[str, str])
    """The status that it waits for once an attribute has changed, and gives up on."""

    emptied_first: str = ""
    """The list that it empties before it deletes."""

    kept_while_paid: str = ""
    """With this payment type it deletes nothing: it says so in its log alone, and forgets one."""

    fails_when_gone: bool = False
    """It fails to read what is gone, where it should say so; no refresh ends well any more."""


class Kind:
    """One kind of resource. The defaults here suit a kind without rules."""

    name: ClassVar[str]
    prefix: ClassVar[str] = ""
    not_found: ClassVar[str] = "InvalidResource.NotFound"
    # What belongs to the account as a whole is the same in each region.
    scope: ClassVar[Literal["region", "account"]] = "region"
    # The attributes that the id is made of. The cloud draws one where there are none, or where one
    # isn't stated.
    id_parts: ClassVar[Sequence[str]] = ()
    # The id says everything about one, so asking for the same twice makes one and succeeds.
    same_is_one: ClassVar[bool] = False
    # How a second one with the same id is refused otherwise. The code is ours.
    taken: ClassVar[tuple[str, str]] = ("EntityAlreadyExists", "{same.id} is there already.")
    # The setting that says for how many seconds creating, changing or deleting one is under way;
    # none when that is over at once.
    duration: ClassVar[str] = ""
    # Attributes that are two names of one thing: setting the first sets the second.
    twins: ClassVar[Mapping[str, str]] = {}
    # What names and descriptions have to look like.
    texts: ClassVar[Mapping[str, Callable[[object], None]]] = {}
    # What the cloud fills in where nothing is stated: values, or what finds them out (`TIME`).
    fills: ClassVar[Mapping[str, Any]] = {}
    quotas: ClassVar[Sequence[Quota]] = ()
    # What rules look it up by so often, or among so many, that an index pays: each costs every
    # resource of every kind a little. Two that are looked up together stand together.
    indexed: ClassVar[Sequence[str | tuple[str, str]]] = ()
    # In the order in which they are asked for, before anything else.
    parents: ClassVar[Sequence[Parent]] = ()
    dependents: ClassVar[Sequence[Dependent]] = ()
    # Attributes that no state tells, each with what isn't known then.
    unknowable: ClassVar[Mapping[str, str]] = {}
    provider: ClassVar[Provider] = Provider()

    # --- the cloud's operations, each with its rules in their order ----------------------------

    def create(self, session: Session, wanted: Attributes) -> Resource:
        asked = self.derive(wanted)
        identity = self.identity(session, asked)
        same = session.get(self.name, identity)
        if same and self.same_is_one:
            self.asked_again(session, same, asked)
            return session.need(self.name, identity)
        for name, check in self.texts.items():
            check(asked.get(name))
        check_tags(asked.get("tags"))
        self.check_parents(session, asked)
        found = self.prepare(session, asked) or {}
        self.check(session, asked, None)
        if same:
            code, words = self.taken
            raise CloudError(code, words.format(same=same))
        for quota in self.quotas:
            having = {quota.per: asked.get(quota.per)} if quota.per else {}
            session.check_quota(quota.name, session.count(self.name, **having), quota.code)
        attributes = self.make(wanted, session.making(identity, found))
        ends = session.ends(self)
        made = Resource(identity, self.name, session.region_of(self.name), attributes, ends)
        session.add(made)
        self.created(session, made)
        return session.need(self.name, identity)

    def remembered(self, session: Session, identity: str, known: Attributes) -> Resource:
        """One as it was; what isn't known of it is as the cloud makes new ones."""
        surroundings: Attributes = {}
        with suppress(CloudError):  # what it follows from isn't there: it stays unknown
            surroundings = self.surroundings(session, known)
        making = session.making(identity, surroundings)
        # An address that isn't known is none: it can't get in anybody's way.
        making = replace(making, new_public_address=lambda: "")
        stated = self.make(known, making)
        attributes = {**stated, **{name: known[name] for name in known if name in stated}}
        return Resource(identity, self.name, session.region_of(self.name), attributes)

    def update(self, session: Session, resource: Resource, changes: Mapping[str, Any]) -> Resource:
        filled = self.derive(changes)
        for name in self.texts.keys() & filled.keys():
            self.texts[name](filled[name])
        check_tags(filled.get("tags"))
        self.check_change(session, resource, filled)
        self.check(session, {**resource.attributes, **filled}, resource)
        session.change(resource, filled, session.ends(self))
        self.changed(session, resource, filled)
        return session.need(self.name, resource.id)

    def delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        self.check_delete(session, resource, force=force)
        session.remove(resource, session.ends(self))
        self.deleted(session, resource)

    # --- its rules at each step -----------------------------------------------------------------

    def identity(self, session: Session, wanted: Attributes) -> str:
        """The new resource's id; kinds without an id of their own derive it from `wanted`."""
        parts = [wanted.get(name) for name in self.id_parts]
        if parts and None not in parts:
            return ":".join(map(str, parts))
        return self.shaped(session.new_id(self.prefix))

    def shaped(self, drawn: str) -> str:
        """An id that was drawn, in the form that ids of this kind have."""
        return drawn

    def check_parents(self, session: Session, wanted: Attributes) -> None:
        """Refuse a new one whose parents aren't all there, or can't be used yet."""
        stated = [one for one in self.parents if wanted.get(one.by) not in one.instead]
        for one, parent in [(one, one.need(session, wanted)) for one in stated]:
            one.check_ready(parent)

    def parent(self, session: Session, attributes: Mapping[str, Any], by: str) -> Resource:
        """The parent that an attribute names."""
        return next(parent for parent in self.parents if parent.by == by).need(session, attributes)

    def prepare(self, session: Session, wanted: Attributes) -> Attributes | None:
        """Refuse a new one that the cloud refuses; answer what follows from other resources."""

    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        """Refuse what the cloud refuses of one as it would be: new, or `own` once changed."""

    def surroundings(self, session: Session, known: Attributes) -> Attributes:  # noqa: ARG002 - a default
        """Attributes that nobody is told, and that follow from other resources."""
        return {}

    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        """All attributes that the cloud would answer. Asks no other resource."""
        filled = {name: it(making) if callable(it) else it for name, it in self.fills.items()}
        return {**filled, **wanted, **making.found}

    def asked_again(self, session: Session, same: Resource, wanted: Attributes) -> None:
        """What asking for the same thing twice changes, where `same_is_one`."""

    def created(self, session: Session, resource: Resource) -> None:
        """What else changes when one was created."""
        self.came_or_went(session, resource)

    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        """Refuse a change that the cloud refuses, whatever it leads to."""

    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        """What else changes when one was changed."""

    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        """Refuse a deletion that the cloud refuses: of what is protected, or stood on."""
        if resource["deletion_protection"]:
            raise CloudError(
                "InvalidOperation.DeletionProtection",
                f"{resource.id} has deletion protection on; turn it off and apply that first.",
            )
        for dependent in self.dependents:
            if (
                dependent.code
                and not (force and dependent.goes)
                and (found := dependent.found(session, resource))
            ):
                raise CloudError(dependent.code, dependent.words.format(it=resource, user=found[0]))

    def deleted(self, session: Session, resource: Resource) -> None:
        """What else changes when one was deleted: what goes along goes, and what goes with that.

        In an orderly deletion most of it is gone; what someone else took away leaves it.
        """
        for dependent in self.dependents:
            for gone in dependent.found(session, resource) if dependent.goes else ():
                session.remove(gone)
                session.kinds[gone.kind].deleted(session, gone)
        self.came_or_went(session, resource)

    def came_or_went(self, session: Session, resource: Resource) -> None:
        """What else changes either way: whatever lists or counts these."""

    def failure(self, resource: Resource) -> str:  # noqa: ARG002 - a default
        """Why one that was made doesn't do what it is for; empty of what does."""
        return ""

    def make(self, wanted: Attributes, making: Making) -> Attributes:
        """The attributes of a new resource, twins included, what isn't set left out."""
        # Write-only in the cloud: it never answers a password, so the store never holds one.
        stated = {k: v for k, v in wanted.items() if v is not None and k != "password"}
        made = self.complete(self.derive(stated), making)
        return {k: v for k, v in self.derive(made).items() if v is not None}

    def derive(self, attributes: Mapping[str, Any]) -> Attributes:
        """The same attributes and those that follow from them; twins get whichever is set."""
        filled = dict(attributes)
        for one, other in self.twins.items():
            value = filled[one] if one in filled else filled.get(other)
            if value is not None:
                filled[one] = filled[other] = value
        return filled
