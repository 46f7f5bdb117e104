"""The cloud's API for tests: as a function, signed by hand, and as a process that SDKs call."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from sandbox.api import vpc
from sandbox.api.actions import Product
from sandbox.api.callers import Callers, Key
from sandbox.api.requests import Request
from sandbox.api.service import Answered, Service
from sandbox.api.signing import roa_signature, roa_string, rpc_signature, rpc_string
from sandbox.cloud import Store
from sandbox.paths import SANDBOX_VARIABLE
from tests.docs.pages import ROOT
from tests.sandbox.api.official import answer_of, differences, models_of, package_of
from tests.sandbox.cloud_lab import new_lab
from tools.native_life import exported_by

REGION = "cn-shanghai"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
KEY = Key("testid", "testsecret")


def stamp(at: float = NOW) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(action: str, secret: str = KEY.secret, **parameters: str) -> dict[str, str]:
    """The parameters of an RPC call, with a signature; what is given counts before the usual."""
    usual = {
        "Action": action,
        "Version": "2016-04-28",
        "Format": "JSON",
        "AccessKeyId": KEY.id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(uuid4()),
        "Timestamp": stamp(),
    }
    said = {**usual, **parameters}
    return {**said, "Signature": rpc_signature(secret, rpc_string("GET", said))}


@dataclass
class Api:
    """One product's API over a cloud in memory, at noon; each answer is as its SDK has it."""

    product: Product = vpc.PRODUCT
    store: Store = field(default_factory=lambda: Store(":memory:", seed="tests"))
    lines: list[str] = field(default_factory=list[str])
    key: Mapping[str, str] = field(
        default_factory=lambda: {"AccessKeyId": KEY.id, "AccessKeySecret": KEY.secret}
    )
    """What its calls are signed with, as the API tells a key."""

    def __post_init__(self) -> None:
        self.now = NOW
        with self.store.database.transaction():
            self.store.database.set_setting("access_key", list(KEY))
        callers = Callers(self.store, lambda: self.now)
        self.service = Service(self.store, REGION, callers, self.lines.append)

    def send(self, parameters: Mapping[str, str]) -> Answered:
        headers = {"host": "127.0.0.1:8490"}
        return self.service.answer(Request("GET", "/", urlencode(parameters), headers))

    def of(self, product: Product) -> "Api":
        """Another product's API over the same cloud."""
        return replace(self, product=product)

    def by(self, key: Mapping[str, str]) -> "Api":
        """The same, called with another key pair, and a token where there is one."""
        return replace(self, key=key)

    def signed(self, action: str, **parameters: str) -> dict[str, str]:
        key = {"AccessKeyId": self.key["AccessKeyId"]}
        if token := self.key.get("SecurityToken"):
            key["SecurityToken"] = token
        said = {"Version": self.product.version, **key, **parameters}
        return signed(action, self.key["AccessKeySecret"], **said)

    def answered(self, action: str, **parameters: str) -> Answered:
        """What a call is answered, made in the product's style."""
        if route := self.product.actions[action].route if action in self.product.actions else "":
            version = self.product.version
            key = Key(self.key["AccessKeyId"], self.key["AccessKeySecret"])
            return self.service.answer(by_path(route, version, parameters, key))
        return self.send(self.signed(action, **parameters))

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        """What a call that goes well answers."""
        answered = self.answered(action, **parameters)
        model = answer_of(self.product, action)
        assert answered.status == (200 if model else 204), answered.body.decode()
        told: dict[str, Any] = json.loads(answered.body) if model else {}
        assert not model or not differences(told, model, models_of(self.product))
        return told

    def refused(self, action: str, **parameters: str) -> tuple[int, str, str]:
        """Status, code and message of a refusal."""
        return refusal(self.answered(action, **parameters))


