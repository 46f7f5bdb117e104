"""What the engine starts: serves the rules until it is ended."""

import sys
from pathlib import Path

# The engine starts this folder, not the project that it is a package of.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policy.pack import serve

serve()
