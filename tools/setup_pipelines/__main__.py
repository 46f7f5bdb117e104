"""`make setup-pipelines`: what the pipelines of all stacks of the list need, as a script.

Environments and their variables in GitHub (by `gh`) or GitLab (by `glab`); in the account (by
`aliyun`) two roles for each stack, whom they trust, and the policies of `make ram-policy`. The
script is printed; with `--apply` the very same is run. It asks before it makes, so it can be run
again, and ends at the first thing that fails, saying at what. No secret is in it: what has to be
set by hand is told at its end.

Exit codes: 0 it is printed, or was run to its end; 2 the list or a stack file was refused; 1
anything else.
"""

import argparse
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from stack.command_line import DONE, FAILED, ROOT, command, one_of, tell
from stack.listing import Listed
from stack.problems import NotDoneError
from stack.stack_file import StackFile
from stack.target import shown_path
from stack.tiers import Tier
from tools.ram_policy.policies import Policy, Scope, policies, used_by
from tools.ram_policy.showing import warnings
from tools.stacks import sound
from topologies import TOPOLOGIES

_PROGRAMS: Final = {"github": "gh", "gitlab": "glab"}
_ISSUERS: Final = {
    "github": "https://token.actions.githubusercontent.com",
    "gitlab": "https://gitlab.com",
}
AUDIENCE: Final = "sts.aliyuncs.com"
_BRANCH: Final = "main"
_SESSION: Final = {"preview": 3600, "deploy": 7200}
"""What a stack's jobs do, and for how many seconds a role lasts, as the pipelines ask for it."""

_LONGEST_ROLE: Final = 64
_FOLDER: Final = "{stack}"
_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)+")
_ACCOUNT = re.compile(r"\d{5,20}")
_REVIEWER = re.compile(r"[\w.-]+(/[\w.-]+)?")
_PROVIDER = re.compile(r"[\w.-]+")
_ISSUER = re.compile(r"https://[\w.:/-]+")


@dataclass(frozen=True)
class Wanted:
    """What the script is for."""

    forge: str
    repository: str
    account: str
    issuer: str
    provider: str
    backend: str
    reviewers: tuple[str, ...]


def _options(parser: argparse.ArgumentParser) -> None:
    forges = tuple(_PROGRAMS)
    parser.add_argument("--forge", type=one_of(forges, "forge"), metavar="|".join(forges))
    parser.add_argument("--repo", default="", help="shop/infrastructure")
    parser.add_argument("--account", default="", help="the account's number")
    parser.add_argument("--backend", default="", help=f"the state's address, with {_FOLDER} in it")
    parser.add_argument(
        "--reviewers", default="", help="who approve production: alice shop/platform"
    )
    parser.add_argument(
        "--provider", help="the OIDC provider's name in RAM; the forge's unless given"
    )
    parser.add_argument("--issuer", help="the forge's own, where it is one of your own")
    parser.add_argument(
        "--apply", action="store_true", help="run the script, instead of printing it"
    )