def by_path(
    route: str,
    version: str,
    parameters: Mapping[str, str],
    key: Key = KEY,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Request:
    """A call as the provider signs it, for which method and path say what to do.

    What a body has to say otherwise than as a text is given as JSON; `more` are headers.
    """
    method, _, form = route.partition(" ")
    rest = dict(parameters)
    path = re.sub(r"{(\w+)}", lambda it: quote(rest.pop(it[1], ""), safe=""), form)
    in_body = method in {"POST", "PUT"}
    body = json.dumps({name: _as_json(value) for name, value in rest.items()}) if in_body else ""
    headers = {
        "accept": "application/json",
        "content-type": "application/json; charset=utf-8",
        "date": format_datetime(datetime.fromtimestamp(NOW, UTC), usegmt=True),
        "x-acs-version": version,
        "x-acs-signature-method": "HMAC-SHA1",
        "x-acs-signature-nonce": str(uuid4()),
        **more,
    }
    query = {} if in_body else rest
    signature = roa_signature(key.secret, roa_string(method, path, query, headers))
    headers["authorization"] = f"acs {key.id}:{signature}"
    return Request(method, path, urlencode(query), headers, body.encode())


def _as_json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text


def refusal(answered: Answered) -> tuple[int, str, str]:
    told = json.loads(answered.body)
    assert answered.status >= 400, told
    usual = {"RequestId", "Code", "Message"}
    assert told.keys() - {"HostId", "AccessDeniedDetail"} == usual
    return answered.status, told["Code"], told["Message"]


def lab_api() -> tuple[Any, Api]:
    """A network in a cloud, and the API over it."""
    lab = new_lab()
    return lab, Api(store=lab.store)


# --- as a process ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """`make cloud`, under way."""

    process: "subprocess.Popen[str]"
    exported: Mapping[str, str]
    store: Store
    """The same account, from another process."""

    authority: Path
    """Whom clients are to trust."""

    @property
    def address(self) -> str:
        return self.exported["ALIBABA_CLOUD_ENDPOINT_VPC"]

    @property
    def key(self) -> Key:
        return Key(
            self.exported["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            self.exported["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        )

    def official(
        self,
        product: Product = vpc.PRODUCT,
        protocol: str = "HTTP",
        key: tuple[str, str] | None = None,
        token: str = "",
    ) -> Any:
        """The client of a product's official SDK, with the account's own key unless given."""
        identity, secret = key or self.key
        config = importlib.import_module("alibabacloud_tea_openapi.models").Config(
            endpoint=self.address,
            protocol=protocol,
            ca=str(self.authority),
            region_id=REGION,
            access_key_id=identity,
            access_key_secret=secret,
            security_token=token or None,
        )
        return importlib.import_module(f"{package_of(product)}.client").Client(config)

    def former(
        self,
        action: str,
        method: str = "GET",
        version: str = vpc.PRODUCT.version,
        **parameters: str,
    ) -> dict[str, Any]:
        """What the SDK before it is answered."""
        client = importlib.import_module("aliyunsdkcore.client")
        request = importlib.import_module("aliyunsdkcore.request").CommonRequest()
        request.set_domain(self.address)
        request.set_protocol_type("http")
        request.set_version(version)
        request.set_action_name(action)
        request.set_method(method)
        for name, value in parameters.items():
            add = request.add_query_param if method == "GET" else request.add_body_params
            add(name, value)
        return json.loads(client.AcsClient(*self.key, REGION).do_action_with_exception(request))


@contextmanager
def served(folder: Path, stack_file: Path, *more: str, log: int | None = None) -> Generator[Served]:
    """The account of a stack file, served until the block ends; its log is a file unless given."""
    environment = {**os.environ, SANDBOX_VARIABLE: str(folder)}
    command = [sys.executable, "-m", "tools", "cloud", "--config", str(stack_file), *more]
    with (
        (folder / "log").open("w", encoding="utf-8") as said,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said if log is None else log,
            text=True,
        ) as process,
    ):
        try:
            exported = exported_by(process)
            (file,) = folder.rglob("cloud.db")
            store = Store(file)
            store.entry_seconds = store.association_seconds = 0
            (authority,) = folder.rglob("ca.pem")
            yield Served(process, exported, store, authority)
            store.close()
        finally:
            process.terminate()
            process.wait(20)
