"""`Function`: an event function of Function Compute 3.0, with code from a folder.

Owns the function, its code and, where none is given, the security group that it is in. Doesn't own
the role that the function itself acts under (`FunctionNetworkRole`), the VPC that it reaches,
triggers, the API in front of it (`Api`), or the role by which API Gateway may invoke it
(`FunctionInvoker`).

Source: Function Compute 3.0, "CreateFunction" and "Limits"; the seed documents on API Gateway best
practices, chapter 5, and on calling API Gateway from functions.
"""

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NotRequired, TypedDict

import pulumi
from fastcrc import crc64
from pulumi_alicloud import ecs, fc

from .._component import Component
from .._options import child
from ..network._security_group import security_group

# What is sent with the request is Base64, and the cloud takes 100 MB of it.
MAX_ENCODED: Final = 100 * 1024 * 1024
LEFT_OUT: Final = frozenset({"__pycache__", ".git", ".DS_Store"})
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can say
# Readable, and executable for runtimes that start a program.
PERMISSIONS: Final = 0o100755 << 16
UNIX: Final = 3


class FunctionVpcArgs(TypedDict):
    """The VPC that a function reaches."""

    vpc_id: pulumi.Input[str]
    """The VPC."""

    vswitch_ids: Sequence[pulumi.Input[str]]
    """vSwitches where it gets its addresses, in zones that Function Compute has."""

    vswitch_urns: NotRequired[Sequence[pulumi.Input[str]]]
    """URNs of those of them that are resources of the program: `Network.vswitch_urns[…]`. One that
    is replaced takes the function with it, which has its addresses there; the function is made anew
    when the vSwitch is."""

    security_group_id: NotRequired[pulumi.Input[str] | None]
    """The security group that it is in. Without it one is created, which lets nothing in: a
    function in a VPC only calls."""


class FunctionLogArgs(TypedDict):
    """Where what a function prints is kept."""

    project: pulumi.Input[str]
    """A project of Simple Log Service, in the function's region."""

    store: pulumi.Input[str]
    """A Logstore of it."""


class FunctionArgs(TypedDict):
    """Arguments of `Function`."""

    function_name: pulumi.Input[str]
    """Its name: letters, digits, hyphens and underscores, 1 to 64 characters. Another one means
    another function."""

    code: str
    """The folder that holds the code: at most 100 MB in Base64."""

    handler: str
    """What is called, such as index.handler."""

    runtime: NotRequired[str]
    """Such as nodejs20; python3.12 unless given."""

    description: NotRequired[pulumi.Input[str] | None]
    """A sentence about it."""

    memory: NotRequired[int]
    """MB, a multiple of 64 from 128; 512 unless given."""

    cpu: NotRequired[float]
    """vCPUs, a multiple of 0.05, with 1 to 4 GB of memory for each; 0.35 unless given."""

    disk: NotRequired[int]
    """MB of its temporary disk: 512, unless given, or 10240, which is billed beside the rest."""

    concurrency: NotRequired[int | None]
    """Calls that one instance may take at a time, up to 200; as the cloud has it, unless given."""

    logs: NotRequired[FunctionLogArgs | None]
    """Where what it prints is kept, by its role, which needs the permission; nowhere unless given.
    """

    timeout: NotRequired[int]
    """Seconds that one call may take, up to 86400; 60 unless given."""

    environment: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Environment variables. A secret one stays secret, in the state and in previews."""

    role_arn: NotRequired[pulumi.Input[str] | None]
    """The RAM role that it acts under. In a VPC it needs one that may manage network interfaces."""

    vpc: NotRequired[FunctionVpcArgs | None]
    """The VPC that it reaches; none unless given."""

    internet_access: NotRequired[bool]
    """Whether it reaches the internet. On unless given, as in the cloud."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the function and the security group."""


