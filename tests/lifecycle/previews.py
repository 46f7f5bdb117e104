"""Previews of the real engine, recorded for tests that run without it.

    .venv/bin/python -m tests.lifecycle.previews

writes `tests/data/previews/` anew. A test records each of them again and compares the shape, so
that an engine that writes another document is noticed. What differs at every run, and what the
guard has no use for (times, positions in source code, the configuration), isn't kept.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi.automation as auto

from judging.preview import SECRET
from sandbox.accounts import paths_of
from sandbox.driver import driver
from sandbox.engine import find_engine
from stack.pulumi_wire import UNKNOWN
from stack.target import target
from tests.lifecycle.conftest import DEV, ROOT, Stack

FOLDER = ROOT / "tests" / "data" / "previews"
SERVERLESS = ROOT / "examples" / "api-gateway" / "serverless"
SERVERS = (ROOT / "examples/unified-egress/Pulumi.own-gateway.yaml").read_text("utf-8")
APP1, APP2 = (
    f"      app{n}: {{publicIp: ip{n}, host: ecs{n}, acknowledged: true}}\n" for n in (1, 2)
)
WEB = "web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}"
HTTPS = "https: {port: 443}"

_LEFT_OUT = {
    *("config", "duration", "sourcePosition", "stackTrace", "created", "modified"),
    *("provider", "parent", "dependencies", "customTimeouts"),
}
_OUTPUTS = {"ipAddress", "subDomain"}
_LONGEST = 600


@dataclass(frozen=True)
class Scenario:
    """A stack that runs, and an edit of its file."""

    before: str
    edit: Callable[[str], str]
    plain: bool = False
    """As `pulumi preview --json` without any flag."""

    whole: bool = False
    """With what stays as it is: what is bound to what."""

    beside: Path | None = None
    """A folder whose files the stack file names."""


DOOR = """\
config:
  alicloud:region: cn-hangzhou
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:apiGateway:
    instance:
      spec: api.s1.small
      zone: cn-hangzhou-MAZ6(i,j,k)
      acl:
        mode: allow
        entries:
          office: {cidr: 203.0.113.0/24}
    groups:
      web: {}
    apps:
      site: {}
      other: {}
    apis:
      page:
        group: web
        method: GET
        path: /page
        auth: anonymous
        acknowledged: true
        backend: {http: {url: "https://example.com/page"}}
        plugins: [users]
      search:
        group: web
        method: GET
        path: /search
        apps: [site]
        backend: {http: {url: "https://example.com/search"}}
    plugins:
      users:
        jwtAuth:
          parameter: X-Token
          parameterLocation: header
          jwk: {kty: RSA, e: AQAB, kid: one, alg: RS256, n: N}
""".replace("n: N", f"n: {'x' * 342}")
"""APIs behind tokens, an app and a list of addresses."""


def swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """An edit that replaces each first text, which stands there once, by the second."""

    def edit(text: str) -> str:
        for old, new in pairs:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        return text

    return edit


def production(text: str) -> str:
    """The same stack, protected."""
    assert text.count("tier: staging") == 1
    return text.replace("tier: staging", "tier: production")


def _serverless() -> str:
    """With a secret in a variable whose name doesn't ask for one."""
    text = (SERVERLESS / "Pulumi.serverless.yaml").read_text("utf-8")
    text = re.sub(r" +appCode: .*\n", "", text)
    return text.replace("        APP_CODE:", "        GREETING:")


def _opened(text: str) -> str:
    text = re.sub(r"GREETING:\n\s+secure: .*", "GREETING: hello", text)
    return swap(("        apps: [site]\n", "        auth: anonymous\n"))(text)


def _without_ip2(text: str) -> str:
    return swap(("      ip2: {}\n", ""), (APP2, ""))(text)


def _moved(text: str) -> str:
    return swap(("zone: cn-shanghai-a", "zone: cn-shanghai-b"))(text)


