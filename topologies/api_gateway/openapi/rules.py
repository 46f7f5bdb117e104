"""What can be wrong with the stack file's entry itself, once its document is known."""

from collections.abc import Collection, Iterator, Sequence

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.openapi.backends import address_rule
from topologies.api_gateway.openapi.settings import OpenApiSettings
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings


def settings_problems(
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
    if settings.base_path is not None and not settings.base_path.startswith("/"):
        rule, base = "a path begins with /", settings.base_path
        found.append(Problem((*path, "basePath"), base, rule, f"write /{base}"))
    return found + backend_problems(settings, path)


def reference_problems(
    settings: OpenApiSettings, path: KeyPath, section: ApiGatewaySettings
) -> Iterator[Problem]:
    """Names that an entry at `path` gives to all its APIs, and that the section doesn't have.

    Told here once: each API would repeat it, at a place that isn't in the stack file.

    Args:
        settings: the entry.
        path: where it stands.
        section: which has the groups, apps, plugins and authorizations.
    """
    backend = settings.backend.vpc if settings.backend is not None else None
    groups: dict[KeyPath, str] = {("group",): settings.group}
    apps: dict[KeyPath, str] = {("apps", i): name for i, name in enumerate(settings.apps)}
    plugins: dict[KeyPath, str] = {("plugins", i): p for i, p in enumerate(settings.plugins)}
    accesses: dict[KeyPath, str] = {}
    if backend is not None:
        accesses["backend", "vpc", "access"] = backend.access
    for named, known, key, article, what in (
        (groups, section.groups, "groups", "a", "group"),
        (apps, section.apps, "apps", "an", "app"),
        (plugins, section.plugins, "plugins", "a", "plugin"),
        (accesses, section.vpc_access, "vpcAccess", "an", "authorization"),
    ):
        for where, name in named.items():
            if name not in known:
                rule = f"this must name {article} {what} of {SECTION}.{key}"
                remedy, missing = choose_from(name, known, what), (SECTION, key, name)
                yield Problem((*path, *where), name, rule, remedy, missing=missing)


def backend_problems(settings: OpenApiSettings, path: KeyPath) -> list[Problem]:
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
    if backend.vpc is not None and backend.vpc.path and not backend.vpc.path.startswith("/"):
        rule, written = "a path begins with /", backend.vpc.path
        return [Problem((*place, "vpc", "path"), written, rule, f"write /{written}")]
    return []
