"""When people on a team are reminded, split by noun: `meetings`, `steps`. Due -> claim -> send; tasks wake them."""
