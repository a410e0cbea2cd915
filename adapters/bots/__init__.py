"""Connectors to bots that run elsewhere."""
