"""The registry of measures, their roll-ups per county and month, and the hiding of small counts."""
