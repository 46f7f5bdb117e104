"""How the cloud says no, and the two ways in which it can fail to say anything at all."""

from typing import Literal

__all__ = ["CallerKilledError", "CloudError", "LostAnswerError"]

# Some operations say it in other words: mostly the name of the parameter that means nothing.
_MEANINGLESS = frozenset(
    {
        "IllegalParam.TransitRouterRouteEntryId",
        "InvalidOperation.NotFoundRoute",
        "ParameterBwpInstanceId",
        "ParameterCenInstanceId",
        "ParameterInstanceId",
    }
)


class CloudError(Exception):
    """A refusal with the cloud's error code; nothing was changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    @property
    def is_not_found(self) -> bool:
        """Whether what was asked for isn't there, in each product's own words."""
        return (
            self.code.endswith("NotFound")
            or self.code.startswith(("NotFound", "EntityNotExist"))
            or self.code in _MEANINGLESS
        )


class LostAnswerError(ConnectionError):
    """The cloud did what it was asked, and the connection broke before the answer arrived."""

    def __init__(self) -> None:
        super().__init__("connection reset by peer while the answer was awaited")


class CallerKilledError(Exception):
    """The fault plan wants the calling process to die now; whoever calls the store does it."""

    def __init__(self, moment: Literal["before", "after"]) -> None:
        super().__init__(f"the caller is to die {moment} the cloud acts")
        self.moment = moment
