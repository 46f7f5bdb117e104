"""What an action is: a row of a product's table, carried out on the store.

A row names what the cloud's API calls things; the kind and the contract say the rest. A parameter
that a row doesn't know is refused, since to pass it over would be to do something else than what
was asked.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeAlias, cast
from urllib.parse import unquote

from typing_extensions import override

from facts.contract import contract_of_kind
from facts.values import wrong_values
from sandbox.api.callers import ROOT, Caller
from sandbox.api.refusals import invalid, missing
from sandbox.api.requests import Part, Said
from sandbox.cloud import KINDS, Attributes, CloudError, Resource, Store
from sandbox.cloud.core import Session
from sandbox.cloud.core.name_checks import is_number
from sandbox.cloud.core.store import Changes

__all__ = [
    "ANYTHING",
    "ID",
    "LEFT_OUT",
    "REGION",
    "Action",
    "Answer",
    "Call",
    "Create",
    "Delete",
    "Describe",
    "Field",
    "Get",
    "Joined",
    "Modify",
    "Own",
    "Product",
    "Subject",
    "flag",
    "if_set",
    "is_tagged",
    "listed",
    "number",
    "tags",
    "tags_of",
    "told_of",
    "with_commas",
]

Answer: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Joined:
    """A field of an answer that other resources tell."""

    tell: Callable[[Session, Resource], object]


Field: TypeAlias = str | Callable[[Resource], object] | Joined
"""What an answer says of a resource: an attribute, or what is made of it."""


def ID(resource: Resource) -> object:  # noqa: N802 - it stands in tables as a constant would
    """The resource's own id."""
    return resource.id


def REGION(resource: Resource) -> object:  # noqa: N802 - as above
    """Where it is."""
    return resource.region


def listed(item: str, attribute: str) -> Callable[[Resource], object]:
    """A list as the API nests it: `{"ForwardTableId": [...]}`; of one value, that one."""

    def tell(resource: Resource) -> object:
        value: object = resource[attribute] or []
        return {item: cast("list[object]", value) if isinstance(value, list) else [value]}

    return tell


def flag(attribute: str) -> Callable[[Resource], object]:
    """True or false, where nothing is set false."""
    return lambda resource: bool(resource[attribute])


def number(attribute: str) -> Callable[[Resource], object]:
    """A number, where nothing is set 0."""
    return lambda resource: int(resource[attribute] or 0)


def with_commas(attribute: str) -> Callable[[Resource], object]:
    """A list as one text."""
    return lambda resource: ",".join(resource[attribute] or ())


LEFT_OUT: Final = object()
"""What a field tells that an answer lacks."""


def if_set(attribute: str, form: Callable[[Any], object] = str) -> Callable[[Resource], object]:
    """A field that an answer lacks where nothing is set: to callers, any value would be one."""

    def tell(resource: Resource) -> object:
        value = resource[attribute]
        return LEFT_OUT if value in {None, ""} else form(value)

    return tell


def tags_of(resource: Resource) -> Mapping[str, str]:
    """The tags that a resource has."""
    return resource["tags"] or {}


def tags(key: str, value: str, item: str = "Tag") -> Callable[[Resource], object]:
    """A resource's tags, by what one and its name and value are called there."""

    def tell(resource: Resource) -> object:
        return {item: [{key: name, value: it} for name, it in tags_of(resource).items()]}

    return tell


