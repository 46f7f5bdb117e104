"""What `make guard` is made of: the engine's preview as a typed model, and rules over it.

A preview is read (`reading`) into changes of resources (`preview`). Rules are pure functions from
there to findings; `guard` lists them, says what is allowed, and reports. Nothing here imports
Pulumi or runs anything. What one resource opens to the world (`ways`, `apis`) needs no preview, so
that other judges of resources can ask the same.
"""
