"""The program's own door to the stack file: values from Pulumi, lines from the file.

Pulumi's values win, since `--config`, environments and secrets may have had their say; the file
adds the lines for the report and the keys that nobody asked Pulumi for.
"""

import asyncio
import json
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pulumi

from stack.file.schema import models_of
from stack.file.secret_places import decrypted_places
from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import KeyPath, StackFileError, describe
from stack.secrets import sealed, secret_paths
from stack.settings import COMMON_KEYS, StackSettings
from stack.stack_file import StackFile
from stack.target import place_of
from topologies import TOPOLOGIES
from topologies.regions import provider_problems
from topologies.stack_outputs import outputs_of

STACK_FILE_VARIABLE = "ALICLOUD_GATEWAYS_STACK_FILE"
"""Names the stack file where it is neither Pulumi.<stack>.yaml beside the program nor that of the
list, `tiers.yaml` (`--config-file`)."""

_told: list[bool] = []
"""Whether whoever runs the program tells its warnings."""


@contextmanager
def warnings_told() -> Generator[None]:
    """Log no warnings: where who runs the program tells them, each once."""
    _told.append(True)
    try:
        yield
    finally:
        _told.pop()


async def load_settings() -> StackSettings:
    """The settings of the stack that Pulumi runs; warnings are logged, unless they are told.

    What they refer to of other stacks is asked of Pulumi first.

    Raises:
        pulumi.RunError: with the whole report; Pulumi prints it without a traceback, and nothing
            has been registered.
    """
    stack = pulumi.get_stack()
    try:
        file = StackFile(_written(stack), stack, TOPOLOGIES)
        settings = file.knowing(await outputs_of(file.stacks)).settings
    except StackFileError as error:
        raise pulumi.RunError(str(error)) from None
    for warning in () if _told else settings.warnings:
        pulumi.log.warn(describe(file.path, warning))
    return settings


def _written(stack: str) -> Source:
    """The values that Pulumi makes of the stack file, and where they stand in it."""
    path = Path(os.environ.get(STACK_FILE_VARIABLE) or place_of(stack, Path()))
    # Without a file, all that there is was said on the command line.
    source = Source.read(path) if path.exists() else Source(YamlFile(path, ""), {})
    _refuse_another_file(path, source.values)
    values = {**source.values, **_pulumi_values()}
    return Source(
        source.file,
        _sealed(values, [*secret_paths(source.values)]),
        (*source.problems, *provider_problems()),
    )


def _refuse_another_file(path: Path, values: Mapping[str, Any]) -> None:
    """The file that lines are read from is Pulumi's own: two files never make one stack.

    Raises:
        pulumi.RunError: it says something of which Pulumi knows nothing.
    """
    config = pulumi.Config()
    for key, value in values.items():
        if key != REGION_KEY and value is not None and config.get(key) is None:
            message = (
                f"{path} isn't the stack file that Pulumi reads: it has {key}, and Pulumi knows of "
                f"none.\nName one file, in {STACK_FILE_VARIABLE} and with --config-file."
            )
            raise pulumi.RunError(message)


async def when_known(outputs: dict[str, pulumi.Input[Any]]) -> dict[str, pulumi.Input[Any]]:
    """The outputs, once they are known, and with them everything that they come from.

    Pulumi would wait by itself, and looks at every outstanding value each time that one arrives. In
    a long chain of entries they arrive one by one, so that its wait grows with the square of their
    number: half a minute for 400 mappings, against three seconds when it finds them all there.
    """
    await asyncio.gather(*(one.future() for one in _outputs_in(outputs)))
    return outputs


def _outputs_in(value: object) -> Iterator["pulumi.Output[Any]"]:
    """The outputs in a value of mappings and lists."""
    if isinstance(value, pulumi.Output):
        yield cast("pulumi.Output[Any]", value)
    elif isinstance(value, Mapping):
        for one in cast("Mapping[str, object]", value).values():
            yield from _outputs_in(one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _outputs_in(one)


def _pulumi_values() -> dict[str, Any]:
    """The project's settings as Pulumi has them: structured ones arrive as JSON text."""
    config = pulumi.Config()
    values: dict[str, Any] = {}
    for key in (*COMMON_KEYS, *(topology.section for topology in TOPOLOGIES)):
        text = config.get(key)
        # Pulumi.yaml has to give optional keys a default, which is the same as leaving them out.
        if text not in (None, "", "{}"):
            values[key] = _parsed(text)
    region = pulumi.Config("alicloud").get("region")
    if region is not None:
        values[REGION_KEY] = region
    return values


def _sealed(values: dict[str, Any], encrypted: Sequence[KeyPath]) -> dict[str, Any]:
    """The values without the secrets that Pulumi decrypted: settings never hold one's text."""
    models = models_of(values, TOPOLOGIES)
    for section in (key for key in models if key in values):
        from_file = any(path[0] == section for path in encrypted)
        elsewhere = not from_file and pulumi.runtime.is_config_secret(f"{NAMESPACE}:{section}")
        known = None if elsewhere else encrypted
        values = sealed(values, decrypted_places(section, models, values[section], known))
    return values


def _parsed(text: str) -> object:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
