"""The contract's names and shapes against those of the SDK, by which a program reads answers."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import pytest

# How the SDK itself finds out; it has no public way.
from pulumi import _types  # pyright: ignore[reportPrivateUsage]

from facts.contract import TOKENS, Field


def sdk_types(token: str) -> Mapping[str, Any]:
    _, module, name = token.split(":")
    package = importlib.import_module(f"pulumi_alicloud.{module.partition('/')[0]}")
    return _types.resource_types(getattr(package, name))


def plain(kind: Any) -> Any:
    """A type without the `None` that it may have beside it."""
    parts = [one for one in get_args(kind) if one is not type(None)]
    is_union = len(parts) != len(get_args(kind))
    return parts[0] if is_union and len(parts) == 1 else kind


def mistakes(known: Mapping[str, Field], sdk: Mapping[str, Any]) -> Iterator[str]:
    for one in known.values():
        if one.camel not in sdk:
            yield f"{one.camel} isn't in the SDK"
            continue
        kind = plain(sdk[one.camel])
        many = get_origin(kind) in {list, tuple} or "Sequence" in str(get_origin(kind))
        if many != (one.type in {"List", "Set"} and not one.is_single_object):
            yield f"{one.camel} is {kind} in the SDK"
            continue
        inner = plain(get_args(kind)[0]) if many else kind
        if one.objects is not None and _types.is_output_type(inner):
            inside = _types.output_type_types(inner)
            yield from (f"{one.camel}.{line}" for line in mistakes(one.objects, inside))


@pytest.mark.parametrize("token", TOKENS)
def test_a_program_reads_what_the_contract_says(token: str) -> None:
    contract = TOKENS[token]
    assert list(mistakes(contract.fields, sdk_types(token))) == []
