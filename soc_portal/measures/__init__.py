"""The registry of measures, their roll-ups and suppression: the room is kept ready, nothing lives in it yet."""
