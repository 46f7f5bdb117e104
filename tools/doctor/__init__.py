"""What keeps this machine and these stack files from working, on one screen.

`gathering` looks, and is the only part that does; `machine` holds what it saw, never a value that
could be a secret; the checks are pure functions of that; `showing` prints one screen.
"""