@dataclass(frozen=True)
class Subject:
    """What an action is about: a kind, and what the API calls it."""

    kind: str
    id: tuple[str, ...]
    """The parameters that its id is made of."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Attributes of parameters that aren't called alike."""

    any_case: frozenset[str] = frozenset()
    """Parameters whose capital letters don't count: the cloud tells them in small ones."""

    own: str = ""
    """What of its attributes that id is, where it isn't the kind's."""

    def named(self, said: Said) -> str:
        """The id that a call says."""
        return ":".join(map(said.text, self.id))

    def found(self, session: Session, identity: str) -> Resource | None:
        """The one that an id names."""
        if not self.own:
            return session.get(self.kind, identity)
        return next(iter(session.find(self.kind, **{self.own: identity})), None)

    def need(self, session: Session, identity: str) -> Resource:
        """The same, whose absence is refused."""
        return self.found(session, identity) or session.need(self.kind, identity)

    def attribute(self, parameter: str) -> str:
        if parameter in {"Tag", "Tags"}:
            return "tags"
        return self.names.get(parameter) or _snake(parameter)

    def stated(self, said: Said, parameters: Iterable[str], *, emptied: bool = False) -> Attributes:
        """The attributes that parameters state.

        Args:
            said: the call's.
            parameters: those that state attributes.
            emptied: whether a text that is given and empty states something.
        """
        found: Attributes = {}
        for parameter in parameters:
            name = self.attribute(parameter)
            if name == "tags":
                if given := said.tags(parameter):
                    found[name] = given
            elif said.text(parameter) or (emptied and parameter in said):
                found[name] = self._value(name, parameter, said)
            elif given := said.values(parameter):
                if contract_of_kind(self.kind).fields[name].type not in {"List", "Set"}:
                    raise invalid(parameter, "it isn't a list")
                found[name] = given
        return found

    def _value(self, name: str, parameter: str, said: Said) -> object:
        known = contract_of_kind(self.kind).fields[name]
        text = said.text(parameter)
        if parameter in self.any_case:
            text = text.lower()
        if known.type in {"List", "Set"}:
            return _of_commas(text)
        if known.type == "Bool":
            return said.flag(parameter)
        if known.type == "Int" and not is_number(text.removeprefix("-")):
            raise invalid(parameter, f"{text!r} isn't a number")
        value = int(text) if known.type == "Int" else text
        for wrong in wrong_values(known, value) if text else ():
            raise invalid(parameter, f"{text!r}: it {wrong.rule}")
        return value


def _snake(parameter: str) -> str:
    """`SourceVSwitchId` → `source_vswitch_id`."""
    plain = parameter.replace("VSwitch", "Vswitch").replace("CIDR", "Cidr").replace("ISP", "Isp")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).lower()


ANYTHING: Final = Subject("", ())
"""What an action is about that is about nothing in particular."""


@dataclass(frozen=True)
class Call:
    """One call of an action."""

    store: Store
    region: str
    said: Said
    caller: Caller = ROOT
    at: float = 0.0
    """When, in seconds since the epoch."""

    host: Callable[[str], str] = str
    """Where a region is called."""


_ALWAYS: Final = frozenset(
    {
        *("OwnerAccount", "OwnerId", "ResourceOwnerAccount", "ResourceOwnerId"),
        *("SecureTransport", "SourceIp"),
    }
)
"""Parameters of every action that change nothing here: there is one account."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action of the API."""

    name: str
    subject: Subject
    route: str = ""
    """Method and path, where they name it: `GET /2023-03-30/functions/{functionName}`."""

    needs: Sequence[str] = ()
    """The parameters that it can't do without."""

    takes: Sequence[str] = ()
    """Those that it takes beside."""

    passes_over: frozenset[str] = frozenset()
    """Those that the official SDK doesn't know of it, and callers send all the same."""

    ours: frozenset[str] = frozenset()
    """Those that it has because it is an action of its sort."""

    @property
    def known(self) -> frozenset[str]:
        """Every parameter that it takes."""
        return frozenset({"RegionId", *self.needs, *self.takes}) | self.ours

    def answer(self, call: Call) -> Answer:
        """Do it.

        Raises:
            CloudError: the cloud refuses.
        """
        said = call.said
        for name in self.needs:
            if not said.text(name) and not said.listed(name):
                raise missing(name)
        if unknown := said.unknown_to(self.known | self.passes_over | _ALWAYS):
            raise CloudError(  # The code is ours.
                "UnsupportedParameter",
                f"This local cloud doesn't know {', '.join(unknown)} of {self.name}; it knows "
                f"{', '.join(sorted(self.known))}.",
            )
        store = call.store.only_trying() if said.flag("DryRun") else call.store
        return self.act(replace(call, store=store))

    def act(self, call: Call) -> Answer:
        raise NotImplementedError

    def about(self, call: Call) -> Iterable[tuple[Subject, str]]:
        """What RAM checks it on: which resources of what, the new ones without an id."""
        return [(self.subject, self.identity(call.said))]

    def identity(self, said: Said) -> str:
        """The id of what it is about."""
        return self.subject.named(said)