SCENARIOS = {
    "nothing-changed": Scenario(DEV, lambda text: text),
    "renamed": Scenario(DEV, swap(("      web: {", "      shop: {was: web, "))),
    "address-taken-out": Scenario(DEV, _without_ip2),
    "gateway-replaced": Scenario(DEV, lambda text: _without_ip2(_moved(text))),
    "gateway-replaced-plain": Scenario(DEV, lambda t: _without_ip2(_moved(t)), plain=True),
    "ports-changed": Scenario(
        DEV.replace(WEB, "web: {publicIp: ip3, port: 9000-9010, host: ecs3}"),
        swap(("port: 9000-9010, host: ecs3}", "port: 9005-9020, host: ecs3}")),
    ),
    "rules-changed": Scenario(
        SERVERS.replace(HTTPS, "https: {port: 9000-9010}", 1),
        swap(
            ("https: {port: 9000-9010}", "https: {port: 9000-9004}"),
            ("https: {port: 443}", "https: {port: 443}\n          rdp: {port: 3389}"),
        ),
    ),
    "protected-stopped": Scenario(production(DEV), _without_ip2, plain=True),
    "unprotected": Scenario(production(DEV), lambda text: DEV),
    "secret-and-api-opened": Scenario(_serverless(), _opened, beside=SERVERLESS),
    "callers-let-in": Scenario(
        DOOR,
        swap(
            ("plugins: [users]", "plugins: []"),
            ("apps: [site]", "apps: [site, other]"),
            (
                "office: {cidr: 203.0.113.0/24}",
                "low: {cidr: 0.0.0.0/1}\n          high: {cidr: 128.0.0.0/1}",
            ),
        ),
        whole=True,
    ),
    "failed": Scenario(DEV, swap(("host: ecs3, hostPort", "host: nowhere, hostPort")), plain=True),
}


def slim(document: str, *, whole: bool = False) -> dict[str, Any]:
    """The document without what isn't kept, in an order of its own."""
    kept = cast("dict[str, Any]", _slim(json.loads(document)))
    steps = [step for step in kept["steps"] if whole or not _stays(step)]
    return {**kept, "steps": sorted(steps, key=lambda step: (step["urn"], step["op"]))}


def _stays(step: dict[str, Any]) -> bool:
    """Whether a resource, but the stack itself, is left just as it is."""
    sides: list[dict[str, Any]] = [step.get(side) or {} for side in ("oldState", "newState")]
    protections = {side.get("protect") for side in sides}
    return step["op"] == "same" and len(protections) == 1 and not _is_the_stack(step["urn"])


def _is_the_stack(urn: str) -> bool:
    return urn.split("::")[2].endswith(":Stack")


def _slim(value: object) -> object:
    if isinstance(value, dict):
        inner = cast("dict[str, object]", value)
        if isinstance(inner.get("outputs"), dict):
            outputs = cast("dict[str, object]", inner["outputs"])
            inner["outputs"] = {key: outputs[key] for key in outputs if key in _OUTPUTS}
        return {key: _slim(one) for key, one in inner.items() if key not in _LEFT_OUT}
    if isinstance(value, list):
        return [_slim(one) for one in cast("list[object]", value)]
    if isinstance(value, str):
        value = re.sub(r"\S*/(?=shop\.yaml)", "", value)
        return value if len(value) <= _LONGEST or "\n" in value else value[:_LONGEST]
    return value


def shape(value: object) -> object:
    """What there is, without what differs between two clouds: ids, addresses, times."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [shape(one) for one in sorted(cast("list[object]", value), key=_place)]
    if isinstance(value, str) and not (value in {SECRET, UNKNOWN} or value.startswith("urn:")):
        return "text"
    return value


def _place(one: object) -> str:
    """Dependencies come in any order."""
    return one if isinstance(one, str) else ""


def preview(file: Path, *, plain: bool) -> str:
    """The engine's document about a stack file, as it prints it."""
    with driver(paths_of(ROOT, target(None, str(file), ROOT)), find_engine(print)) as running:
        if not plain:
            return running.preview_json()[0]
        lines: list[str] = []
        try:
            running.stack.preview(on_output=lines.append, json=True)
        except (auto.CommandError, RuntimeError):
            if not lines:  # what it did print is the point
                raise
        return "\n".join(lines)


def run(stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """Build the stack, edit its file, and preview it."""
    if scenario.beside is not None:
        shutil.copytree(scenario.beside, stack.file.parent, dirs_exist_ok=True)
    stack.stand(scenario.before)
    stack.write(scenario.edit(scenario.before))

    documents: list[str] = []

    def keep(_: Sequence[str]) -> int:
        documents.append(preview(stack.file, plain=scenario.plain))
        return 0

    assert stack.here(keep).code == 0
    return slim(documents[0], whole=scenario.whole)


def _record_all() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scenario in SCENARIOS.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "stack").mkdir()
            stack = Stack(Path(folder) / "stack", find_engine(print), Path(folder) / "bases")
            document = run(stack, scenario)
            stack.close()
        text = json.dumps(document, indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    _record_all()
