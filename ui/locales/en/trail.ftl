page-trail = My records
trail-what = What you recorded, month by month. Only you see it; the organisation sees sums over at least { $count } people.
trail-what-alone = What you recorded, month by month.
trail-month = Month
trail-empty = Nothing in this month yet. Places, visits, changes and accompaniment are recorded on the map.
trail-empty-do = Open the map
trail-count-place = { $count ->
    [one] { $count } place
   *[other] { $count } places
}
trail-count-visit = { $count ->
    [one] { $count } visit
   *[other] { $count } visits
}
trail-count-change = { $count ->
    [one] { $count } change
   *[other] { $count } changes
}
trail-count-quick-record = { $count ->
    [one] { $count } accompaniment or interpreting
   *[other] { $count } times accompanied or interpreted
}
trail-column-day = Day
trail-column-kind = Record
trail-column-what = What
trail-column-where = Where
trail-column-city-part = City part
trail-column-more = Details
trail-kind-place = Place
trail-kind-visit = Visit
trail-kind-change = Change
trail-kind-quick-record = Accompaniment, interpreting
trail-download-csv = Download the table (CSV)
trail-download-html = Download for printing
trail-file = my-records
trail-file-title = My records, { $month }
trail-file-note = Downloaded { $date }, records: { $count }. The file belongs to whoever made the records.
trail-withdraw-title = Take a record back
trail-withdraw-what = A visit, a change or an accompaniment recorded by mistake can be taken back. A place is taken back on the page of its history.
trail-withdraw-choose = Which record
trail-withdraw = Take back
trail-withdrawn = The record has been taken back and no longer counts anywhere.
