"""Words of the field as types. Standard library only; everything else builds on this."""
