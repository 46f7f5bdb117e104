"""An account with functions, and what is right to say to Function Compute about it."""

import json

from sandbox.api import fc
from sandbox.cloud.core.ids import function_arn
from tests.sandbox.api.api_lab import REGION, lab_api
from tests.sandbox.api.world import World

CODE = json.dumps({"zipFile": "UEsDBAoAAAAA", "checksum": "9174238380470631508"})
NEW = {"handler": "index.handler", "runtime": "python3.12", "code": CODE}


def of_fc() -> World:
    _, api = lab_api()
    api = api.of(fc.PRODUCT)
    api.call("CreateFunction", functionName="shop", tags='[{"Key":"team","Value":"shop"}]', **NEW)
    new = {f"CreateFunction {name}": value for name, value in NEW.items()}
    return World(
        api,
        {
            "functionName": "shop",
            "NewResourceGroupId": "rg-other",
            "ChangeResourceGroup ResourceId": "shop",
            "ResourceId": json.dumps([function_arn(REGION, "shop")]),
            "ResourceType": "function",
            "Tag": '[{"Key":"a","Value":"1"}]',
            "UntagResources TagKey": '["a"]',
            **new,
        },
    )
