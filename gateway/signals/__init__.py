"""What gateways tell each other beside the store: a hint and a convenience, never the truth."""
