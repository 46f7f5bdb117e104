"""What the program costs, beside what Pulumi itself costs: `make bench`, or `python -m bench`.

Owns the measurements that back the promises under "Speed" in the design. A preview's is a ratio of
two programs that register the same resources, run in turn in one session: seconds say how fast the
machine is, ratios say how fast the program is. That the two do register the same is for
`tests/bench` to show.
"""
