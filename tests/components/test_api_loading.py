"""What a program pays for components that it doesn't use."""

import subprocess
import sys


def test_components_load_no_resource_of_the_provider_before_they_are_used() -> None:
    """The provider's modules take a tenth of a second and more each."""
    code = (
        "import sys, components; "
        "print([one for one in sys.modules if one.startswith('pulumi_alicloud.') "
        "and one.count('.') > 1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
