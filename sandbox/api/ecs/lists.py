"""Lists as ECS has them: pages by number or by token, filters by more than one value."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, cast

from typing_extensions import override

from sandbox.api.actions import Call, Describe
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.cloud import Resource
from sandbox.cloud.core import Session
from sandbox.cloud.core.name_checks import is_number

__all__ = ["Lets", "Listed", "holds", "is_one_of", "like", "several", "token_page"]

Lets: TypeAlias = Callable[[Session, Resource, Sequence[str]], bool]
"""Whether a resource is let through by the values that a parameter gives."""

_SHORTEST: Final = 10


def several(said: Said, name: str) -> list[str]:
    """The values of a parameter: `Name.1` …, a list in JSON, or one.

    Raises:
        CloudError: it starts as a list does, and is none.
    """
    text = said.text(name).strip()
    if not text.startswith("["):
        return said.values(name) or ([text] if text else [])
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise invalid(name, "no list in JSON")
    return [str(one) for one in cast("list[object]", found)]


def is_one_of(attribute: str) -> Lets:
    """The attribute is one of the values."""
    return lambda _session, one, values: one[attribute] in values


def holds(attribute: str) -> Lets:
    """The attribute, a list, has one of the values."""
    return lambda _session, one, values: not {*values}.isdisjoint(one[attribute] or ())


def like(attribute: str) -> Lets:
    """The attribute is the value, in which a star is anything."""

    def lets(_session: Session, one: Resource, values: Sequence[str]) -> bool:
        pattern = ".*".join(map(re.escape, values[0].split("*")))
        return re.fullmatch(pattern, one.text(attribute), re.DOTALL) is not None

    return lets


@dataclass(frozen=True, kw_only=True)
class Listed(Describe):
    """A list as ECS has it."""

    lets: Mapping[str, Lets] = field(default_factory=dict[str, Lets])
    """The parameters that filter by more than one field's one value."""

    longest: int = 0
    """How long a page may be that a token asks for; 0 where none does."""

    untold: Sequence[str] = ()
    """What this list doesn't tell of its pages."""

    most: int = 100

    @property
    @override
    def known(self) -> frozenset[str]:
        paged = frozenset({"MaxResults", "NextToken"} if self.longest else ())
        return super().known | self.lets.keys() | paged

    @override
    def act(self, call: Call) -> dict[str, Any]:
        said = call.said
        if not (self.longest and ("MaxResults" in said or "NextToken" in said)):
            answer = super().act(call)
            return self._told(answer, {"NextToken": ""} if self.longest else {})
        number, size = token_page(said, _SHORTEST, self.longest)
        turned = said.with_({"PageNumber": str(number), "PageSize": str(size)})
        longer = replace(self, most=self.longest)
        answer = Describe.act(longer, replace(call, said=turned))
        more = number * size < answer["TotalCount"]
        return self._told(answer, {"NextToken": f"{number + 1}-{size}" if more else ""})

    def _told(self, answer: Mapping[str, Any], more: Mapping[str, str]) -> dict[str, Any]:
        return {k: v for k, v in {**answer, **more}.items() if k not in self.untold}

    @override
    def found(self, session: Session, said: Said) -> list[Resource]:
        return [
            one for one in super().found(session, said) if self.lets_through(session, one, said)
        ]

    def lets_through(self, session: Session, one: Resource, said: Said) -> bool:
        """Whether `lets` let a resource through."""
        return all(
            lets(session, one, values)
            for name, lets in self.lets.items()
            if (values := several(said, name))
        )


def token_page(said: Said, usual: int, most: int) -> tuple[int, int]:
    """Which page `MaxResults` and `NextToken` ask for, counted from 1, and how long it is.

    Args:
        said: the call's.
        usual: how long a page is unless said; the cloud makes no shorter ones.
        most: nor longer ones.
    """
    size = min(max(said.number("MaxResults", usual, 10**9), _SHORTEST), most)
    if not (token := said.text("NextToken")):
        return 1, size
    number, _, length = token.partition("-")
    if not (is_number(number) and is_number(length) and int(number) and 1 <= int(length) <= most):
        raise invalid("NextToken", "no list goes on there")
    return int(number), int(length)
