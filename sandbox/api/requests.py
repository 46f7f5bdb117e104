"""What came over the network, and the call that it makes, in each convention."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeVar, cast
from urllib.parse import parse_qsl

from sandbox.api.refusals import invalid
from sandbox.cloud import CloudError
from sandbox.cloud.core.name_checks import is_number

__all__ = ["Part", "Request", "Said"]

_Meant = TypeVar("_Meant")
_Row = TypeVar("_Row")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_NUMBERED: Final = re.compile(r"(?P<number>[1-9][0-9]*)(?:\.(?P<rest>.+))?")
_NUMBER: Final = re.compile(r"\.[0-9]+(?=\.|$)")
# Longer lists than the cloud's longest are a mistake, or somebody's attempt to fill our memory.
_MOST_NUMBERED, _MOST_PARAMETERS = 1000, 5000


@dataclass(frozen=True)
class Request:
    """One HTTP request, whole."""

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By their names in small letters."""

    body: bytes = b""
    peer: str = "127.0.0.1"
    """The address that it came from."""

    is_secure: bool = False
    """Whether it came over TLS."""

    @cached_property
    def query(self) -> dict[str, str]:
        return _pairs(self.query_string)

    @cached_property
    def sent(self) -> dict[str, str]:
        """Every parameter, of the query and of the body, be it a form or JSON."""
        sort = self.headers.get("content-type", "")
        if sort.startswith(_FORM):
            return {**self.query, **_pairs(self.body.decode("utf-8", "replace"))}
        if sort.startswith(_JSON) and self.body:
            return {**self.query, **_members(self.body)}
        return self.query

    @cached_property
    def common(self) -> dict[str, str]:
        """Common parameters by their names in small letters: old clients write `TimeStamp`."""
        return {name.lower(): value for name, value in self.sent.items()}

    @property
    def is_of_path(self) -> bool:
        """Whether method and path say what is to be done (ROA), and not an action's name (RPC)."""
        return self.path != "/"

    @cached_property
    def signed_as(self) -> Literal["RPC", "ROA", "ACS3"]:
        """How it is signed.

        Today's SDKs have the signature in a header, in whichever style they call. Older ones name
        the action in headers too, and sign among the parameters; or, by path, in a header of ROA's.
        """
        if self.headers.get("authorization", "").startswith("acs "):
            return "ROA"
        in_header = "x-acs-action" in self.headers and "signature" not in self.common
        return "ACS3" if in_header or self.is_of_path else "RPC"

    @property
    def security_token(self) -> str:
        """What a session of a role sends beside its key."""
        return self.headers.get("x-acs-security-token") or self.common.get("securitytoken", "")

    @property
    def action(self) -> str:
        return self._named("action")

    @property
    def version(self) -> str:
        return self._named("version")

    def _named(self, name: str) -> str:
        """What the part says that is signed: a parameter or a header."""
        said = self.common.get(name, "")
        return said if self.signed_as == "RPC" else self.headers.get(f"x-acs-{name}", said)

    @property
    def wants_xml(self) -> bool:
        """Of old calls XML is the default."""
        return self.signed_as == "RPC" and self.common.get("format", "XML").upper() != "JSON"


def _pairs(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, True, errors="replace", max_num_fields=_MOST_PARAMETERS)  # noqa: FBT003 - blanks stay
    except ValueError as error:
        raise CloudError("InvalidParameter", f"The parameters can't be read: {error}.") from None
    return dict(pairs)


def _members(body: bytes) -> dict[str, str]:
    """What an object in JSON says, by its members: what is no text is a text of JSON."""
    try:
        read: object = json.loads(body, parse_constant=_no_number)
        if not isinstance(read, dict):
            raise ValueError("it is no object")  # noqa: TRY301, TRY004 - told below
        said = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in cast("dict[str, Any]", read).items()
            if value is not None
        }
        "".join((*said, *said.values())).encode()  # half a character in an escape is no text
    except (ValueError, RecursionError) as error:
        raise CloudError("InvalidParameter", f"The body can't be read as JSON: {error}.") from None
    return said


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


@dataclass(frozen=True)
class Part:
    """The part of a list that a call asks for, by the token that the part before it told."""

    token: str
    first: int
    size: int

    def of(self, rows: Sequence[_Row]) -> tuple[list[_Row], dict[str, str]]:
        """That part of the rows, and the token of the next one, where there is one."""
        after = self.first + self.size
        more = {self.token: str(after + 1)} if after < len(rows) else {}
        return [*rows[self.first : after]], more


class Said:
    """The parameters of one call, as an action reads them."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters

    def __contains__(self, name: str) -> bool:
        return name in self._parameters

    def text(self, name: str) -> str:
        """A parameter; empty where it isn't given."""
        return self._parameters.get(name, "")

    def flag(self, name: str) -> bool:
        """A parameter that is true or false; false where it isn't given."""
        given = self.text(name)
        if given.lower() not in {"", "true", "false"}:
            raise CloudError(
                "InvalidParameter", f'The specified parameter "{name}" is neither true nor false.'
            )
        return given.lower() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """A parameter that is a number from 1 to `most`."""
        given = self.text(name) or str(default)
        if not (is_number(given) and 1 <= int(given) <= most):
            raise invalid(name, f"{given!r} isn't 1 to {most}")
        return int(given)

    def part(self, size: str, usual: int, most: int, by: str = "NextToken") -> Part:
        """The part of a list that is asked for: `size` says how many, `by` where it begins."""
        return Part(by, self.number(by, 1, 10**8) - 1, self.number(size, usual, most))

    def choice(self, name: str, known: Mapping[str, _Meant]) -> _Meant:
        """What a parameter's word means; its capital letters don't count."""
        given = self.text(name).lower()
        for word, meant in known.items():
            if word.lower() == given:
                return meant
        raise invalid(name, f"{given!r} isn't one of {', '.join(known)}")

    def listed(self, name: str) -> list[dict[str, str]]:
        """What `Name.1.Key`, `Name.2.Key` … say, in their order; of plain values under ""."""
        found: dict[int, dict[str, str]] = {}
        for said, value in self._parameters.items():
            front, _, rest = said.partition(".")
            if front == name and (numbered := _NUMBERED.fullmatch(rest)):
                number = int(numbered["number"][:9])
                if number > _MOST_NUMBERED:
                    raise CloudError("InvalidParameter", f'There are too many of "{name}".')
                found.setdefault(number, {})[numbered["rest"] or ""] = value
        return [found[number] for number in sorted(found)]

    def values(self, name: str) -> list[str]:
        """What `Name.1`, `Name.2` … say, in their order."""
        return [one[""] for one in self.listed(name) if "" in one]

    def tags(self, name: str = "Tag") -> dict[str, str]:
        """What `Tag.1.Key` and `Tag.1.Value` … say."""
        for said in self._parameters:
            front, _, rest = said.partition(".")
            if front == name and not _NUMBERED.fullmatch(rest):  # passed over, it would mean all
                raise invalid(said, f"it is said as {name}.1.Key")
        return {one["Key"]: one.get("Value", "") for one in self.listed(name) if "Key" in one}

    def with_(self, more: Mapping[str, str]) -> "Said":
        """The same, and these."""
        return Said({**self._parameters, **more})

    def unknown_to(self, known: frozenset[str]) -> list[str]:
        """The parameters, without numbers, that aren't among these, nor a part of one of these."""
        plain = {_NUMBER.sub("", said) for said in self._parameters}
        return sorted(said for said in plain - known if said.partition(".")[0] not in known)
