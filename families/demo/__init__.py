"""Made-up Family Partners for demos. Nothing else in the portal imports this package."""
