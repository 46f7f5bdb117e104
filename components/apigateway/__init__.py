"""API Gateway: instances, groups, APIs, who may call them."""
