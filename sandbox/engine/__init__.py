"""The Pulumi engine, found or built.

Owns one question: which executable is the Pulumi CLI on this machine? It answers with one on
the PATH, one in the user's cache folder, or one that it installs or builds there, in this order
(`find.py` reads as that list). It doesn't run stacks; the driver does that with the path it gets.

    from sandbox.engine import EngineMissing, find_engine
    pulumi = find_engine(say=lambda line: print(line, file=sys.stderr))

`EngineMissing` is the only exception a caller need handle: its text is three lines for the user.
"""

from sandbox.engine.find import ENGINE_VARIABLE, EngineMissing, find_engine
from sandbox.engine.versions import ENGINE_VERSION

__all__ = ["ENGINE_VARIABLE", "ENGINE_VERSION", "EngineMissing", "find_engine"]
