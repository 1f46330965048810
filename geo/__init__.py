"""Pure functions on coordinates and frames: boundaries, locate, measures, disclosure. No user interface, no store."""
