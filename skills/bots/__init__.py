"""Built-in bots, as pure functions: what a bot remembers and what it hears give what it says, or why it hands over."""
