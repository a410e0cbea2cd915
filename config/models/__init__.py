"""What the three files may hold, as pydantic models: form only; meaning is checked in ``config/checks``."""
