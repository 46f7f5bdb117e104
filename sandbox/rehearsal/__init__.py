"""Rehearsals: a whole update, carried out on a copy of the state in a cloud made of that state.

A preview says what will be tried, a rehearsal whether it ends well. It owns the copies, the cloud
that is made of the state, and what is told; it writes neither to the stack's own state nor to its
cloud, and keeps no secret outside of memory but as the state itself has it, encrypted.
"""
