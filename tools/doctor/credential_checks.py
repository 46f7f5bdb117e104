"""Checks of credentials: which are there, and which of them the provider would take.

Its order (terraform-provider-alicloud 1.285, `providerConfigure` and `RefreshAuthCredential`): a
key and its secret, from the stack file before the environment before a profile that is named; then
the address that hands out credentials; then the role of the server that it runs on; then OIDC. The
environment alone doesn't turn that on: the stack file has to say `alicloud:assumeRoleWithOidc`.
"""

import shlex
from collections.abc import Iterator

from judging.account.credentials import (
    KEYS,
    OIDC,
    OIDC_PROVIDER,
    OIDC_ROLE,
    OIDC_TOKEN_FILE,
    SECRETS,
    SERVER_ROLES,
    TOKENS,
    URIS,
)
from tools.doctor.checks import Line, ok, problem, warning
from tools.doctor.machine import Machine, Profile, StackFacts

OIDC_TOKEN = "ALIBABA_CLOUD_OIDC_TOKEN"  # noqa: S105 - a variable's name

_SUBJECT = "Credentials"
_OIDC_SETTING = "assumeRoleWithOidc"
_IN_FILE = ("accessKey", "secretKey", "securityToken")


def credential_lines(machine: Machine) -> Iterator[Line]:
    """Which credentials there are, and what is wrong with them."""
    sources = list(_sources(machine))
    yield from _halves(machine)
    if machine.profile is not None:
        yield from _profile(machine.profile, machine)
    yield from _oidc(machine)
    for stack in machine.stacks:
        yield from _in_file(stack)
    if not sources:
        if not _unusable(machine):
            remedy = "the sandbox needs none; for a real account, see A real account in the README"
            yield warning(_SUBJECT, "none", remedy)
        return
    taken, *passed_over = sources
    if passed_over:
        remedy = "unset what isn't meant: unset " + " ".join(_settable(passed_over[0]))
        said = f"the provider takes {taken}, and not {', '.join(passed_over)}"
        yield warning(_SUBJECT, said, remedy)
    else:
        yield ok(_SUBJECT, taken)


def account_lines(machine: Machine) -> Iterator[Line]:
    """Whether these credentials read what an inventory, a preflight and adoption read."""
    account, subject = machine.account, "Account"
    if account is None:
        return
    if not account.reached:
        said = f"it didn't answer, or not in time ({account.region})"
        yield warning(subject, said, "for make inventory, drift, preflight and adopt it has to")
    elif account.refused:
        said = f"it refuses these credentials: {account.refused}"
        yield warning(subject, said, "renew them, or unset them: the sandbox needs none")
    elif account.gaps:
        first, *more = account.gaps
        said = f"may not be read whole: {first}" + (f", and {len(more)} more" if more else "")
        remedy = "make ram-policy ROLE=inventory prints the rights that are lacking"
        yield warning(subject, said, remedy)
    else:
        yield ok(subject, f"may be read ({account.region})")


def _sources(machine: Machine) -> Iterator[str]:
    """What could be taken, in the provider's order."""
    key, secret = _first(machine, KEYS), _first(machine, SECRETS)
    if key and secret:
        token = _first(machine, TOKENS)
        yield f"{key} with {secret}" + (f" and {token}" if token else "")
    profile = machine.profile
    if profile is not None and profile.mode is not None:
        yield f"the profile {profile.name} ({profile.mode}), named by {profile.asked_by}"
    if uri := _first(machine, URIS):
        yield uri
    if role := _first(machine, SERVER_ROLES):
        yield role
    if _oidc_is_whole(machine) and _oidc_is_asked(machine):
        yield f"OIDC ({OIDC_ROLE})"


def _unusable(machine: Machine) -> bool:
    """Whether something is there of which a line says already why it can't be used."""
    stray = _first(machine, KEYS) or _first(machine, SECRETS) or _oidc_seen(machine)
    return bool(stray) or machine.profile is not None


