"""The program's own door to the stack file: values from Pulumi, lines from the file.

Pulumi's values win, since `--config`, environments and secrets may have had their say; the file
adds the lines for the report and the keys that nobody asked Pulumi for.
"""

import asyncio
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pulumi

from stack.filling import models_of
from stack.loader import COMMON_KEYS, REGION_KEY, file_values, settings_of_values
from stack.placing import NAMESPACE
from stack.problems import KeyPath, Problem, StackFileError, describe
from stack.references import references_in
from stack.secret_values import decrypted_places, sealed
from stack.secrets import secret_paths
from stack.settings import StackSettings
from stack.yaml_file import YamlFile
from topologies import TOPOLOGIES
from topologies.regions import provider_problems
from topologies.stack_outputs import outputs_of

STACK_FILE_VARIABLE = "ALICLOUD_GATEWAYS_STACK_FILE"
"""Names the stack file where it isn't Pulumi.<stack>.yaml beside the program (`--config-file`)."""


async def load_settings() -> StackSettings:
    """The settings of the stack that Pulumi runs; warnings are logged.

    What they refer to of other stacks is asked of Pulumi first.

    Raises:
        pulumi.RunError: with the whole report; Pulumi prints it without a traceback, and nothing
            has been registered.
    """
    stack = pulumi.get_stack()
    file, values, problems = _written(stack)
    known = await outputs_of(references_in(values, models_of(values, TOPOLOGIES)).stacks)
    try:
        settings = settings_of_values(
            values, stack, TOPOLOGIES, file=file, problems=problems, known=known
        )
    except StackFileError as error:
        raise pulumi.RunError(str(error)) from None
    for warning in settings.warnings:
        pulumi.log.warn(describe(file.path, warning))
    return settings


def _written(stack: str) -> tuple[YamlFile, dict[str, Any], list[Problem]]:
    """The stack file, the values that Pulumi makes of it, and what is wrong with the file."""
    path = Path(os.environ.get(STACK_FILE_VARIABLE) or f"Pulumi.{stack}.yaml")
    file = YamlFile.read(path) if path.exists() else YamlFile(path, "")
    values, problems = file_values(file) if path.exists() else ({}, [])
    _refuse_another_file(path, values)
    encrypted = [*secret_paths(values)]
    values.update(_pulumi_values())
    problems += provider_problems()
    return file, _sealed(values, encrypted), [*file.problems, *problems]


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
        if text is not None and text != "{}":
            values[key] = _parsed(text)
    region = pulumi.Config("alicloud").get("region")
    if region is not None:
        values[REGION_KEY] = region
    return values


def _sealed(values: dict[str, Any], encrypted: Iterable[KeyPath]) -> dict[str, Any]:
    """The values without the secrets that Pulumi decrypted: settings never hold one's text."""
    known = [*encrypted]
    for topology in TOPOLOGIES:
        value = values.get(topology.section)
        if value is None:
            continue
        from_file = any(path[0] == topology.section for path in known)
        elsewhere = not from_file and pulumi.runtime.is_config_secret(
            f"{NAMESPACE}:{topology.section}"
        )
        places = decrypted_places(
            topology.section, topology.model, value, None if elsewhere else known
        )
        values = sealed(values, places)
    return values


def _parsed(text: str) -> object:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
