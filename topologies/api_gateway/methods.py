"""HTTP's words, of APIs and of backends: methods and status codes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

StatusCode = Annotated[int, Field(ge=100, le=599)]


class Method(StrEnum):
    """HTTP methods that the gateway takes."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"
    PATCH = "PATCH"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    ANY = "ANY"
