error-invalid-cell = “{ $value }” is not the name of a map cell.
error-unknown-cell-resolution = Map cells of resolution { $value } are not in use, only 7 to 10.
error-instant-without-zone = The time “{ $value }” has no time zone.
error-retention-months-invalid = A limit of { $value } is not possible. Enter { $minimum } to { $maximum } months.
