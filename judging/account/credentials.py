"""What calls are signed with: the credentials that the provider would take, in its order.

A key and its secret; a profile that is named; the address that hands out credentials; the role of
the server that this runs on; OIDC. Unlike the provider, which a stack file has to tell so, it takes
OIDC where the environment has all that this needs.

Source: terraform-provider-alicloud 1.285, `providerConfigure` and `RefreshAuthCredential`.
"""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from judging.account.reading import UnreadError

KEYS: Final = ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID")
SECRETS: Final = (
    "ALICLOUD_SECRET_KEY",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
)
TOKENS: Final = (
    "ALICLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_SECURITY_TOKEN",
)
PROFILES: Final = ("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE")
PROFILE_FILES: Final = ("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE")
URIS: Final = ("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI")
SERVER_ROLES: Final = ("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA")
OIDC_ROLE: Final = "ALIBABA_CLOUD_ROLE_ARN"
OIDC_PROVIDER: Final = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
OIDC_TOKEN_FILE: Final = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"  # noqa: S105 - a variable's name
OIDC: Final = (OIDC_ROLE, OIDC_PROVIDER, OIDC_TOKEN_FILE)

_PROFILE_FILE: Final = "~/.aliyun/config.json"
_SDK: Final = "alibabacloud_credentials"


def first(environment: Mapping[str, str], names: Sequence[str]) -> str:
    """The value of the variable that counts: the first that says something."""
    return next((value for name in names if (value := environment.get(name))), "")


def credential_of(environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - the SDK's own, untyped
    """The SDK's credential, which renews itself where it ends.

    Raises:
        UnreadError: there is none.
    """
    client = importlib.import_module(f"{_SDK}.client").Client
    if name := _profile(environment):
        file = Path(first(environment, PROFILE_FILES) or _PROFILE_FILE).expanduser()
        profile = importlib.import_module(f"{_SDK}.provider").CLIProfileCredentialsProvider
        return client(provider=profile(profile_name=name, profile_file=str(file)))
    settings = _settings(environment)
    if not settings:
        raise UnreadError(
            f"No credentials: the account can't be read. Set {KEYS[1]} and {SECRETS[1]}, or name a "
            f"profile by {PROFILES[1]}; make doctor says what is set."
        )
    return client(importlib.import_module(f"{_SDK}.models").Config(**settings))


def _profile(environment: Mapping[str, str]) -> str:
    """The profile that is named, unless there are keys, which go first."""
    if first(environment, KEYS) and first(environment, SECRETS):
        return ""
    return first(environment, PROFILES)


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What the SDK is told of credentials that no profile has."""
    key, secret = first(environment, KEYS), first(environment, SECRETS)
    if key and secret:
        keys = {"access_key_id": key, "access_key_secret": secret}
        if token := first(environment, TOKENS):
            return {"type": "sts", **keys, "security_token": token}
        return {"type": "access_key", **keys}
    if uri := first(environment, URIS):
        return {"type": "credentials_uri", "credentials_uri": uri}
    if role := first(environment, SERVER_ROLES):
        return {"type": "ecs_ram_role", "role_name": role}
    if all(environment.get(name) for name in OIDC):
        return {
            "type": "oidc_role_arn",
            "role_arn": environment[OIDC_ROLE],
            "oidc_provider_arn": environment[OIDC_PROVIDER],
            "oidc_token_file_path": environment[OIDC_TOKEN_FILE],
            "role_session_name": environment.get("ALIBABA_CLOUD_ROLE_SESSION_NAME", "inventory"),
        }
    return {}
