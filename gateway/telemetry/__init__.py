"""What the service tells its operator: logs without secrets, metrics with bounded labels."""
