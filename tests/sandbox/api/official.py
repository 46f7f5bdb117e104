"""The official SDKs' models as the contract of names and shapes: what each has, of which type.

They are generated: a constructor with annotated parameters, and `to_map` with their API names.
"""

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from facts.contract import camel
from sandbox.api.actions import Product
from tests.sandbox.api.unpublished import MODELS

_PLAIN = re.compile(r"if self\.(\w+) is not None:\n\s+result\['([^']+)'\]")
_LIST = re.compile(r"result\['([^']+)'\] = \[\]\n\s+if self\.(\w+) is not None")
_ROUTE = re.compile(r"pathname = f?'(?P<path>[^']+)',\s+method = '(?P<method>\w+)'")
_OF_PYTHON: Mapping[str, type] = {"str": str, "int": int, "bool": bool, "float": float}


def models_of(product: Product) -> Any:
    """The generated models of a product's SDK; by hand, where it isn't installed."""
    if product.code in MODELS:
        return MODELS[product.code]
    return importlib.import_module(f"{package_of(product)}.models")


def package_of(product: Product) -> str:
    """The SDK of a product."""
    return f"alibabacloud_{product.code}{product.version.replace('-', '')}"


@cache
def types_of(model: Any) -> Mapping[str, str]:
    """The API names of a model's fields, each with its type: `str`, `List[str]`, a model's name."""
    if by_hand := getattr(model, "TYPES", None):
        return by_hand
    source = inspect.getsource(model.to_map)
    names: dict[str, str] = dict(_PLAIN.findall(source))
    names |= {attribute: name for name, attribute in _LIST.findall(source)}
    parameters = inspect.signature(model.__init__).parameters
    return {name: _written(parameters[attribute].annotation) for attribute, name in names.items()}


def _written(annotation: Any) -> str:
    """A type as generated code writes it, be it a text there or a class."""
    text = getattr(annotation, "__name__", "") if inspect.isclass(annotation) else str(annotation)
    return re.sub(r"\b(main_models|typing|alibabacloud_\w+\.models)\.", "", text)


def request_of(product: Product, action: str) -> frozenset[str]:
    """The parameters of an action's request: of the query, of the path, and in the body's model.

    What is within one has a name with dots.
    """
    models = models_of(product)
    model = getattr(models, f"{action}Request", None)
    found = {*_names(model, models)} if model else set[str]()
    in_path = re.findall(r"{(\w+)}", route_of(product, action))
    inside = {name.removeprefix("body.") for name in found if name.startswith("body.")}
    return frozenset(found | inside | {*in_path})


def answer_of(product: Product, action: str) -> str:
    """The name of the model of an action's answer; empty where it answers nothing."""
    return types_of(getattr(models_of(product), f"{action}Response")).get("body", "")


def route_of(product: Product, action: str) -> str:
    """The method and path by which an action is called, as `Action.route` has it."""
    if product.code in MODELS:
        return ""
    client = importlib.import_module(f"{package_of(product)}.client").Client
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
    call = getattr(client, f"{name}_with_options", None)
    found = call and _ROUTE.search(inspect.getsource(call))
    if not found or found["path"] == "/":
        return ""
    path = re.sub(r"{[\w.]+\((\w+)\)}", lambda it: f"{{{camel(it[1])}}}", found["path"])
    return f"{found['method']} {path}"


def _names(model: Any, models: Any) -> Iterator[str]:
    for name, annotation in types_of(model).items():
        yield name
        inner = re.sub(r"List\[(.+)\]", r"\1", annotation)
        if inner not in _OF_PYTHON and hasattr(models, inner):
            yield from (f"{name}.{one}" for one in _names(getattr(models, inner), models))


def differences(told: Any, annotation: str, models: Any, where: str = "") -> list[str]:
    """Where an answer isn't as the models have it."""
    if inner := re.fullmatch(r"List\[(.+)\]", annotation):
        if not isinstance(told, list):
            return [f"{where} isn't a list"]
        rows = cast("list[Any]", told)
        return [d for one in rows for d in differences(one, inner[1], models, f"{where}[]")]
    if annotation in _OF_PYTHON:
        right = type(told) is _OF_PYTHON[annotation]
        return [] if right else [f"{where}: {told!r} isn't {annotation}"]
    if annotation.startswith(("Dict[", "Any")):
        return [] if isinstance(told, dict) else [f"{where} isn't an object"]
    known = types_of(getattr(models, annotation))
    if not isinstance(told, dict):
        return [f"{where} isn't an object"]
    return [
        difference
        for name, value in cast("dict[str, Any]", told).items()
        for difference in (
            differences(value, known[name], models, f"{where}.{name}")
            if name in known
            else [f"{where}.{name} is unknown"]
        )
    ]
