"""What keeps this machine and these stack files from working, on one screen.

`gathering` looks, with `files`; `machine` holds what they saw, never a value that could be secret;
`checks` and `credential_checks` are pure functions of that.
"""