def _halves(machine: Machine) -> Iterator[Line]:
    """A key without its secret, or a token without both."""
    key, secret, token = (_first(machine, names) for names in (KEYS, SECRETS, TOKENS))
    if bool(key) != bool(secret):
        there, lacking = (key, SECRETS) if key else (secret, KEYS)
        yield problem(
            _SUBJECT, f"{there} without its other half", f"set {lacking[0]} too, or unset it"
        )
    elif token and not key:
        remedy = f"unset {token}: the provider would send it along with the keys of a profile"
        yield problem(_SUBJECT, f"{token} without a key", remedy)


def _profile(profile: Profile, machine: Machine) -> Iterator[Line]:
    where = f"the profile {profile.name}, named by {profile.asked_by}"
    if not profile.readable:
        said = f"{where}: {profile.file} isn't there or isn't what the Alibaba Cloud CLI writes"
        yield problem(_SUBJECT, said, _configure(profile))
    elif profile.mode is None:
        said = f"{where}: {profile.file} has no such profile"
        yield problem(_SUBJECT, said, _configure(profile))
    elif profile.expires is not None and profile.expires <= machine.now:
        remedy = _configure(profile)
        yield problem(_SUBJECT, f"{where}: its token has expired", remedy)
    elif profile.mode in {"AK", "StsToken", "RamRoleArn"} and not profile.has_keys:
        yield problem(_SUBJECT, f"{where}: it has no keys", _configure(profile))


def _oidc(machine: Machine) -> Iterator[Line]:
    if not _oidc_seen(machine):
        return
    lacking = [name for name in OIDC if name not in machine.variables]
    if OIDC_TOKEN in machine.variables and OIDC_TOKEN_FILE in lacking:
        lacking.remove(OIDC_TOKEN_FILE)
    token = machine.token
    if lacking:
        remedy = f"set {' and '.join(lacking)}, or unset the others"
        yield problem(_SUBJECT, f"OIDC without {' and '.join(lacking)}", remedy)
    elif token is not None and not token.there:
        said = f"{OIDC_TOKEN_FILE} names a file that isn't there"
        yield problem(_SUBJECT, said, "let the pipeline write the token first")
    elif token is not None and token.expires is not None and token.expires <= machine.now:
        yield problem(_SUBJECT, "the OIDC token has expired", "ask the pipeline for a new one")
    elif not _oidc_is_asked(machine):
        said = "OIDC's variables are set, but the provider reads them only where it is told to"
        remedy = (
            f"say alicloud:{_OIDC_SETTING} in the stack file, "
            "or let the pipeline trade the token for keys"
        )
        yield warning(_SUBJECT, said, remedy)


def _oidc_seen(machine: Machine) -> bool:
    """The role's variable serves other purposes as well, so it alone says nothing."""
    return bool({OIDC_PROVIDER, OIDC_TOKEN_FILE, OIDC_TOKEN} & machine.variables)


def _oidc_is_whole(machine: Machine) -> bool:
    token = {OIDC_TOKEN_FILE, OIDC_TOKEN} & machine.variables
    fresh = machine.token is None or (
        machine.token.there and (machine.token.expires or machine.now + 1) > machine.now
    )
    return {OIDC_ROLE, OIDC_PROVIDER} <= machine.variables and bool(token) and fresh


def _oidc_is_asked(machine: Machine) -> bool:
    return any(_OIDC_SETTING in stack.provider_settings for stack in machine.stacks)


def _in_file(one: StackFacts) -> Iterator[Line]:
    """Keys in a stack file: they win over everything, and go into the state as they are."""
    found = [f"alicloud:{key}" for key in _IN_FILE if key in one.provider_settings]
    if found:
        remedy = "take them out: keys belong into the environment, and change them where they were"
        yield warning(_SUBJECT, f"{one.file} holds {' and '.join(found)}, and they win", remedy)


def _first(machine: Machine, names: tuple[str, ...]) -> str:
    """The variable that counts: the first that is set."""
    return next((name for name in names if name in machine.variables), "")


def _settable(source: str) -> list[str]:
    """The variables that a source's description names."""
    known = (*KEYS, *SECRETS, *TOKENS, *URIS, *SERVER_ROLES, *OIDC)
    words = source.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return [word for word in words if word in known or word.endswith("_PROFILE")]


def _configure(profile: Profile) -> str:
    return f"aliyun configure --profile {shlex.quote(profile.name)}"
