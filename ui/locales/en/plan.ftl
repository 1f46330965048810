plan-what-if = What if
plan-what-if-where = City part
plan-what-if-visits = Number of visits
plan-no-need = The chosen need has no usable figure for any city part, so there is nothing to compare with.
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
plan-what-if-too-small = It cannot be judged alone: the expected attention is { $expected }, and judging is possible from { $least }.
plan-what-if-low = Probability that there is too little attention: { $before } → { $after }.
plan-what-if-certainty = Certainty of the state shown: { $before } → { $after }.
plan-nothing-said = nothing is claimed
plan-what-if-gap = People in the gap: { $before } → { $after }.
plan-what-if-gap-units = Gap in units of the chosen need: { $before } → { $after }.
plan-what-if-full = Of { $visits } visits only attention of { $added } counts this month: there are no more free cells here.
plan-what-if-others = The state would change elsewhere too: { $changes }.
plan-what-if-note = Calculated as if the visits were today, each in a different cell where nobody has been this month. Nothing is stored.
plan-under-way = Who is going where
plan-under-way-empty = Nobody has taken an outing yet.
plan-under-way-note = Other organisations see only the city part and the day.
plan-going = somebody is going, { $weekday } { $date }
plan-going-own = your team is going, { $weekday } { $date }
plan-new = New plan of outings
plan-unit = Where to
plan-unit-city-parts = to city parts
plan-unit-cells = to single cells (about 0.1 km²)
plan-outings = How many outings
plan-visits = Visits on one outing
plan-among = Only these city parts
plan-among-all = all
plan-among-help = The city parts that the board recommends are preselected. Clear the field to choose from all of them by the expected gain of an outing. A deep white spot, where the first visits alone change nothing, then comes after the others.
plan-suggest = Suggest outings
plan-nothing-gains = No further outing would change anything now.
plan-visit-count =
    { $count ->
        [one] { $count } visit
       *[other] { $count } visits
    }
plan-gain = There will be about { $gain } fewer people in city parts that probably get too little attention.
plan-gain-units = Expected gain { $gain } in units of the chosen need.
plan-way =
    { $visits ->
        [one] About { $visits } visit pays best here: the probability of too little attention would fall from { $before } to { $after }.
       *[other] About { $visits } visits pay best here: the probability of too little attention would fall from { $before } to { $after }.
    }
plan-why = Why here: { $reasons }.
plan-reason-none = nothing is recorded here yet, and that is exactly why
plan-reasons-of = Reasons for the choice: { $where }
plan-own-places =
    { $count ->
        [one] { $count } own place
       *[other] { $count } own places
    }
plan-by-way = On its own this outing changes nothing noticeable yet, and neither do the others in this selection: it is chosen for what a whole series of visits will bring.
plan-suggested-note = Ordered by expected gain: next is always the outing that, after those before it, most lowers the sum of “need × probability of too little attention” over all city parts. Cells of one city part differ only in what you know about them: no data say how many people live in them. You can edit the reasons.
plan-title = Name of the plan
plan-title-help = No names of people.
plan-untitled = Plan of outings { $date }
plan-save = Save the plan
plan-saved = The plan is saved.
plan-saved-title = Saved plans
plan-saved-empty = Saved plans will appear here. Start by having outings suggested.
plan-choose = Plan
plan-progress = { $finished } of { $total } outings are closed.
plan-download-csv = Download the table (CSV)
plan-download-html = Download for printing (HTML)
plan-item = Outing
plan-team = Team number
plan-team-help = Teams only have numbers, no names belong here.
plan-day = Day
plan-claim = Take the outing
plan-claimed = The outing is yours. Others see only the city part and the day.
plan-team-goes = team { $team } is going, { $weekday } { $date }
plan-team-overdue = team { $team } was due to go, { $weekday } { $date }
plan-outcome = How it went
plan-finish = Record the visit and close
plan-nobody = Nobody was there
plan-give-back = Give the outing back
plan-given-back = The outing is free again.
plan-finished = The outing is closed and the visit recorded.
plan-known-visit = Or a visit that is already recorded
plan-finish-known = Close with this visit
plan-withdraw = Withdraw the plan
plan-withdraw-sure = We no longer need the plan
plan-withdrawn = The plan is withdrawn. Recorded visits stay.
plan-column-day = Day
plan-column-where = Where
plan-column-visits = Visits
plan-column-why = Reason for the choice
plan-column-team = Team
plan-column-state = State
plan-column-note = Note
plan-column-by-hand = Handwritten notes
plan-where-cell = { $city_part }, around { $lat } N, { $lon } E
plan-file-note = Internal plan of { $date }. It lists places about which little is known so far; the order follows the expected gain of outings and rates neither places nor people. Do not pass it on outside the organisation.
