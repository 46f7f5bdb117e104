"""A machine on which all is well, for tests to change one thing of."""

from pathlib import Path

from tools.doctor.checks import Level, Line
from tools.doctor.machine import Backend, Engine, Machine, Package, StackFacts

NOW = 1_800_000_000.0
KEYS = frozenset({"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"})
STACK = StackFacts(
    "prod",
    Path("Pulumi.prod.yaml"),
    region="cn-shanghai",
    regions=("cn-shanghai",),
    production=True,
)
WELL = Machine(
    python=(3, 12, 4),
    packages=(Package("pulumi", "3.272.0", "3.272.0"),),
    engines=(Engine("from the cache", version="3.276.0"),),
    cli=Engine("from the PATH", version="3.257.1"),
    plugins=("4.0.0",),
    plugin_wanted="4.0.0",
    variables=KEYS,
    backend=Backend("PULUMI_BACKEND_URL", "s3"),
    stacks=(STACK,),
    now=NOW,
)


def told(lines: list[Line]) -> list[tuple[str, str]]:
    """How bad and what, of all that isn't well."""
    return [(line.level.value, line.said) for line in lines if line.level is not Level.OK]
