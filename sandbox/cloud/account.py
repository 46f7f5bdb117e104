"""The account that the sandbox belongs to: its number stands in resource names and in domains."""

__all__ = ["ACCOUNT_ID", "function_arn", "role_arn", "role_of"]

ACCOUNT_ID = "1000000000000001"

_ROLES = f"acs:ram::{ACCOUNT_ID}:role/"


def role_arn(name: str) -> str:
    """The resource name of one of the account's RAM roles."""
    # The cloud writes it in small letters whatever the role is called.
    return _ROLES + name.lower()


def role_of(arn: str) -> str | None:
    """The name, in small letters, of the account's role that `arn` means; None for any other."""
    return arn.removeprefix(_ROLES).lower() if arn.startswith(_ROLES) else None


def function_arn(region: str, name: str) -> str:
    """The resource name of one of the account's functions."""
    return f"acs:fc:{region}:{ACCOUNT_ID}:functions/{name}"
