"""Function Compute: functions, and the roles that services take for them."""
