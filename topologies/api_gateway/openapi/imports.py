"""From a document to the settings of its APIs: `document_of` reads it, `apis_of` makes them.

The settings are those that the gateway's own import would make, so that a stack file can take the
place of a pipeline that imports. What differs, on purpose: nothing is dropped silently, the stack
file has the last word on clients' protocols, and a document's `host`, `schemes` and `servers` are
no backend, since they say where the API is, not where the gateway should go.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.apis.settings import ApiSettings, BodyFormat, Location, RequestMode
from topologies.api_gateway.backends.settings import BODILESS, BODY_FORMAT_NEEDED
from topologies.api_gateway.names import reference_problems, slash_problems
from topologies.api_gateway.openapi.backends import Backends, address_rule
from topologies.api_gateway.openapi.document import (
    Document,
    Findings,
    Found,
    References,
    items,
    table,
    text,
)
from topologies.api_gateway.openapi.extensions import (
    AUTH_TYPE,
    MARKET,
    NONCE,
    OF_OPERATIONS,
    OF_PATHS,
    Extensions,
)
from topologies.api_gateway.openapi.operations import (
    Added,
    Operation,
    judge_template,
    operations_of,
    publishable,
)
from topologies.api_gateway.openapi.parameters import Parameters, Reader, shortened
from topologies.api_gateway.openapi.settings import OpenApiSettings, Origin, Origins
from topologies.api_gateway.openapi.structure import Version, judge_structure, version_of
from topologies.api_gateway.settings import ApiGatewaySettings


class Imported(NamedTuple):
    """The APIs of a document, by name, and what was found in it.

    Problems of the document are `DocumentProblem`s with its file and line; others have a path of
    the stack file. With problems, `apis` is good for judging references, and not for building.
    """

    apis: dict[str, ApiSettings]
    problems: list[Problem]
    warnings: list[Problem]
    origins: Origins
    """Where in the document each is."""


def document_of(settings: OpenApiSettings, folder: Path) -> Document:
    """The document of an entry, whose `file` is relative to the stack file's folder."""
    return Document.read(folder / settings.file)


def apis_of(document: Document, settings: OpenApiSettings, path: KeyPath = ()) -> Imported:
    """The APIs that a document describes.

    Args:
        document: see `document_of`.
        settings: the stack file's entry.
        path: where the entry stands, such as `("apiGateway", "openapi", "shop")`.
    """
    findings = Findings(document)
    if document.problems:
        problems = [findings.of_syntax(problem) for problem in document.problems]
        return Imported({}, problems, [], {})
    version = version_of(findings)
    if version is None:
        return Imported({}, findings.problems, [], {})
    judge_structure(version, findings)
    return _Import(settings, version, findings, path).run()


