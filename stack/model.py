"""The base of every settings model, and the few value types that they share.

Settings are data: frozen, typed, and strict (a number in quotes is a mistake worth telling). What
one field alone can't decide is a rule, and rules are functions beside the models.
"""

import ast
import functools
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from stack.file.tree import entries_of
from stack.problems import KeyPath

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9._-]{0,62}$"

Name = Annotated[
    str,
    Field(
        pattern=NAME_PATTERN,
        description="A name: a letter, then letters, digits, '.', '_' or '-'; at most 63.",
    ),
]
"""A key of one of the stack file's maps. It becomes part of resource names in Pulumi and in the
cloud, and 63 characters leave room for the stack's own name in the cloud's 128."""


class Model(BaseModel):
    """camelCase in the stack file, snake_case in Python; unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        defer_build=True,
    )


def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """What each field means, by its name in the stack file: the text below it in the class.

    Read when somebody asks. Pydantic would read it of every class as that is made
    (`use_attribute_docstrings`), which took half of the time to import a stack's settings, and
    which two threads mustn't do at once before Python 3.11.8 (python/cpython#106905).
    """
    told: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not issubclass(base, BaseModel) or base.__module__.startswith("pydantic"):
            continue
        try:
            source = inspect.getsource(base)
        except OSError:
            continue  # made by a call
        (parsed,) = ast.parse(textwrap.dedent(source)).body
        for statement, below in pairwise(cast("ast.ClassDef", parsed).body):
            match statement, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    told[name] = inspect.cleandoc(text)
                case _:
                    pass
    return {
        field.alias or name: field.description or told.get(name, "")
        for name, field in model.model_fields.items()
    }


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields by their names in the stack file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def parts_of(settings: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """What `settings`, which stand at `path`, consist of, each at its place in the stack file.

    Texts, numbers and the like are left out: there are ten of them to every section.
    """
    waiting: list[tuple[KeyPath, object]] = [(path, settings)]
    while waiting:
        where, value = waiting.pop()
        yield where, value
        if isinstance(value, RootModel):
            waiting.append((where, cast("RootModel[object]", value).root))
            continue
        if isinstance(value, BaseModel):
            held = value.__dict__
            below = [(key, held[name]) for name, key in _names(type(value)) if name in held]
        else:
            below = entries_of(value)
        waiting += [((*where, key), one) for key, one in below if not isinstance(one, _PLAIN)]


_PLAIN = (str, int, float, type(None))


@functools.cache
def _names(model: type[BaseModel]) -> list[tuple[str, str]]:
    """A model's fields, by their names in Python and in the stack file."""
    return [(name, field.alias or name) for name, field in model.model_fields.items()]


def broken_rule(rule: str, remedy: str) -> PydanticCustomError:
    """An error for validators of single values: which rule, and what to do."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule, "remedy": remedy})


def _empty_when_null(value: object) -> object:
    """`ip1:` with nothing behind it is YAML for null; in a map of entries it means `{}`."""
    return {} if value is None else value


OrEmpty = BeforeValidator(_empty_when_null)
