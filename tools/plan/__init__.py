"""`make plan`: what a stack file opens, told without an engine."""