Read: TypeAlias = Callable[[Said], Attributes]
"""Attributes that parameters state in a way of their own: lists, texts of JSON."""


def _nothing(_: Said) -> Attributes:
    return {}


@dataclass(frozen=True, kw_only=True)
class _Stating(Action):
    """States attributes."""

    reads: Read = _nothing
    """What it states beside `needs` and `takes`, by the parameters that `also` names."""

    also: Sequence[str] = ()

    @property
    @override
    def known(self) -> frozenset[str]:
        return super().known | {*self.also}


@dataclass(frozen=True, kw_only=True)
class Create(_Stating):
    """Makes a resource, and tells what it is called."""

    token: str = "ClientToken"  # noqa: S105 - a parameter's name
    """The parameter that makes one of a call that is repeated."""

    tells: Mapping[str, str | Callable[[Resource], object]] = field(
        default_factory=dict[str, str | Callable[[Resource], object]]
    )
    unless_stated: Mapping[str, str] = field(default_factory=dict[str, str])
    """Attributes that this API states where a caller doesn't."""

    ours: frozenset[str] = frozenset({"ClientToken", "DryRun"})

    @override
    def act(self, call: Call) -> Answer:
        stating = [name for name in (*self.needs, *self.takes) if name not in self.also]
        wanted = self.subject.stated(call.said, stating) | self.reads(call.said)
        made = call.store.create(
            self.subject.kind,
            {**self.unless_stated, **wanted},
            region=call.region,
            token=call.said.text(self.token),
        )
        return {name: _of_itself(made, what) for name, what in self.tells.items()}


@dataclass(frozen=True, kw_only=True)
class _OnOne(Action):
    """Does something with one resource."""

    within: str = ""
    """A parameter that says what the resource is in, and has to be right where it is given."""

    ours: frozenset[str] = frozenset({"ClientToken", "DryRun"})

    def found(self, call: Call) -> str:
        """The id of the resource, where it is in what the call says."""
        identity = self.identity(call.said)
        if self.subject.own:
            kind = self.subject.kind
            return call.store.ask(
                kind, lambda it: self.subject.need(it, identity), region=call.region
            ).id
        self.check_within(call, identity)
        return identity

    def check_within(self, call: Call, identity: str) -> None:
        """Refuse a resource that isn't in what the call says."""
        if self.within and (where := call.said.text(self.within)):
            kind, name = self.subject.kind, self.subject.attribute(self.within)
            one = call.store.look(kind, identity, region=call.region)
            if one is not None and one[name] != where:
                raise CloudError(KINDS[kind].not_found, f"{identity} isn't in {where}.")


@dataclass(frozen=True, kw_only=True)
class Modify(_OnOne, _Stating):
    """Changes a resource."""

    @override
    def act(self, call: Call) -> Answer:
        call.store.update(
            self.subject.kind,
            self.found(call),
            self.changes(call.said),
            region=call.region,
        )
        return {}

    def stated(self, said: Said) -> Attributes:
        """The attributes that it states."""
        return self.subject.stated(said, self.takes, emptied=True) | self.reads(said)

    def changes(self, said: Said) -> Changes:
        """What it changes."""
        return self.stated(said)


@dataclass(frozen=True, kw_only=True)
class Delete(_OnOne):
    """Deletes a resource."""

    forced_by: str = "Force"
    """The parameter that forces it, where the action takes it."""

    @override
    def act(self, call: Call) -> Answer:
        call.store.delete(
            self.subject.kind,
            self.found(call),
            region=call.region,
            force=call.said.flag(self.forced_by),
        )
        return {}


