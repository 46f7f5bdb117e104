"""APIs that come from a Swagger 2.0 or OpenAPI 3.x document instead of the stack file.

`settings` has the section of the stack file and costs nothing to import. `imports.apis_of` makes
typed API settings of a document; it brings in the schema validator, so import it only where a stack
has such a section. What the settings become in the cloud isn't decided here.
"""
