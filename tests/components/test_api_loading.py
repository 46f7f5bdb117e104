"""What a program pays for components that it doesn't use."""

import subprocess
import sys

UNUSED = (
    "pulumi_alicloud.apigateway.api",
    "pulumi_alicloud.fc.v3_function",
    "pulumi_alicloud.slb.listener",
    "pulumi_alicloud.ram.role",
    "pulumi_alicloud.cen.instance",
)


def test_a_program_without_a_gateway_doesn_t_load_the_gateway_s_modules() -> None:
    """The provider's modules take a tenth of a second and more each."""
    code = f"import sys, components; print(sorted(set(sys.modules) & set({UNUSED!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