class _Import:
    """One run over one document."""

    def __init__(
        self, settings: OpenApiSettings, version: Version, findings: Findings, path: KeyPath
    ) -> None:
        self.settings = settings
        self.findings = findings
        self.path = path
        self.extensions = Extensions(settings.variables, findings)
        self.backends = Backends(settings.backend, self.extensions, findings)
        self.references = References(findings.document, findings)
        self.added = Added(self.extensions, findings)
        swagger = version is Version.V2
        self.reader = Reader(self.references, self.extensions, findings, swagger)

    def run(self) -> Imported:
        self.extensions.judge_names((), OF_OPERATIONS)
        self._warn_of_the_unused()
        operations = [*operations_of(self._base(), self.references, self.findings)]
        chosen = [operation for operation in operations if self._is_chosen(operation)]
        chosen = publishable(chosen, self.findings)
        old_names = self.settings.was
        apis: dict[str, ApiSettings] = {}
        origins: dict[str, Origin] = {}
        for operation in sorted(chosen, key=lambda operation: operation.name):
            api = self._api(operation, old_names.get(operation.name))
            if api is not None and not self.findings.touch(operation.content.path):
                apis[operation.name] = api
                origins[operation.name] = self._origin(operation)
        problems = [*self.findings.problems]
        words = frozenset(word for operation in operations for word in operation.words)
        names = [operation.name for operation in chosen]
        problems += _entry_problems(
            self.settings, self.path, words=words, names=names, used=self.extensions.used
        )
        return Imported(apis, problems, self.findings.warnings, origins)

    def _api(self, operation: Operation, was: str | None) -> ApiSettings | None:
        place = operation.content.path
        self._judge(operation)
        mode = self.extensions.mode(place) or self.settings.mode
        auth = self.extensions.auth(place) or self.settings.auth
        found = self.reader.found(operation.item, operation.content.path)
        parameters = self._parameters(operation, found, mode)
        backend = self.backends.of(operation)
        if backend is None:
            return None
        values = operation.content.value
        return ApiSettings.model_validate(
            {
                "group": self.settings.group,
                "method": operation.method,
                "path": operation.gateway_path,
                "description": shortened(
                    text(values.get("summary")) or text(values.get("description"))
                ),
                "protocol": self.settings.protocol,
                "auth": auth,
                "apps": list(self.settings.apps) if auth == "app" else [],
                "appCode": self.settings.app_code if auth == "app" else None,
                "mode": mode,
                "bodyFormat": self._body_format(operation, found, mode, parameters),
                "backend": backend,
                "parameters": parameters,
                "constants": self.added.constants(place),
                "systemParameters": self.added.system_parameters(place),
                "plugins": list(self.settings.plugins),
                "replayProtection": self.extensions.flag(NONCE, place),
                "acknowledged": self.settings.acknowledged,
                "was": was,
            }
        )

    def _origin(self, operation: Operation) -> Origin:
        place = operation.content.path
        found = {
            "auth": self.extensions.first(AUTH_TYPE, place, ()),
            "backend": self.backends.said(place),
        }
        said = {key: self.findings.place(one.path) for key, one in found.items() if one}
        return Origin(self.path, self.findings.place(place), said, self.added.sealed(place))

    def _judge(self, operation: Operation) -> None:
        place = operation.content.path
        self.extensions.judge_names(operation.item, OF_PATHS)
        self.extensions.judge_names(place, OF_OPERATIONS)
        self._judge_sockets(operation)
        self._judge_market(place)
        self._warn_of_security(operation)

    def _parameters(
        self, operation: Operation, found: list[Found], mode: RequestMode
    ) -> Parameters:
        judge_template(operation, found, self.findings)
        if mode == "mapping":
            return self.reader.all_parameters(found, operation.content)
        return self.reader.path_parameters(found)

    def _body_format(
        self, operation: Operation, found: list[Found], mode: RequestMode, parameters: Parameters
    ) -> BodyFormat | None:
        """Where parameters are mapped, how a body that is no form gets to the backend."""
        forms = any(one.location is Location.FORM for one in parameters.values())
        if mode != "mapping" or forms or operation.method in BODILESS:
            return None
        needed = operation.method in BODY_FORMAT_NEEDED
        return "stream" if needed or self.reader.has_body(found, operation.content) else None

    def _base(self) -> str:
        """What precedes every path. OpenAPI 3 has it in `servers`, of which there may be many."""
        written = self.settings.base_path
        if written is None:
            written = text(self.findings.document.at(("basePath",))) or ""
            for index, server in enumerate(items(self.findings.document.at(("servers",)))):
                url = text(table(server).get("url")) or ""
                prefix = re.sub(r"^[a-z]+://[^/]*", "", url).rstrip("/")
                if prefix:
                    rule = "a server's path doesn't precede the APIs' paths"
                    remedy = (
                        f"if clients should send it, write basePath: {prefix} in the stack file"
                    )
                    self.findings.warn(("servers", index, "url"), url, rule, remedy)
        return written.rstrip("/")

    def _is_chosen(self, operation: Operation) -> bool:
        words = operation.words
        if self.settings.include and words.isdisjoint(self.settings.include):
            return False
        return words.isdisjoint(self.settings.exclude)

    def _judge_market(self, place: KeyPath) -> None:
        if self.extensions.flag(MARKET, place):
            rule = "the provider has no field that puts an API on the marketplace"
            self.findings.refuse((*place, MARKET), True, rule, f"remove {MARKET}")  # noqa: FBT003 - the value in the document

    def _judge_sockets(self, operation: Operation) -> None:
        schemes = items(operation.content.value.get("schemes"))
        if schemes and all(scheme in {"ws", "wss"} for scheme in schemes):
            rule = "the provider has no field for WebSocket APIs"
            place = (*operation.content.path, "schemes")
            self.findings.refuse(place, schemes, rule, "leave the operation out (exclude)")

    def _warn_of_the_unused(self) -> None:
        if table(self.findings.document.at(("webhooks",))):
            rule = "webhooks are calls to clients; the gateway has nothing for them"
            self.findings.warn(("webhooks",), None, rule, "let them be")

    def _warn_of_security(self, operation: Operation) -> None:
        values = operation.content.value
        secured = values.get("security", self.findings.document.at(("security",)))
        if items(secured):
            at = operation.content.path if "security" in values else ()
            rule = (
                "the gateway doesn't enforce a document's security schemes; "
                "callers are let in by auth, and by plugins"
            )
            remedy = "bind a plugin such as jwtAuth, or leave it to the backend"
            self.findings.warn((*at, "security"), None, rule, remedy)
        if table(values.get("callbacks")):
            rule = "callbacks are calls to clients; the gateway has nothing for them"
            self.findings.warn((*operation.content.path, "callbacks"), None, rule, "let them be")


