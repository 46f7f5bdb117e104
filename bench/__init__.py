"""What the program costs, beside what Pulumi itself costs: `make bench`, or `python -m bench`.

Owns the measurements that back the promises under "Speed" in the design. What the engine does is a
ratio of two programs that register the same resources, run in turn in one session: seconds say how
fast the machine is, ratios say how fast the program is. That the two do register the same is for
`tests/bench` to show.

A preview is of a stack that there isn't. An `up` that changes nothing and a destroy are of copies
of one that was brought up once: ours by the commands that users type, with all that they judge,
rehearse and tell; the bare program's as the Automation API does them by itself. Both run on the
same engine and the same sandbox.
"""
