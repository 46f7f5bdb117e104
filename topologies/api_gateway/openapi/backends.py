"""The backend of an operation: its own, the stack file's default, the document's, or a mock.

As the gateway's own import does: a backend without `path` or `method` takes the operation's, and
an operation without any backend answers with a mock.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from stack.file.yaml_file import Value
from stack.problems import IN_QUOTES, KeyPath, choose_from
from topologies.api_gateway.backends.settings import (
    DEFAULT_TIMEOUT,
    LONGEST_TIMEOUT,
    BackendSettings,
    FunctionBackend,
    HttpBackend,
    Method,
    MockBackend,
    VpcBackend,
)
from topologies.api_gateway.openapi.document import Findings, items, table
from topologies.api_gateway.openapi.extensions import BACKEND, Extensions, Setting
from topologies.api_gateway.openapi.operations import Operation
from topologies.api_gateway.openapi.settings import DefaultBackend

NO_BACKEND: Final = '{"message": "This API has no backend yet."}'

_KEYS: Final = {
    "HTTP": ("type", "address", "path", "method", "timeout"),
    "HTTP-VPC": ("type", "vpcAccessName", "path", "method", "timeout"),
    "FC": ("type", "functionName", "fcRegion", "arn", "qualifier", "serviceName", "timeout"),
    "MOCK": ("type", "mockResult", "mockStatusCode", "mockHeaders", "timeout"),
}
"""The keys of each type; the second is the one that it needs."""

_OF_CREATE_API: Final = {
    **dict.fromkeys(("serviceType", "serviceProtocol"), "type"),
    **dict.fromkeys(("serviceMethod", "serviceHttpMethod"), "method"),
    "serviceAddress": "address",
    "servicePath": "path",
    "serviceTimeout": "timeout",
}
_HOST = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_OK = 200


class Backends:
    """Finds the backend of each operation of a document."""

    def __init__(
        self, default: DefaultBackend | None, extensions: Extensions, findings: Findings
    ) -> None:
        """Keep where backends come from."""
        self._default = default
        self._extensions = extensions
        self._findings = findings

    def of(self, operation: Operation) -> BackendSettings | None:
        """The backend of an operation; None where its own is no good."""
        place = operation.content.path
        setting = self.said(place)
        if setting is None and self._default is not None:
            return _from_default(self._default, operation.gateway_path)
        if setting is not None:
            return self._from_extension(setting, operation)
        rule = (
            "the operation has no backend and answers with a mock; "
            "the document's own host or servers aren't taken for one"
        )
        remedy = f"give the entry a backend in the stack file, or the operation {BACKEND}"
        self._findings.warn(place, None, rule, remedy)
        return BackendSettings(mock=MockBackend(body=NO_BACKEND))

    def said(self, place: KeyPath) -> Setting | None:
        """What the document says: at its root, only where the stack file has no default."""
        own = self._extensions.first(BACKEND, place)
        if own is not None or self._default is not None:
            return own
        return self._extensions.first(BACKEND, ())

    def _from_extension(self, setting: Setting, operation: Operation) -> BackendSettings | None:
        values, path = table(setting.value), setting.path
        if setting.value is None:
            return None  # its text has been refused
        if theirs := [key for key in values if key in _OF_CREATE_API]:
            said = {_OF_CREATE_API[key]: values[key] for key in theirs}
            rule = f"{', '.join(theirs)} are CreateApi's names; in a document they are others"
            remedy = "write " + ", ".join(f"{key}: {value}" for key, value in said.items())
            self._findings.refuse((*path, theirs[0]), ", ".join(theirs), rule, remedy)
            return None
        kind = values.get("type")
        if not isinstance(kind, str) or kind not in _KEYS:
            rule = f"a backend has a type, one of {', '.join(_KEYS)}"
            remedy = f"write one of {', '.join(_KEYS)}"
            if isinstance(kind, str) and kind:
                remedy = choose_from(kind, _KEYS, "type")
            if kind == "OSS":
                remedy = "the provider has no such backend; put a server or a function before it"
            self._findings.refuse((*path, "type"), kind, rule, remedy)
            return None
        return _Backend(kind, values, path, operation, self._findings).settings()


def address_rule(address: str, *, with_path: bool = False) -> str | None:
    """The rule that an address breaks; None where it is one that the gateway can call."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "an address's port is a number up to 65535"
    named = parts.hostname is not None and _HOST.match(parts.hostname) and port != 0
    extra = parts.query or parts.fragment or parts.username is not None
    extra = extra or (parts.path.rstrip("/") and not with_path)
    if parts.scheme not in {"http", "https"} or not named or extra:
        return "an address is http:// or https://, a host, and a port where it isn't the usual"
    return None