@dataclass(frozen=True, kw_only=True)
class Get(_OnOne):
    """Tells of one resource."""

    fields: Mapping[str, Field]
    ours: frozenset[str] = frozenset()

    @override
    def act(self, call: Call) -> Answer:
        identity = self.identity(call.said)
        self.check_within(call, identity)

        def look(session: Session) -> Answer:
            one = self.subject.need(session, identity)
            return told_of(session, self.seen(one, call.said), self.fields)

        return call.store.ask(self.subject.kind, look, region=call.region)

    def seen(self, resource: Resource, said: Said) -> Resource:  # noqa: ARG002 - a default
        """The resource as it is told of."""
        return resource


@dataclass(frozen=True, kw_only=True)
class Describe(Action):
    """Tells of the resources that filters let through, a page at a time."""

    fields: Mapping[str, Field]
    inside: tuple[str, str]
    """How the list is nested: `("NatGateways", "NatGateway")`; `("Rules", "")` is a plain one."""

    filters: Mapping[str, str]
    """Of parameters the field that has to say the same."""

    by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of parameters the attribute that has to say the same, where no field tells it."""

    parts: Collection[str] = ()
    """The filters of which a part of what the field says is enough."""

    one_of: Sequence[str] = ()
    """Parameters of which one at least is needed."""

    ids: Callable[[Said], list[str]] | None = None
    """Which are asked for, where the API says it otherwise than by one parameter with commas."""

    most: int = 50
    """How long a page may be."""

    page: str = "PageNumber"
    """The parameter that says which page."""

    tells: Sequence[str] = ("TotalCount", "PageNumber", "PageSize")
    """How an answer calls how many there are, which page it is, and how long one is."""

    counts: Callable[[int], object] = int
    """How numbers of pages are written."""

    by_token: bool = False
    """Whether a page is followed by what a token names, and has no number."""

    ours: frozenset[str] = frozenset({"DryRun"})

    @property
    @override
    def known(self) -> frozenset[str]:
        pages = {"MaxResults", "NextToken"} if self.by_token else {self.page, "PageSize"}
        return super().known | self.filters.keys() | self.by.keys() | {*self.subject.id} | pages

    @override
    def act(self, call: Call) -> Answer:
        said = call.said
        if self.one_of and not any(map(said.text, self.one_of)):
            raise missing(self.one_of[0])
        for name in {*self.filters, *self.by, *(() if self.ids else self.subject.id)}:
            if said.listed(name):  # passed over, it would let everything through
                raise invalid(name, "it isn't a list")
        if self.by_token:
            part = said.part("MaxResults", 10, self.most)
            number = 0
        else:
            number, size = said.number(self.page, 1, 10**8), said.number("PageSize", 10, self.most)
            part = Part("", (number - 1) * size, size)

        def look(session: Session) -> Answer:
            found = self.found(session, said)
            chosen, more = part.of(found)
            rows = [told_of(session, one, self.fields) for one in chosen]
            outer, inner = self.inside
            listed = {outer: {inner: rows} if inner else rows}
            if self.by_token:
                return {**listed, "TotalCount": len(found), "MaxResults": part.size, **more}
            counted = zip(self.tells, (len(found), number, part.size), strict=False)
            return {**listed, **{name: self.counts(it) for name, it in counted}}

        return call.store.ask(self.subject.kind, look, region=call.region)

    def found(self, session: Session, said: Said) -> list[Resource]:
        """All that filters let through, in their order."""
        kind = KINDS[self.subject.kind]
        wanted = {name: said.text(name) for name in self.filters if said.text(name)}
        plain: dict[str, object] = {
            attribute: said.text(name) for name, attribute in self.by.items() if said.text(name)
        }
        for name in [one for one in wanted if one not in self.parts]:
            what = self.fields[self.filters[name]]
            if isinstance(what, str) and _is_text(kind.name, what):
                plain[what] = wanted.pop(name)
        for parent in kind.parents:
            if parent.by in plain and plain[parent.by] not in parent.instead:
                parent.need(session, plain)
        if ids := self._asked_for(said):
            by_id = (self.subject.found(session, one) for one in ids)
            found = [one for one in by_id if one and all(one[a] == v for a, v in plain.items())]
        else:
            found = session.find(kind.name, **plain)
        tagged = said.tags()
        return [
            one
            for one in found
            if all(self._is_let(session, one, name, text) for name, text in wanted.items())
            and is_tagged(one, tagged)
        ]

    def _asked_for(self, said: Said) -> list[str]:
        """The ids that a call names."""
        if self.ids:
            return self.ids(said)
        return [one for name in self.subject.id[:1] for one in _of_commas(said.text(name))]

    def _is_let(self, session: Session, one: Resource, name: str, wanted: str) -> bool:
        """Whether a filter lets one through."""
        text = _as_text(_told(session, one, self.fields[self.filters[name]]))
        return wanted in text if name in self.parts else wanted == text


def _is_text(kind: str, attribute: str) -> bool:
    known = contract_of_kind(kind).fields.get(attribute)
    return known is None or known.type == "String"


def _as_text(told: object) -> str:
    """A field as a filter says it."""
    return str(told).lower() if isinstance(told, bool) else str(told)


def _of_commas(text: str) -> list[str]:
    return [one.strip() for one in text.split(",")] if text else []


def is_tagged(resource: Resource, wanted: Mapping[str, str]) -> bool:
    """Whether a resource has these tags; a value that isn't said may be any."""
    held = tags_of(resource)
    return all(name in held and value in {"", held[name]} for name, value in wanted.items())


