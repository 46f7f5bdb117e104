"""What a key of a stack file means, by the schema; and what a message means, by the pages."""