@command("setup-pipelines", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print or run the script that the command line asks for; returns the exit code."""
    forge = options.forge or _forge_on_the_path()
    wanted = Wanted(
        forge,
        options.repo,
        options.account,
        options.issuer or _ISSUERS[forge],
        options.provider or forge,
        options.backend,
        tuple(options.reviewers.split()),
    )
    stacks = sound(ROOT)
    _refuse_wrong_call(wanted, stacks)
    script = script_of(wanted, stacks)
    if not options.apply:
        print(script, end="")
        return DONE
    bash = shutil.which("bash")
    if bash is None:
        raise NotDoneError("There is no bash on the PATH, which the script is for.")
    return DONE if subprocess.run([bash, "-c", script], check=False).returncode == 0 else FAILED


def _forge_on_the_path() -> str:
    found = [forge for forge, program in _PROGRAMS.items() if shutil.which(program)]
    if len(found) != 1:
        which = "Both gh and glab are" if found else "Neither gh nor glab is"
        raise NotDoneError(f"{which} on the PATH: say FORGE=github or FORGE=gitlab.")
    return found[0]


def _refuse_wrong_call(wanted: Wanted, stacks: Sequence[Listed]) -> None:
    """What becomes part of a trust policy or of an address is judged before."""
    if not _REPOSITORY.fullmatch(wanted.repository):
        raise NotDoneError("Say which repository: REPO=shop/infrastructure")
    if not _ACCOUNT.fullmatch(wanted.account):
        raise NotDoneError("Say which account, by its number: ACCOUNT=1234567890123456")
    if not _PROVIDER.fullmatch(wanted.provider):
        raise NotDoneError("A provider is its name in RAM, such as github.")
    if not _ISSUER.fullmatch(wanted.issuer):
        raise NotDoneError(f"An issuer is an address such as {_ISSUERS['gitlab']}.")
    if wanted.backend and _FOLDER not in wanted.backend and len(stacks) > 1:
        message = f"Each stack's state is in a folder of its own: write {_FOLDER} into BACKEND."
        raise NotDoneError(message)
    if not all(_REVIEWER.fullmatch(one) for one in wanted.reviewers):
        raise NotDoneError("Reviewers are users and teams: REVIEWERS='alice shop/platform'")
    for one in stacks:
        if len(_role(one.stack, "preview")) > _LONGEST_ROLE:
            raise NotDoneError(f"The role of {one.stack} would have more than 64 characters.")


def script_of(wanted: Wanted, stacks: Sequence[Listed]) -> str:
    """The whole script; what it says is what it does."""
    github = wanted.forge == "github"
    lines = [
        _part("both"),
        _part(wanted.forge),
        f"repo={shlex.quote(wanted.repository)}",
        f"branch={_BRANCH}" if github else f"project={quote(wanted.repository, safe='')}",
        *_asked(wanted),
        *(_reviewers(wanted.reviewers) if github else ()),
    ]
    if github:
        named = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
        lines += ["", "begin 'the variable of the repository'", f"variable {named} {_arn(wanted)}"]
    for one in stacks:
        for what in _SESSION:
            lines += ["", *_account(wanted, one, what), *_environment(wanted, one, what)]
    return "\n".join([*lines, "", *_left(wanted, stacks)]) + "\n"


def _part(name: str) -> str:
    """What the script's lines call."""
    return Path(__file__).with_name(f"{name}.sh").read_text(encoding="utf-8")


def _asked(wanted: Wanted) -> Iterator[str]:
    """Nothing is made before it is known that all can be, and where."""
    program = _PROGRAMS[wanted.forge]
    yield from ("needed aliyun", f"needed {program}")
    yield f"begin 'the account {wanted.account}'"
    yield 'found="$(aliyun sts GetCallerIdentity)"'
    yield 'case "$found" in'
    yield f"  *'\"{wanted.account}\"'*) ;;"
    yield f"  *) echo 'aliyun works in another account than {wanted.account}.' >&2; exit 1 ;;"
    yield "esac"
    yield f"begin {shlex.quote(f'the identity provider {wanted.provider}')}"
    absent = (
        f"RAM has no OIDC provider {wanted.provider}. Make it in the console, which fetches its "
        f"fingerprint: issuer {wanted.issuer}, client id {AUDIENCE} (docs/pipelines.md)."
    )
    look = f"aliyun ims GetOIDCProvider --OIDCProviderName {wanted.provider}"
    yield f"there EntityNotExist {look} || {{"
    yield f"  echo {shlex.quote(absent)} >&2; exit 1"
    yield "}"
    yield f"begin {shlex.quote(f'the repository {wanted.repository}')}"
    where = '"repos/$repo"' if wanted.forge == "github" else '"projects/$project"'
    yield f"{program} api {where} > /dev/null"


def _reviewers(names: Sequence[str]) -> Iterator[str]:
    yield "reviewers='[]'"
    if not names:
        return
    yield "begin 'the reviewers of production'"
    ids: list[str] = []
    for number, name in enumerate(names, 1):
        organization, slash, team = name.partition("/")
        path = f"orgs/{organization}/teams/{team}" if slash else f"users/{name}"
        yield f'id{number}="$(gh api {path} --jq .id)"'
        ids.append(f'{{\\"type\\": \\"{"Team" if slash else "User"}\\", \\"id\\": $id{number}}}')
    yield f'reviewers="[{", ".join(ids)}]"'


def _account(wanted: Wanted, one: Listed, what: str) -> Iterator[str]:
    """The role, whom it trusts, and what it may."""
    role = _role(one.stack, what)
    yield f"begin 'the role {role}'"
    yield f"role {role} {shlex.quote(_text(trust(wanted, one, what)))} {_SESSION[what]}"
    for name, text in [*_policies(wanted, one, what), *_of_state(wanted.backend, one, what)]:
        yield f"policy {role} {name} {shlex.quote(text)}"


def _environment(wanted: Wanted, one: Listed, what: str) -> Iterator[str]:
    name = _name(one.stack, what)
    yield f"begin 'the environment {name}'"
    values = {"ALIBABA_CLOUD_ROLE_ARN": f"acs:ram::{wanted.account}:role/{_role(one.stack, what)}"}
    if wanted.backend:
        values["PULUMI_BACKEND_URL"] = wanted.backend.replace(_FOLDER, one.stack)
    if wanted.forge == "gitlab":
        yield f"environment {name}"
        values["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = _arn(wanted)
        name += " --protected" if what == "deploy" else ""
    elif what == "preview":
        yield f"open_to_reviews {name}"
    else:
        yield f"closed {name} " + ('"$reviewers"' if one.tier is Tier.PRODUCTION else "'[]'")
    for key, value in values.items():
        yield f"variable {key} {shlex.quote(value)} {name}"


def trust(wanted: Wanted, one: Listed, what: str) -> Mapping[str, Any]:
    """Whom a role trusts: an environment's jobs; on GitLab, whose tokens name none, a branch's."""
    if wanted.forge == "github":
        environment = _name(one.stack, what)
        subject, how = f"repo:{wanted.repository}:environment:{environment}", "StringEquals"
    else:
        branch, how = ("*", "StringLike") if what == "preview" else (_BRANCH, "StringEquals")
        subject = f"project_path:{wanted.repository}:ref_type:branch:ref:{branch}"
    whom: dict[str, dict[str, list[str]]] = {
        "StringEquals": {"oidc:iss": [wanted.issuer], "oidc:aud": [AUDIENCE]}
    }
    whom.setdefault(how, {})["oidc:sub"] = [subject]
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Federated": [_arn(wanted)]},
        "Condition": whom,
    }
    return {"Version": "1", "Statement": [statement]}


def _policies(wanted: Wanted, one: Listed, what: str) -> Iterator[tuple[str, str]]:
    """What `make ram-policy` prints for the role; production's is denied what can't be undone."""
    settings = StackFile(shown_path(ROOT / one.file), one.stack, TOPOLOGIES).settings
    made = policies(used_by(settings), Scope(one.stack, wanted.account))
    mine = [policy for policy in made if policy.role == what or _is_rail(policy, one, what)]
    for warning in warnings(wanted.account, mine):
        tell(f"warning: {one.stack}: {warning}")
    yield from ((policy.name, policy.text) for policy in mine)


def _is_rail(policy: Policy, one: Listed, what: str) -> bool:
    """What seals protection is attached once the stack stands: docs/permissions.md."""
    deploys = what == "deploy" and one.tier is Tier.PRODUCTION
    return deploys and policy.role == "guard-rails" and not policy.name.endswith("-sealed")


def _of_state(backend: str, one: Listed, what: str) -> Iterator[tuple[str, str]]:
    """A stack's folder in a bucket of OSS: reviews read it, deployments write it."""
    parts = urlsplit(backend.replace(_FOLDER, one.stack))
    folder = parts.path.strip("/")
    if parts.scheme != "s3" or "aliyuncs.com" not in parts.query or not folder:
        return
    reads, writes = ["oss:GetObject"], ["oss:PutObject", "oss:DeleteObject"]
    statements = [
        {
            "Effect": "Allow",
            "Action": ["oss:ListObjects"],
            "Resource": [f"acs:oss:*:*:{parts.netloc}"],
            "Condition": {"StringLike": {"oss:Prefix": [f"{folder}/*"]}},
        },
        {
            "Effect": "Allow",
            "Action": reads if what == "preview" else reads + writes,
            "Resource": [f"acs:oss:*:*:{parts.netloc}/{folder}/*"],
        },
    ]
    yield f"{_role(one.stack, what)}-state", _text({"Version": "1", "Statement": statements})


def _left(wanted: Wanted, stacks: Sequence[Listed]) -> Iterator[str]:
    """What nobody else can do, since it is a secret or a decision."""
    yield "begin 'all is made'"
    yield "cat <<'END'"
    yield "Left to do by hand, once (docs/pipelines.md):"
    secret = "PULUMI_CONFIG_PASSPHRASE" if wanted.backend else "PULUMI_ACCESS_TOKEN"
    for one in stacks:
        for what in _SESSION:
            name = _name(one.stack, what)
            if wanted.forge == "github":
                yield f"  gh secret set {secret} --repo {wanted.repository} --env {name}"
            else:
                guarded = " --protected" if what == "deploy" else ""
                words = f"{secret} --repo {wanted.repository} --scope {name} --masked{guarded}"
                yield f"  glab variable set {words} < passphrase-of-{one.stack}"
    if wanted.forge == "github":
        yield f"  protect {_BRANCH}: pull requests, CODEOWNERS, the checks"
        if not wanted.reviewers and any(one.tier is Tier.PRODUCTION for one in stacks):
            yield "  name who approves production: run this again with REVIEWERS="
    else:
        yield f"  protect {_BRANCH} and the environments of production; make the schedule for drift"
        yield "  GITLAB_TOKEN for the environment tell"
    yield "END"


def _name(stack: str, what: str) -> str:
    """The environment whose jobs take the role: what is trusted is what is made."""
    return f"preview-{stack}" if what == "preview" else stack


def _role(stack: str, what: str) -> str:
    """A role's name holds letters, digits, dots and hyphens."""
    return f"gateways-{stack.replace('_', '-')}-{what}"


def _arn(wanted: Wanted) -> str:
    return f"acs:ram::{wanted.account}:oidc-provider/{wanted.provider}"


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
