"""Function Compute 3.0."""

from sandbox.cloud.fc.function import Function

KINDS = (Function(),)