class Function(Component):
    """An event function.

    Children: `<name>-function`; in a VPC without a given security group `<name>-security-group`.
    """

    function_name: pulumi.Output[str]
    """Its name, for APIs."""

    function_arn: pulumi.Output[str]
    """Its ARN, for `FunctionInvoker`."""

    def __init__(
        self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Read the code and register the function."""
        super().__init__(name, opts)
        function = self._function(name, args)
        self.function_name = function.function_name
        self.function_arn = function.function_arn
        self.register_outputs(
            {"functionName": self.function_name, "functionArn": self.function_arn}
        )

    def _function(self, name: str, args: FunctionArgs) -> "fc.V3Function":
        environment: pulumi.Input[Mapping[str, pulumi.Input[str]]] = args.get("environment", {})
        vpc = args.get("vpc")
        options = child(
            self,
            replaced_with=vpc.get("vswitch_urns", ()) if vpc is not None else (),
        )
        if any(isinstance(value, pulumi.Output) for value in args.get("environment", {}).values()):
            # The provider reads them back from the cloud, which doesn't know what is secret. A
            # refresh has all of them secret then, so that all are from the start.
            options.additional_secret_outputs = ["environment_variables"]
            environment = pulumi.Output.secret(environment)
        return fc.V3Function(
            f"{name}-function",
            fc.V3FunctionArgs(
                function_name=args["function_name"],
                description=args.get("description"),
                runtime=args.get("runtime", "python3.12"),
                handler=args["handler"],
                code=function_code(Path(args["code"])),
                memory_size=args.get("memory", 512),
                cpu=args.get("cpu", 0.35),
                disk_size=args.get("disk", 512),
                instance_concurrency=args.get("concurrency"),
                log_config=_logs(args.get("logs")),
                timeout=args.get("timeout", 60),
                environment_variables=environment,
                role=args.get("role_arn"),
                vpc_config=self._vpc(name, args, vpc) if vpc is not None else None,
                internet_access=args.get("internet_access", True),
                tags=args.get("tags"),
            ),
            opts=options,
        )

    def _vpc(
        self, name: str, args: FunctionArgs, vpc: FunctionVpcArgs
    ) -> "fc.V3FunctionVpcConfigArgs":
        group_id = vpc.get("security_group_id")
        if group_id is None:
            arguments = ecs.SecurityGroupArgs(
                security_group_name=args["function_name"],
                vpc_id=vpc["vpc_id"],
                tags=args.get("tags"),
            )
            group_id = security_group(self, name, arguments, {})
        return fc.V3FunctionVpcConfigArgs(
            vpc_id=vpc["vpc_id"], vswitch_ids=vpc["vswitch_ids"], security_group_id=group_id
        )


def _logs(logs: FunctionLogArgs | None) -> "fc.V3FunctionLogConfigArgs | None":
    if logs is None:
        return None
    return fc.V3FunctionLogConfigArgs(project=logs["project"], logstore=logs["store"])


def function_code(folder: Path) -> "fc.V3FunctionCodeArgs":
    """The code in a folder, without byte code and Git's own files: one ZIP file in Base64.

    The same files give the same bytes, and so no update, whoever deploys: nothing of the machine
    goes in (times, owners, permissions, the order of a folder, the version of a compression
    library). By its CRC-64 (ECMA polynomial, as a decimal number), which the cloud checks, the
    provider notices that it is another one.

    Raises:
        ValueError: there is no such folder, it is empty, has a symbolic link or is too large; the
            message says which and what to do.
    """
    data = _zipped(folder, _files(folder))
    encoded = base64.b64encode(data).decode("ascii")
    if len(encoded) > MAX_ENCODED:
        size, limit = len(encoded) / 1024**2, MAX_ENCODED // 1024**2
        message = (
            f"{folder}: {size:.0f} MB when sent, and the cloud takes {limit} MB; move libraries to "
            "a layer"
        )
        raise ValueError(message)
    return fc.V3FunctionCodeArgs(zip_file=encoded, checksum=str(crc64.xz(data)))


def _files(folder: Path) -> list[str]:
    """The paths of the files, with slashes, in one order everywhere."""
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; give the folder that holds the code"
        raise ValueError(message)
    found: list[str] = []
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if LEFT_OUT.intersection(inside.parts) or path.suffix == ".pyc":
            continue
        if path.is_symlink():
            message = f"{folder}: {inside.as_posix()} is a symbolic link; put the file itself there"
            raise ValueError(message)
        if path.is_file():
            found.append(inside.as_posix())
    if not found:
        message = f"{folder}: the folder is empty; put the code there"
        raise ValueError(message)
    return sorted(found)


def _zipped(folder: Path, files: list[str]) -> bytes:
    buffer = io.BytesIO()
    # Stored: compressed bytes differ from one build of the compression library to the next.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = PERMISSIONS
            archive.writestr(entry, (folder / name).read_bytes())
    return buffer.getvalue()