def _from_default(default: DefaultBackend, path: str) -> BackendSettings:
    """The stack file's default; that it is one of the four, its model's rules have said."""
    http, vpc = default.http, default.vpc
    if http is not None:
        http = http.model_copy(update={"url": http.url.rstrip("/") + path})
    if vpc is not None:
        vpc = vpc.model_copy(update={"path": vpc.path.rstrip("/") + path})
    return BackendSettings(
        http=http,
        vpc=vpc,
        function=default.function,
        mock=default.mock,
        timeout=default.timeout,
    )


@dataclass(frozen=True)
class _Backend:
    """The value of one backend extension, of a type that is known."""

    kind: str
    values: dict[str, Value]
    path: KeyPath
    operation: Operation
    findings: Findings

    def settings(self) -> BackendSettings | None:
        """The backend; None where a part of it was refused."""
        before = len(self.findings.problems)
        self._judge_keys()
        kinds = {"HTTP": self._http, "HTTP-VPC": self._vpc, "FC": self._function}
        made = kinds.get(self.kind, self._mock)()
        return made if len(self.findings.problems) == before else None

    def _judge_keys(self) -> None:
        known = _KEYS[self.kind]
        for key in self.values:
            if key not in known:
                rule = f"a backend of the type {self.kind} has no such key"
                self._refuse(key, key, rule, choose_from(key, known, "key"))
        needed = known[1]
        if not self.values.get(needed):
            rule = f"a backend of the type {self.kind} needs {needed}"
            self.findings.refuse(self.path, None, rule, f"add {needed}")

    def _http(self) -> BackendSettings:
        address = self._text("address").rstrip("/")
        rule = address_rule(address) if address else None
        if rule is not None:
            remedy = "write it like http://backend.example.com:8080, and the path into path"
            self._refuse("address", address, rule, remedy)
        http = HttpBackend(url=address + self._path(), method=self._method())
        return BackendSettings(http=http, timeout=self._timeout())

    def _vpc(self) -> BackendSettings:
        access = self._text("vpcAccessName")
        vpc = VpcBackend(access=access, path=self._path(), method=self._method())
        return BackendSettings(vpc=vpc, timeout=self._timeout())

    def _function(self) -> BackendSettings:
        if "serviceName" in self.values:
            rule = "functions here are of Function Compute 3.0, which has no services"
            remedy = "remove serviceName, and name a function of version 3.0 in functionName"
            self._refuse("serviceName", self.values["serviceName"], rule, remedy)
        if "fcRegion" in self.values:
            rule = "a function is looked for in the stack's own region, whatever fcRegion says"
            self.findings.warn((*self.path, "fcRegion"), None, rule, "remove fcRegion")
        function = FunctionBackend(
            function=self._text("functionName"),
            role=self._text("arn") or None,
            qualifier=self._text("qualifier") or "LATEST",
        )
        return BackendSettings(function=function, timeout=self._timeout())

    def _mock(self) -> BackendSettings:
        status = self.values.get("mockStatusCode")
        if status is not None and str(status) != str(_OK):
            rule = "a mock answers with 200; the provider has no field for another status"
            self._refuse("mockStatusCode", status, rule, "remove mockStatusCode")
        if items(self.values.get("mockHeaders")):
            rule = "a mock has no headers of its own; the provider has no field for them"
            self._refuse("mockHeaders", None, rule, "remove mockHeaders")
        mock = MockBackend(body=self._text("mockResult"))
        return BackendSettings(mock=mock, timeout=self._timeout())

    def _path(self) -> str:
        written = self._text("path")
        if not written:
            return self.operation.gateway_path
        if not written.startswith("/"):
            self._refuse("path", written, "a path begins with /", f"write /{written}")
        return _TEMPLATE.sub(r"[\1]", written)

    def _method(self) -> Method | None:
        written = self._text("method").upper()
        if not written:
            return None
        if written not in Method.__members__:
            rule = "the gateway has no such method"
            self._refuse("method", written, rule, choose_from(written, Method, "method"))
            return None
        return Method(written)

    def _timeout(self) -> int:
        written = self.values.get("timeout", DEFAULT_TIMEOUT)
        number = int(written) if isinstance(written, str) and written.isdecimal() else written
        if isinstance(number, int) and 1 <= number <= LONGEST_TIMEOUT and number is not True:
            return number
        rule = f"a timeout is 1 to {LONGEST_TIMEOUT} milliseconds"
        self._refuse("timeout", written, rule, f"write a number, such as {DEFAULT_TIMEOUT}")
        return DEFAULT_TIMEOUT

    def _text(self, key: str) -> str:
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        rule = f"{key} is text"
        if key == "mockResult":
            rule = "a mock's result is text"
        written = self.findings.document.written((*self.path, key))
        self._refuse(key, value, rule, f'{IN_QUOTES}: "{written}"' if written else IN_QUOTES)
        return ""

    def _refuse(self, key: str, value: object, rule: str, remedy: str) -> None:
        self.findings.refuse((*self.path, key), value, rule, remedy)
