board-what = Where the need is great, few go and nobody answers. Need, knowledge and answer stand side by side and are never added up to one number.
board-not-allowed = This page is only for those who see field records.
board-internal = For internal use only. To others we say “little information so far”, and city parts are not ranked.
board-tab = Question
board-tab-go = Where to go
board-tab-write = Whom to write to
board-tab-go-what = How much attention a city part gets compared with what its need calls for. A high share of foreigners alone is no reason to send a team.
board-tab-write-what = Where there are many foreigners per 100 Czech citizens and there is no contact with the town hall. Shares of all inhabitants are on the map and are not mixed in here.
board-need = Need by
board-as-of = As of
board-as-of-help = Counts only what had happened and was also recorded by that day.
board-as-of-past = The board as of { $date }. It counts only what had happened and was also recorded by that day; the need is today’s.
board-as-of-past-write = Contacts as of { $date }. Only what was noted by that day counts; what ICP published has no date and always counts. The shares are today’s.
board-scope = Which city parts
board-scope-all = all
board-scope-mine = mine
board-mine = My city parts
board-mine-none = You have not chosen any city part yet. Choose them in the filters, in the field “My city parts”.
board-mine-keep = Remember
board-mine-kept = The choice is remembered for your organisation.
board-district = Administrative district
board-district-all = all districts
board-district-number = Praha { $number }
board-states = State
board-states-all = all states
board-sort = Sort by
board-sort-advice = recommendation
board-sort-gap = people in the gap
board-sort-certainty = certainty
board-sort-need = need
board-sort-name = name
board-filters = Filters
board-top = Go here next week: { $parts }.
board-top-past = By what was known on that day, the board would have sent you here: { $parts }.
board-top-write = Write to: { $parts }.
board-top-ask = First find out whether there is contact with the town hall: { $parts }.
board-top-write-part = { $name } ({ $share } foreigners per 100 Czech citizens)
board-top-cold = Begin here: { $parts }. How sure that is cannot be said yet: there are few records, and the order follows need and answer alone.
board-top-small = Of the small ones that cannot be judged alone, begin with { $name }.
board-top-part = { $name } ({ $sure }: { $why })
board-top-part-cold = { $name } ({ $why })
board-top-why-unseen = according to the records nobody has been here; the need calls for attention of { $expected }
board-top-why-seen = attention { $observed }; the need calls for { $expected }
board-top-why-worth = of those left, an outing here has the greatest expected gain now
board-joint-which = Which ones they are
board-next = Where to go next
board-next-cold = Where to begin
board-next-cold-why = No records yet. The order follows need and answer only, not who has been where.
board-next-cold-why-some = There are too few records so far to say anything about any city part. The order follows need and answer only, not who has been where.
board-next-number = { $number }. { $name }
board-small = Of the small ones: { $name }
board-close = Close
board-list = City parts
board-list-count = { $shown } of { $all }
board-list-more = Show more
board-list-empty = No city part matches the filter.
board-view = Show as
board-view-list = list
board-view-table = table
board-choose = Choose a city part
board-legend = Legend
board-legend-hatched = hatched means uncertain
board-certainty = certainty { $value }
board-probability-over = over { $value }
board-probability-under = less than { $value }
board-certainty-none = certainty cannot be determined
board-lens-need = need
board-lens-knowledge = knowledge
board-lens-answer = answer
board-need-low = in the lower third of city parts
board-need-middle = in the middle third of city parts
board-need-high = in the upper third of city parts
board-need-none = no figure
board-knowledge-none = no record
board-knowledge-cold = too few records for a conclusion
board-knowledge-low = much less than the need calls for
board-knowledge-middle = less than the need calls for
board-knowledge-high = as much as the need calls for, or more
board-answer-low = no service in the city part, contact with the town hall not stated or none
board-answer-middle = a service in the city part, or contact with the town hall
board-answer-high = a service in the city part and contact with the town hall
board-gap = people in the gap: about { $value }
board-gap-units = gap in units of the chosen need: { $value }
board-cold = No records yet
board-cold-some = Few records so far
board-cold-text = There are too few records to say anything about any city part. Sorted by need and answer. A city part without a record is not one where nobody goes.
board-says-white-spot-seen = Much less attention than the need calls for: { $observed }, expected { $expected }. { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}, last in { $month }.
board-says-white-spot-unseen = According to the records nobody has been here, although the need calls for attention of { $expected }.
board-says-probable-seen = Probably less attention than the need calls for: { $observed }, expected { $expected }. { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}, last in { $month }.
board-says-probable-unseen = According to the records nobody has been here. The need calls for attention of { $expected }, too little for a sure conclusion.
board-says-cannot-tell-seen = { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}, last in { $month }. It cannot be judged alone: the expected attention is only { $expected }.
board-says-cannot-tell-unseen = No record. It cannot be judged alone: the expected attention is only { $expected }, so zero means nothing.
board-says-known = Attention in proportion to the need: { $observed }, expected { $expected }. Last in { $month }.
board-says-over-covered = More attention than the need calls for: { $observed }, expected { $expected }. Last in { $month }.
board-says-cold-seen = { $visits ->
    [one] { $visits } visit
   *[other] { $visits } visits
}, last in { $month }. In all of Prague there are still too few records for a conclusion. { $services ->
    [0] No service is known in the city part.
    [one] { $services } service in the city part.
   *[other] { $services } services in the city part.
}
board-says-cold-unseen = No records yet. { $services ->
    [0] No service is known in the city part.
    [one] { $services } service in the city part.
   *[other] { $services } services in the city part.
}
board-says-no-need = The figure for the need is missing here or cannot be used, so the city part cannot be judged.
board-joint-white-spot = { $count ->
    [one] { $count } city part that cannot be judged alone
   *[other] { $count } city parts that cannot be judged alone
}: expected attention together { $expected }, actual { $observed }. Together they are a white spot.
board-joint-probable = { $count ->
    [one] { $count } city part that cannot be judged alone
   *[other] { $count } city parts that cannot be judged alone
}: expected attention together { $expected }, actual { $observed }. Together they are probably a white spot.
board-joint-cannot-tell = { $count ->
    [one] { $count } city part that cannot be judged alone
   *[other] { $count } city parts that cannot be judged alone
}: expected attention together { $expected }, actual { $observed }. Even together that is too little for a conclusion.
board-joint-known = { $count ->
    [one] { $count } city part that cannot be judged alone
   *[other] { $count } city parts that cannot be judged alone
}: expected attention together { $expected }, actual { $observed }. Together they are visited as expected; single ones may differ.
board-joint-over-covered = { $count ->
    [one] { $count } city part that cannot be judged alone
   *[other] { $count } city parts that cannot be judged alone
}: expected attention together { $expected }, actual { $observed }. Together they are visited more than others; single ones may differ.
board-write-above-none = { $share } foreigners per 100 Czech citizens, and no contact with the town hall: write.
board-write-above-long-past = { $share } foreigners per 100 Czech citizens, and the last contact with the town hall is long past: write again.
board-write-above-not-stated = { $share } foreigners per 100 Czech citizens. Contact with the town hall is not stated: first find out whether there is any.
board-write-above-in-contact = { $share } foreigners per 100 Czech citizens. There is contact with the town hall.
board-write-above-none-on = { $share } foreigners per 100 Czech citizens, and no contact with the town hall on { $day }: write.
board-write-above-long-past-on = { $share } foreigners per 100 Czech citizens, and the last contact with the town hall is long past ({ $day }): write again.
board-write-above-approached = { $share } foreigners per 100 Czech citizens. The town hall has been approached, there is no contact yet.
board-write-above-approached-on = { $share } foreigners per 100 Czech citizens. The town hall was approached on { $day }, there is no contact yet.
board-write-above-in-contact-on = { $share } foreigners per 100 Czech citizens. There is contact with the town hall, last on { $day }.
board-write-just-below = Just below the threshold of { $threshold }: { $share } foreigners per 100 Czech citizens.
board-write-below = Below the threshold of { $threshold }: { $share } foreigners per 100 Czech citizens.
board-write-no-figure = No share can be given here.
board-write-nobody = By what is stated there is nobody to write to now: no city part has a high share together with contact stated as none or long past.
board-left-out = What is not counted
board-left-out-line = { $reason }: { $total } ({ $examples })
board-left-out-line-plain = { $reason }: { $total }
board-left-out-visits = Visits
board-left-out-need = Figures on need
board-cells-note = The cells show records of your organisation only. Where it says “never visited”, others may have been there.
board-evidence = { $name }: what this is based on
board-evidence-state = State
board-evidence-need = Need
board-evidence-knowledge = Knowledge
board-evidence-answer = Answer
board-evidence-need-value = { $label }: { $value }
board-evidence-need-equal = All city parts are given the same need. No data are used.
board-evidence-visits = { $visits ->
    [0] No visit.
    [one] { $visits } visit by all organisations.
   *[other] { $visits } visits by all organisations.
}
board-evidence-organisations = { $count ->
    [one] { $count } organisation was here.
   *[other] { $count } organisations were here.
}
board-evidence-cells = { $visited } of { $cells } cells (about 0.1 km² each) visited, counted month by month { $months } times. Last in { $month }.
board-evidence-places = Places of your organisation: { $count }.
board-evidence-attention = Attention { $observed }; the need calls for { $expected }.
board-evidence-expected-how = What the need calls for: attention { $total } of all Prague × this city part’s share of the need { $share }, that is { $expected }.
board-evidence-attention-how = Attention: a cell where somebody was in a given month counts once, after { $half } months it weighs half, and one cell counts at most { $saturation }. Finding nothing counts too.
board-evidence-theta = Estimate against what was expected: { $mean } times, with a probability of { $interval } between { $low } and { $high }.
board-evidence-low = Probability that attention is less than { $ratio } times what is expected: { $value }.
board-evidence-gap-how = People in the gap: need { $need } × the missing part of the estimate (1 − { $mean }). Where attention is as expected or more, there is no gap.
board-evidence-zero-none = Even if nobody had been here, it could be chance: less than { $least } is expected.
board-evidence-zero-five-percent = If nobody had been here, that would happen by chance in at most 5 cases out of 100.
board-evidence-zero-one-percent = If nobody had been here, that would happen by chance in at most 1 case out of 100.
board-evidence-declared = Organisations that state they work here: { $count }.
board-evidence-records = Records of your organisation
board-evidence-records-none = Your organisation has recorded no visit here.
board-evidence-record-day = Day
board-evidence-record-outcome = Outcome
board-evidence-record-recorded = Recorded
board-evidence-services = { $count ->
    [0] No service is known in the city part.
    [one] { $count } service in the city part: { $names }
   *[other] { $count } services in the city part: { $names }
}
board-evidence-nearest = Nearest social or legal advice: { $name }, { $km } km as the crow flies from the middle of the city part.
board-evidence-contact = Contact with the town hall: { $status }.
board-evidence-contact-source = As published by ICP, undated. “Not stated” does not mean that there is no contact.
board-evidence-contact-others = As noted by another organisation.
board-evidence-contact-own = As noted by your organisation.
board-evidence-contact-on = Contact with the town hall: { $status }, as of { $date }.
board-evidence-threshold = Threshold from which to write: { $threshold } foreigners per 100 Czech citizens.
board-evidence-share-how = Czech citizens are all inhabitants minus foreigners, from the same source. This is not a share of inhabitants.
board-step = Next step
board-step-page = Open the page of the city part
board-step-cells = Show visited cells
board-step-cells-hide = Back to all Prague
board-step-record = Record a visit
board-step-plan = Plan an outing
board-step-letter = Prepare material for the town hall
board-plans = What if, and plans of outings
board-history = Change over time
board-history-what = What the board would have said in past weeks, and which white spots have been closed since.
board-history-weeks = How many weeks back
board-history-none = No white spot was closed in that time.
board-history-closed = { $name }: a white spot since { $since }, closed { $closed }, in { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
}. { $who }
board-history-before = { $name }: a white spot since { $since } at the latest, closed { $closed }, in { $weeks ->
    [one] at least { $weeks } week
   *[other] at least { $weeks } weeks
}. { $who }
board-history-own = Your organisation: { $visits ->
    [one] { $visits } visit.
   *[other] { $visits } visits.
}
board-history-others = Other organisations: { $visits ->
    [one] { $visits } visit.
   *[other] { $visits } visits.
}
board-history-nobody = No visit closed it: attention elsewhere has aged in the meantime.
board-history-open = White spots not closed yet: { $count }
board-history-open-line = { $name }: since { $since }
board-history-open-line-before = { $name }: since { $since } at the latest
board-history-chart = Number of city parts
board-settings = Settings of the calculation
board-settings-what = Every number that decides something. A change holds for you alone until you leave the page.
board-settings-reset = Default values
board-settings-default = default { $value }
board-set-half-life-months = Half-life of attention (months)
board-set-cell-saturation = At most from one cell
board-set-low-ratio = Little means below this multiple of the expected
board-set-high-ratio = Much means above this multiple of the expected
board-set-white-spot-probability = White spot from a probability of
board-set-probable-probability = Probably a white spot from
board-set-over-covered-probability = More than elsewhere from a probability of
board-set-min-expected = Least expected attention
board-set-strong-expected = Expected attention for 1%
board-set-interval = Probability inside the range
board-set-neglected-share = Share of city parts passed over
board-set-neglected-ratio = Attention to those passed over
board-set-dispersion-min = Dispersion: from
board-set-dispersion-max = Dispersion: to
board-set-dispersion-steps = Dispersion: steps
board-set-dispersion-without-records = Dispersion without records
board-set-threshold-pct = Threshold of foreigners relative to Czech citizens (%)
board-set-band-points = Just below the threshold (percentage points)
board-set-long-past-months = Contact long past (months)
board-col-city-part = City part
board-col-district = District
board-col-state = State
board-col-certainty = Certainty (%)
board-col-need = Need
board-col-gap = People in the gap
board-col-visits = Visits
board-col-last = Last visit
board-col-cells = Visited cells
board-col-services = Services
board-col-contact = Contact with the town hall
board-col-share = Foreigners per 100 Czech citizens
board-col-sentence = In words
