import-what = An XLSX or CSV table with numbers per city part appears on the map at once as another measure.
import-step-file = 1. File
import-file = XLSX or CSV file, 10 MB at most
import-file-help = The app recognises the encoding, the delimiter, the decimal comma and merged headers by itself. The file stays on this computer.
import-empty = Choose the file that the office sent you. One column with the name or code of the city part and one with numbers are enough.
import-example = Download an invented example (CSV)
import-sheet = Sheet
import-same-file = This file has already been added as “{ $title }”.
import-step-columns = 2. Columns
import-column-unnamed = Column { $letter } (no name)
import-key = Column with the city part (name or code)
import-values = Columns with numbers
import-choose-columns = Choose the column with the city part and at least one column with numbers.
import-division = The table says only “Praha 4” and the like. What do the figures cover?
import-division-city-part = city parts (57)
import-division-admin-district = administrative districts (22)
import-division-obvod = historical districts, městské obvody (10)
import-hint-city-part = The table also lists city parts with names, such as Praha-Libuš. That suggests city parts.
import-hint-admin-district = The table lists exactly Praha 1 to Praha 22. That suggests administrative districts.
import-hint-obvod = The table lists exactly Praha 1 to Praha 10. That suggests the historical districts.
import-decimal = What does “{ $example }” mean?
import-decimal-comma = the comma separates decimals, the point thousands (Czech)
import-decimal-point = the point separates decimals, the comma thousands (English)
import-decide-rows =
    { $count ->
        [one] { $count } row could not be joined
       *[other] { $count } rows could not be joined
    }
import-more-rows = Further rows not joined: { $count }. They are in the preview.
import-row = row { $row }
import-row-text = Row { $row }: “{ $text }”
import-row-not-joined = do not join
import-keep-row = { $name } appears in the table more than once. Which row is right?
import-step-preview = 3. Preview
import-joined = { $joined } of { $total } city parts joined.
import-missing =
    { $count ->
        [one] { $count } city part is missing from the table: { $names }
       *[other] { $count } city parts are missing from the table: { $names }
    }
import-not-joined = Rows not joined: { $count }
import-city-part = City part
import-row-number = Row
import-row-name = Text in the file
import-reason = Why
import-suggestions = Similar names
import-reason-unknown = unknown name
import-reason-no-name = no name
import-reason-district = a district, cannot be split
import-reason-remainder = not assigned to a city part
import-reason-duplicate = a repeated row
import-reason-left-out = left out by you
import-column = Column
import-problem = What to know
import-problems =
    { $count ->
        [one] { $count } remark on the values
       *[other] { $count } remarks on the values
    }
import-no-totals = The table has no row of totals, so the sums cannot be checked.
import-totals-match = The totals in the table match the rows (checked: { $count }).
import-totals-differ = Some totals do not match the rows:
import-totals-incomplete = The totals cannot be fully checked, some rows have no value:
import-total-stated = Total in the file
import-total-computed = Sum of the rows
import-total-state = Result
import-total-matches = matches
import-total-differs = differs
import-total-incomplete = some rows have no value
import-step-description = 4. What the figures are
import-title = What the table counts
import-title-help = The measure will have this name on the map, for example “Pupils with another mother tongue”.
import-publisher = Who published the figures
import-date = Which day the figures are for
import-date-help = The day the figures describe, not the day the file arrived.
import-kind = The figures are
import-kind-persons = counts of persons (small counts are hidden)
import-kind-other = other counts or values
import-denominator = What shares are calculated from
import-denominator-help = Shares of inhabitants and shares relative to Czech citizens must never be compared in one chart or table.
import-denominator-inhabitants = all inhabitants
import-denominator-citizens = Czech citizens in the register
import-denominator-none = no shares are calculated
import-denominator-other = something else
import-denominator-note = What else
import-base = Column that shares are calculated from
import-base-help = If the table has, for example, the number of inhabitants, the map calculates the share from it.
import-base-none = not in the table
import-not-counted = What the figures do not include
import-not-counted-help = For example “EU citizens” or “stays up to 90 days”.
import-not-stated = The publisher does not say
import-source = Where the table comes from (link or name, optional)
import-licence = Terms of use (optional)
import-store = Add to the map
import-done =
    { $count ->
        [one] “{ $title }” is on the map: { $count } city part.
       *[other] “{ $title }” is on the map: { $count } city parts.
    }
import-open-map = Open the map
import-undo = Undo
import-redo = Put back on the map
import-list = Added tables
import-list-empty = None yet. What you add will be listed here and can be undone.
import-list-undone = Undone
import-line = { $publisher } · as of { $date } · { $denominator } · city parts: { $count }
