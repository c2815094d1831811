"""The made-up groups of the demo; `teams/demo/world.py` calls them."""
