"""The sandbox's commands: `make up`, `preview`, `refresh`, `destroy` and what goes with them."""
