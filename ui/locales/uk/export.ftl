export-title = Bílá místa: { $layers }
export-title-plain = Bílá místa: мапа Праги
