"""The policy pack: rules over resources, for `pulumi preview --policy-pack policy`.

Its rules see what the engine sees: each resource before it is made, and the whole stack at the end.
They know nothing of stack files, so they hold for any program. What the guard and the plan know of
ports, addresses and APIs is asked there, not written again.

Nothing but tests imports it: the engine starts it, as a process of its own.
"""
