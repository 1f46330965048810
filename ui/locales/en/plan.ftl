plan-what-if = What if
plan-what-if-where = City part
plan-what-if-visits = Number of visits
plan-no-need = The chosen need has no usable figure for any city part, there is nothing to compare with.
plan-what-if-same =
    { $visits ->
        [one] { $city_part }: after { $visits } visit the state stays “{ $before }”.
       *[other] { $city_part }: after { $visits } visits the state stays “{ $before }”.
    }
plan-what-if-changed =
    { $visits ->
        [one] { $city_part }: after { $visits } visit the state changes from “{ $before }” to “{ $after }”.
       *[other] { $city_part }: after { $visits } visits the state changes from “{ $before }” to “{ $after }”.
    }
plan-what-if-too-small = It cannot be judged alone: { $expected } would be expected here, and judging begins at { $least }.
plan-what-if-low = Probability that there is too little attention: { $before } → { $after }.
plan-what-if-certainty = Certainty of what the state says: { $before } → { $after }.
plan-nothing-said = nothing is claimed
plan-what-if-gap = People in the gap: { $before } → { $after }.
plan-what-if-gap-units = Gap in units of the chosen need: { $before } → { $after }.
plan-what-if-full = Of { $visits } visits only attention { $added } counts this month: there are no more free cells here.
plan-what-if-others = The state would change elsewhere too: { $changes }.
plan-what-if-note = Worked out as if the visits were today, each in another cell where nobody was this month. Nothing is stored.
plan-under-way = Who goes where
plan-under-way-empty = Nobody has taken an outing yet.
plan-under-way-note = Other organisations see the city part and the day only.
plan-going = somebody goes, { $weekday } { $date }
plan-going-own = your team goes, { $weekday } { $date }
plan-new = New plan of outings
plan-unit = Where to
plan-unit-city-parts = to city parts
plan-unit-cells = to single cells (about 0.1 km²)
plan-outings = How many outings
plan-visits = Visits on one outing
plan-among = Only these city parts
plan-among-all = all
plan-among-help = Those to which the board sends you are chosen already. Empty the field to choose from all, by the expected gain of an outing. A deep white spot, where the first visits alone change nothing, then comes after the others.
plan-suggest = Suggest outings
plan-nothing-gains = No further outing would change anything now.
plan-visit-count =
    { $count ->
        [one] { $count } visit
       *[other] { $count } visits
    }
plan-gain = People in city parts that probably get too little attention will be fewer by about { $gain }.
plan-gain-units = Expected gain { $gain } in units of the chosen need.
plan-way =
    { $visits ->
        [one] About { $visits } visit pays best here: the probability of too little attention would fall from { $before } to { $after }.
       *[other] About { $visits } visits pay best here: the probability of too little attention would fall from { $before } to { $after }.
    }
plan-why = Why here: { $reasons }.
plan-reason-none = nothing is recorded here yet, and just because of that
plan-reasons-of = Reasons of the choice: { $where }
plan-own-places =
    { $count ->
        [one] { $count } own place
       *[other] { $count } own places
    }
plan-by-way = By itself this outing changes nothing that can be seen yet, nor do the others of this choice: it is chosen for the whole way.
plan-suggested-note = Ordered by expected gain: next is always the outing that, after those before it, lowers the sum of “need × probability of too little attention” over all city parts most. Cells of one city part differ only in what you know of them: no data say how many people live in them. You can change the reasons.
plan-title = Title of the plan
plan-title-help = No names of people.
plan-untitled = Plan of outings { $date }
plan-save = Save the plan
plan-saved = The plan is saved.
plan-saved-title = Saved plans
plan-saved-empty = Saved plans will be here. Begin by asking for outings.
plan-choose = Plan
plan-progress = { $finished } of { $total } outings are closed.
plan-download-csv = Download as a table (CSV)
plan-download-html = Download for print (HTML)
plan-item = Outing
plan-team = Number of the team
plan-team-help = Teams are numbered only, no names belong here.
plan-day = Day
plan-claim = Take the outing
plan-claimed = The outing is yours. Others see the city part and the day only.
plan-team-goes = team { $team } goes, { $weekday } { $date }
plan-team-overdue = team { $team } was to go, { $weekday } { $date }
plan-outcome = What came of it
plan-finish = Record the visit and close
plan-nobody = Nobody was there
plan-give-back = Give the outing back
plan-given-back = The outing is free again.
plan-finished = The outing is closed and the visit recorded.
plan-known-visit = Or a visit that is recorded already
plan-finish-known = Close with this visit
plan-withdraw = Withdraw the plan
plan-withdraw-sure = We no longer need the plan
plan-withdrawn = The plan is withdrawn. Recorded visits stay.
plan-column-day = Day
plan-column-where = Where
plan-column-visits = Visits
plan-column-why = Reason of the choice
plan-column-team = Team
plan-column-state = State
plan-column-note = Note
plan-column-by-hand = Notes by hand
plan-where-cell = { $city_part }, around { $lat } N, { $lon } E
plan-file-note = Internal plan of { $date }. It holds places of which little is known so far; the order is that of the expected gain of outings and rates neither places nor people. Do not pass it on outside the organisation.
