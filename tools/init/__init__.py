"""A new stack's file: asked for, drafted for its topology, judged, and written."""
