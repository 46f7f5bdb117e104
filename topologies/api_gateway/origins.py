"""Where an API comes from that isn't written in the stack file: an operation of a document."""

from collections.abc import Mapping
from dataclasses import dataclass

from stack.problems import KeyPath


@dataclass(frozen=True, slots=True)
class Origin:
    """An operation, and which of its API's settings the document says itself."""

    entry: KeyPath
    """The entry of the stack file that names the document: ("apiGateway", "openapi", "shop")."""

    operation: str
    """File, line and place: docs/shop.yaml:12 paths./carts.get."""

    said: Mapping[str, str]
    """Settings of the API that the entry could say too, and the document's place that does."""


Origins = Mapping[str, Origin]
"""By the names of APIs."""
