"""How the API's front says no, before any product is asked: codes, wording and HTTP status."""

from typing import Final

from sandbox.cloud import CloudError

__all__ = ["invalid", "missing", "refused", "status_of"]

_WORDS: Final = {
    "IncompleteSignature": "The request signature does not conform to Aliyun standards.",
    "InvalidAccessKeyId.Inactive": "Specified access key is disabled.",
    "InvalidAccessKeyId.NotFound": "Specified access key is not found.",
    "InvalidAction.NotFound": "Specified api is not found, please check your url and method.",
    "InvalidRegionId.NotFound": "The specified RegionId does not exist.",
    "InvalidSecurityToken.Expired": "Specified SecurityToken is expired.",
    "InvalidSecurityToken.Malformed": "Specified SecurityToken is malformed.",
    "InvalidSecurityToken.MismatchWithAccessKey": "Specified SecurityToken mismatch with the "
    "AccessKey.",
    "InvalidTimeStamp.Expired": "Specified time stamp or date value is expired.",
    "InvalidTimeStamp.Format": "Specified time stamp or date value is not well formatted.",
    "InvalidVersion": "Specified parameter Version is not valid.",
    "RequestEntityTooLarge": "The request is larger than any call has to be.",
    "SignatureNonceUsed": "Specified signature nonce was used already.",
    "Throttling.User": "Request was denied due to user flow control.",
    "UnsupportedSignatureMethod": "Specified signature method is not supported.",
}
"""As the cloud words them."""

_STATUS: Final = {
    "AccessDenied": 403,
    "Forbidden.RAM": 403,
    "FunctionAlreadyExists": 409,
    "InternalError": 500,
    "InvalidAccessKeyId.Inactive": 403,
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidAction.NotFound": 404,
    "InvalidRegionId.NotFound": 404,
    "InvalidSecurityToken.Expired": 403,
    "NoPermission": 403,
    "RequestEntityTooLarge": 413,
    "ServiceUnavailable": 503,
}
_NOT_FOUND, _REFUSED = 404, 400


def refused(code: str, more: str = "") -> CloudError:
    """A refusal in the cloud's words; `more` says what only this cloud knows."""
    return CloudError(code, f"{_WORDS[code]} {more}".strip())


def invalid(parameter: str, why: str) -> CloudError:
    """The refusal of a parameter that says what it can't."""
    return CloudError(
        "InvalidParameter", f'The specified parameter "{parameter}" is not valid: {why}.'
    )


def missing(name: str) -> CloudError:
    """The refusal of a call that lacks a parameter."""
    return CloudError(f"Missing{name}", f"{name} is mandatory for this action.")


def status_of(error: CloudError) -> int:
    """The HTTP status that a refusal is answered with."""
    return _STATUS.get(error.code, _NOT_FOUND if error.is_not_found else _REFUSED)
