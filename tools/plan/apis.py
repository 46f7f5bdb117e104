"""APIs in the plan: the rows of its table, and the nodes and arrows of its flowchart."""

from collections.abc import Iterator

from stack.outputs import ApiRoute, PrivatePath

BRANCH_HEADERS = ("API", "Route", "When", "Goes to")
PATH_HEADERS = ("Who", "API", "By")
HEADERS = ("API", "Who", "Method", "Path", "Plugins", "Backend")


def api_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """One row for each API: who calls what, and where it goes."""
    for route in routes:
        yield (
            route.name,
            "everybody" if route.auth == "anonymous" else "\n".join(route.apps) or "nobody",
            route.method,
            f"{route.group}: {route.path}",
            "\n".join(route.plugins),
            route.backend,
        )


def branch_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """Who goes where, for APIs that send some requests elsewhere; everybody else comes last."""
    for route in routes:
        for branch in route.branches:
            share = f" ({branch.share} of users)" if branch.share else ""
            when = "\nor ".join(branch.condition.split(" or "))
            yield route.name, branch.name, f"{when}{share}", branch.backend
        if route.branches:
            yield route.name, "default", "otherwise", route.backend


def path_rows(paths: tuple[PrivatePath, ...]) -> Iterator[tuple[str, ...]]:
    """Who reaches which API without the internet, hop by hop, and what is in the way."""
    for path in paths:
        hops = [*path.hops, *([f"✗ {path.broken}"] if path.broken is not None else [])]
        yield path.source, path.api, "\n→ ".join(hops)


def api_facts(routes: tuple[ApiRoute, ...]) -> str:
    """What holds for all of them: "published on RELEASE; reached over https"."""
    stages = ", ".join(sorted({route.stage for route in routes}))
    protocols = ", ".join(sorted({one for route in routes for one in route.protocol.split(",")}))
    return f"Published on {stages}, reached over {protocols}."
