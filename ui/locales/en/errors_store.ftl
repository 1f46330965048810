## Database and its folder
error-data-dir-in-use = The data folder { $path } is already used by another running app. Go to its window, or end it and start again.
error-data-dir-not-a-directory = { $path } is not a folder. Set DATA_DIR to a folder.
error-data-dir-not-writable = The folder { $path } cannot be written to. Change its permissions, or set DATA_DIR elsewhere.
error-not-a-database = The file bila-mista.sqlite in the data folder is not a database. Nothing was changed. Put the right file back or restore a backup.
error-database-foreign = The file bila-mista.sqlite in the data folder belongs to another program. Nothing was changed. Set DATA_DIR to another folder.
error-database-damaged = The database is damaged or incomplete. Nothing was changed. Restore it from a backup.
error-database-missing = The database { $path } is missing from the data folder, although it was there before. No empty one was made. Put the file back, or restore a backup.
error-database-newer = The database was made by a newer version of the app (schema { $revision }). Nothing was changed. Start the newer version.
error-database-not-readable = The database cannot be opened. Check that the disk is connected and that you may read the data folder.
error-database-read-only = The database is read-only, nothing was saved. Check the permissions of the data folder and save again.
error-database-locked = Another program holds the database, nothing was saved. Try again in a moment.
error-disk-full = The disk is full, nothing was saved. Free some space and save again.
error-export-busy = Another file is being made right now. Try again in a moment.
error-export-not-written = The file could not be written, most likely the server’s disk is full. Nothing in the app has changed.
error-disk-error = The disk reports an error, nothing was saved. Check the disk and save again.
error-write-refused = The database refused the write, nothing was saved. Try again.
error-durability-not-met = The database does not promise that saved data survive a power cut ({ $setting }: { $found }). Move DATA_DIR to a local disk.
error-audit-key-missing = The key { $path } is missing or damaged, so the log could not be verified. Put the file back, or restore a backup.
error-store-closed = The app is shutting down, nothing was saved. Start it again and save.

## Records
error-stale-revision = Somebody else changed the record in the meantime. Compare both versions and save again.
error-other-organisation = The record belongs to another organisation; only they can change it.
error-undo-not-own = You can take back only your own record.
error-unknown-place = The place does not exist. Reload the page.
error-unknown-visit = The visit does not exist. Reload the page.
error-unknown-change = The change does not exist. Reload the page.
error-dataset-id-taken = A table called { $id } already exists and contains something else.
error-value-not-finite = The table contains a value that is not a number. Correct it and upload the file again.
error-setting-not-json = The value of the setting { $key } cannot be stored.
error-visit-without-where = A visit needs a place or a city part.
error-unknown-language = The language “{ $value }” is not known. Choose from the list.

## Forms
error-invalid-record = Not saved yet, to be corrected: { $count }.
error-possible-duplicates = { $count ->
    [one] You already have a place of the same kind within 75 m. Check that it is not the same one.
   *[other] You already have { $count } places of the same kind within 75 m. Check that it is not one of them.
}
error-personal-data-suspected = The text seems to contain personal data ({ $found }). Personal data do not belong here. Change the text, or confirm that it is not personal.
error-text-too-long = { $field ->
    [name] The name is too long: { $value } characters, at most { $limit }. Shorten it, the rest belongs in the note.
    [reason] The reason is too long: { $value } characters, at most { $limit }. Shorten it.
   *[other] The note is too long: { $value } characters, at most { $limit }. Shorten it.
}
error-control-characters = { $field ->
    [name] The name contains invisible control characters or a new line. Delete them, or type the name again.
    [reason] The reason contains invisible control characters or a new line. Delete them, or type the reason again.
   *[other] The note contains invisible control characters. Delete them, or type the note again.
}
error-term-refused = { $field ->
    [kind] The kind of place “{ $value }” cannot be stored. Choose from the list.
    [target_groups] The target group “{ $value }” cannot be stored on a place. Choose from the list.
    [languages] The language “{ $value }” cannot be stored. Choose from the list.
    [outcome] The outcome “{ $value }” cannot be stored. Choose from the list.
    [needs] The need “{ $value }” cannot be stored on a visit. Choose from the list.
    [barriers] The barrier “{ $value }” cannot be stored on a visit. Choose from the list.
    [change] The change “{ $value }” cannot be stored. Choose from the list.
   *[other] The value “{ $value }” cannot be stored. Choose from the list.
}
error-kind-missing = Choose a kind of place.
error-name-missing = For the kind “other”, describe the place in a few words.
error-where-missing = Tap the map, or choose a city part.
error-outside-prague = The point lies outside Prague, within { $value } km of the border; the nearest city part is { $limit }. Move it into Prague.
error-date-in-future = The date is in the future. Enter the day it happened, today at the latest.
error-date-too-old = The date is before the year { $limit }. Check the year.
error-outcome-missing = Choose how the visit went. Needs and barriers are recorded only with an outcome.
error-invalid-id = The form has no valid record id. Open it again; copy your text first.

## Audit log
error-audit-row-altered = Log: row { $row } was altered or swapped.
error-audit-payload-altered = Log: the content of row { $row } was altered.
error-audit-rows-missing = Log: rows { $value } are missing.
error-audit-tail-cut = Log: rows { $value } are missing at the end.
error-audit-rewritten = Log: row { $row } does not match the noted end; the log was rewritten.
error-audit-head-missing = Log: the file that notes its end is missing or damaged, so a cut-off end cannot be ruled out.
error-invalid-audit-head = “{ $value }” is not an end of the log in the form NUMBER:DIGEST.
error-place-cells-differ = The number of places in the cell { $field } is { $value }, it should be { $limit }.
error-visit-groups-differ = The group of visits { $field } holds { $value }, it should hold { $limit }, or their dates differ.
error-invalid-month = The month “{ $value }” is not possible, write it as 2026-11.
error-not-withdrawable = A place is taken back on the page of its history.
