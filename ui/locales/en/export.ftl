export-title = Bílá místa: { $layers }
export-title-plain = Bílá místa: map of Prague
file-internal = For internal use of the organisation only
file-started = The file is being prepared…
file-done = The file is downloaded.
file-failed = The file could not be downloaded. Try again.
