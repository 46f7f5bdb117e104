"""`make schema`: the JSON schema of stack files, written from the settings' models."""
