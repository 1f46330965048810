city-part = City part
city-parts-what = All 57 city parts. Choose one, or sort the table by clicking a column heading.
city-parts-choose = Open a city part
city-parts-all = All city parts
city-part-district = Administrative district Praha { $number }
city-part-figures = Figures
city-part-imported = From added tables
city-part-protection = Temporary protection over time
city-part-protection-break = 2022 and 2026 are two different ways of counting: in 2022 those who left were not subtracted, and after the re-registration of 2023 counting started anew. That is why no line joins them.
city-part-counting = { $series } counting
city-part-persons = persons
city-part-services = Services
city-part-no-services = We know of no service with an address in this city part. That does not mean there is none.
city-part-cooperation = Co-operation
city-part-cooperation-unknown = Nothing has been published. That does not mean there is no co-operation.
city-part-known = Own records
city-part-nothing-known = No records yet.
city-part-places = { $count ->
    [one] { $count } recorded place.
   *[other] { $count } recorded places.
}
city-part-visits = { $count ->
    [one] { $count } visit.
   *[other] { $count } visits.
}
city-part-known-note = Number of places and visits of your organisation, not of people.
city-part-sources = Data and sources: where all figures come from
city-part-locator = Where { $city_part } lies
figure-suppressed = fewer than 5
figure-complement = not shown, it would give away a small number elsewhere
figure-small-base = not shown, the base is below 50
figure-no-data = no figure
city-part-quick-note = Accompaniment and interpreting by your organisation in the last { $count } months; a sum shows only where at least 3 people worked on it, or where you record alone.