def _entry_problems(
    settings: OpenApiSettings,
    path: KeyPath,
    *,
    words: Collection[str],
    names: Sequence[str],
    used: Collection[str],
) -> list[Problem]:
    """The problems of an entry at `path`.

    Args:
        settings: the entry.
        path: where it stands.
        words: what operations can be chosen by.
        names: the APIs that were chosen.
        used: the variables that the document uses.
    """
    found: list[Problem] = []
    for key, chosen in (("include", settings.include), ("exclude", settings.exclude)):
        for index, word in enumerate(chosen):
            if word not in words:
                rule = "the document has no operation with this operationId or tag"
                remedy = choose_from(word, words, "operationId or tag")
                found.append(Problem((*path, key, index), word, rule, remedy))
    for name in settings.was:
        if name not in names:
            rule = "was names APIs of this entry, new: old"
            remedy = choose_from(name, names, "API")
            found.append(Problem((*path, "was", name), name, rule, remedy))
    for name in settings.variables:
        if name not in used:
            rule = "the document's extensions don't use this variable"
            remedy = choose_from(name, used, "variable") if used else "remove it"
            found.append(Problem((*path, "variables", name), name, rule, remedy))
    found += slash_problems((*path, "basePath"), settings.base_path)
    return found + _backend_problems(settings, path)


def unknown_names(
    settings: OpenApiSettings, path: KeyPath, section: ApiGatewaySettings
) -> Iterator[Problem]:
    """Names that an entry at `path` gives to all its APIs, and that the section doesn't have.

    Told here once: each API would repeat it, at a place that isn't in the stack file.

    Args:
        settings: the entry.
        path: where it stands.
        section: which has the groups, apps, plugins and authorizations.
    """
    where = (*path, "group")
    yield from reference_problems(where, settings.group, section.groups, "groups")
    for index, app in enumerate(settings.apps):
        yield from reference_problems((*path, "apps", index), app, section.apps, "apps")
    for index, plugin in enumerate(settings.plugins):
        where, known = (*path, "plugins", index), section.plugins
        yield from reference_problems(where, plugin, known, "plugins")
    if settings.backend is not None and settings.backend.vpc is not None:
        where, access = (*path, "backend", "vpc", "access"), settings.backend.vpc.access
        known = section.vpc_access
        yield from reference_problems(where, access, known, "vpcAccess")


def _backend_problems(settings: OpenApiSettings, path: KeyPath) -> list[Problem]:
    """The problems of an entry's default backend."""
    backend = settings.backend
    if backend is None:
        return []
    place = (*path, "backend")
    kinds = ("http", "vpc", "function", "mock")
    given = [kind for kind in kinds if getattr(backend, kind) is not None]
    if len(given) != 1:
        rule = "a backend is exactly one of http, vpc, function and mock"
        remedy = f"keep one of {', '.join(given)}" if given else "add one of them"
        return [Problem(place, None, rule, remedy)]
    if backend.http is not None:
        rule = address_rule(backend.http.url, with_path=True)
        if rule is not None:
            remedy = "write it like http://backend.example.com:8080"
            return [Problem((*place, "http", "url"), backend.http.url, rule, remedy)]
    written = backend.vpc.path or None if backend.vpc is not None else None
    return [*slash_problems((*place, "vpc", "path"), written)]
