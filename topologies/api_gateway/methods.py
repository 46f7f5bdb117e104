"""HTTP methods of APIs and of backends."""

from enum import StrEnum


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
