"""Reading: a received file of any accepted kind becomes text cells with addresses."""