def told_of(session: Session, resource: Resource, fields: Mapping[str, Field]) -> Answer:
    """What an answer says of a resource."""
    told = {name: _told(session, resource, what) for name, what in fields.items()}
    return {name: it for name, it in told.items() if it is not LEFT_OUT}


def _told(session: Session, resource: Resource, what: Field) -> object:
    return what.tell(session, resource) if isinstance(what, Joined) else _of_itself(resource, what)


def _of_itself(resource: Resource, what: str | Callable[[Resource], object]) -> object:
    value = resource[what] if isinstance(what, str) else what(resource)
    return "" if value is None else value


@dataclass(frozen=True, kw_only=True)
class Own(Action):
    """Has a way of its own."""

    do: Callable[[Call], Answer]
    of: Callable[[Call], Iterable[tuple[Subject, str]]] | None = None
    """What it is about, where that isn't its subject."""

    @override
    def about(self, call: Call) -> Iterable[tuple[Subject, str]]:
        return super().about(call) if self.of is None else self.of(call)

    @override
    def act(self, call: Call) -> Answer:
        return self.do(call)


@dataclass(frozen=True, eq=False)
class Product:
    """One of the cloud's products: its actions, and the version in which it has them."""

    code: str
    """What the provider's endpoints and the official SDK call it."""

    version: str
    """No two products share it."""

    table: Sequence[Action] = field(repr=False)
    gone: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Actions that the cloud had once, each with what does its work today."""

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """By their names."""
        return {action.name: action for action in self.table}

    @cached_property
    def _by_small_letters(self) -> Mapping[str, Action]:
        return {action.name.lower(): action for action in self.table}

    @cached_property
    def _routes(self) -> Sequence[tuple[re.Pattern[str], Action]]:
        return [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", action.route)), action)
            for action in self.table
            if action.route
        ]

    def at(self, method: str, path: str) -> tuple[Action, Mapping[str, str]] | None:
        """The action that a method and a path name, and the parameters that the path has."""
        for pattern, action in self._routes:
            if found := pattern.fullmatch(f"{method} {path}"):
                return action, {name: unquote(said) for name, said in found.groupdict().items()}
        return None

    def action(self, name: str) -> Action | None:
        """The one of a name, whose letters may be small or capital."""
        return self._by_small_letters.get(name.lower())
