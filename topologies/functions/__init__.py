"""Functions: code that runs when it is called, behind API Gateway or on its own."""
