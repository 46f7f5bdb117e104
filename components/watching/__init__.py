"""What tells of traffic: alarms and flow logs."""
