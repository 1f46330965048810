export-title = Bílá místa: { $layers }
export-title-plain = Bílá místa: map of Prague
