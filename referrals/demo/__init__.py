"""The made-up service directory of the demo; nothing else in the portal imports this package."""
