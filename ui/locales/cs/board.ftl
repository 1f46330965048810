board-what = Kde je velká potřeba, málo se tam chodí a nikdo neodpovídá. Potřeba, znalost a odpověď stojí vedle sebe, do jednoho čísla se nesčítají.
board-not-allowed = Tato stránka je jen pro ty, kdo vidí záznamy z terénu.
board-internal = Jen pro vnitřní potřebu. Navenek se říká „dosud málo informací“ a městské části se neřadí.
board-tab = Otázka
board-tab-go = Kam jít
board-tab-write = Komu napsat
board-tab-go-what = Kolik se kam chodí proti tomu, kolik by odpovídalo potřebě. Vysoký podíl cizinců sám o sobě není důvod, proč někam vyslat tým.
board-tab-write-what = Kde je podíl cizinců na občanech ČR vysoký a s úřadem městské části není kontakt. Podíly na obyvatelích jsou na mapě a sem se nemíchají.
board-need = Potřeba podle
board-as-of = Stav ke dni
board-as-of-help = Počítá jen s tím, co se do toho dne stalo a bylo i zapsáno.
board-as-of-past = Tabule ke dni { $date }. Počítá jen s tím, co se do toho dne stalo a bylo i zapsáno; potřeba je dnešní.
board-as-of-past-write = Kontakty ke dni { $date }. Počítá se jen to, co bylo do toho dne zapsáno; co zveřejnilo ICP, nemá datum a platí vždy. Podíly jsou dnešní.
board-scope = Které městské části
board-scope-all = všechny
board-scope-mine = moje
board-mine = Moje městské části
board-mine-none = Zatím nemáte vybranou žádnou městskou část. Vyberte je ve filtrech v poli „Moje městské části“.
board-mine-keep = Zapamatovat
board-mine-kept = Výběr je zapamatovaný pro vaši organizaci.
board-district = Správní obvod
board-district-all = všechny obvody
board-district-number = Praha { $number }
board-states = Stav
board-states-all = všechny stavy
board-sort = Řadit podle
board-sort-advice = doporučení
board-sort-gap = lidí v mezeře
board-sort-certainty = jistoty
board-sort-need = potřeby
board-sort-name = názvu
board-filters = Filtry
board-top = Příští týden jděte sem: { $parts }.
board-top-past = Podle toho, co se k tomu dni vědělo, by tabule poslala sem: { $parts }.
board-top-write = Napsat sem: { $parts }.
board-top-ask = Nejdřív zjistěte, zda je s úřadem kontakt: { $parts }.
board-top-write-part = { $name } ({ $share } cizinců na 100 občanů ČR)
board-top-cold = Začněte tady: { $parts }. Jak jisté to je, zatím říci nelze: záznamů je málo a pořadí je jen podle potřeby a odpovědi.
board-top-small = Z malých, které nelze posoudit samostatně, začněte v městské části { $name }.
board-top-part = { $name } ({ $sure }: { $why })
board-top-part-cold = { $name } ({ $why })
board-top-why-unseen = podle záznamů tu nikdo nebyl, potřebě by odpovídala pozornost { $expected }
board-top-why-seen = pozornost { $observed }, potřebě by odpovídalo { $expected }
board-top-why-worth = výjezd sem má teď ze zbývajících největší očekávaný přínos
board-joint-which = Které to jsou
board-next = Kam jít jako další
board-next-cold = Kde začít
board-next-cold-why = Zatím bez záznamů. Pořadí je jen podle potřeby a odpovědi, ne podle toho, kde kdo byl.
board-next-cold-why-some = Záznamů je zatím málo na to, aby se o některé městské části dalo něco říci. Pořadí je jen podle potřeby a odpovědi, ne podle toho, kde kdo byl.
board-next-number = { $number }. { $name }
board-small = Z malých: { $name }
board-close = Zavřít
board-list = Městské části
board-list-count = { $shown } z { $all }
board-list-more = Ukázat další
board-list-empty = Filtru neodpovídá žádná městská část.
board-view = Zobrazit jako
board-view-list = seznam
board-view-table = tabulka
board-choose = Vybrat městskou část
board-legend = Vysvětlivky
board-legend-hatched = šrafované je nejisté
board-certainty = jistota { $value }
board-probability-over = přes { $value }
board-probability-under = méně než { $value }
board-certainty-none = jistotu nelze určit
board-lens-need = potřeba
board-lens-knowledge = znalost
board-lens-answer = odpověď
board-need-low = v dolní třetině městských částí
board-need-middle = ve střední třetině městských částí
board-need-high = v horní třetině městských částí
board-need-none = údaj chybí
board-knowledge-none = bez záznamu
board-knowledge-cold = pro závěr je záznamů málo
board-knowledge-low = mnohem méně, než odpovídá potřebě
board-knowledge-middle = méně, než odpovídá potřebě
board-knowledge-high = tolik, kolik odpovídá potřebě, nebo víc
board-answer-low = bez služby v městské části, kontakt s úřadem neuveden nebo není
board-answer-middle = služba v městské části, nebo kontakt s úřadem
board-answer-high = služba v městské části i kontakt s úřadem
board-gap = lidí v mezeře: asi { $value }
board-gap-units = mezera v jednotkách zvolené potřeby: { $value }
board-cold = Zatím bez záznamů
board-cold-some = Záznamů je zatím málo
board-cold-text = Na to, aby se o některé městské části dalo něco říci, je záznamů málo. Řazeno podle potřeby a odpovědi. O městské části bez záznamu neplatí, že tam nikdo nechodí.
board-says-white-spot-seen = Chodí se sem mnohem méně, než odpovídá potřebě: pozornost { $observed }, očekávaná { $expected }. { $visits ->
    [one] { $visits } návštěva
    [few] { $visits } návštěvy
   *[other] { $visits } návštěv
}, naposledy { $month }.
board-says-white-spot-unseen = Podle záznamů tu nikdo nebyl, přitom potřebě by odpovídala pozornost { $expected }.
board-says-probable-seen = Zřejmě se sem chodí méně, než odpovídá potřebě: pozornost { $observed }, očekávaná { $expected }. { $visits ->
    [one] { $visits } návštěva
    [few] { $visits } návštěvy
   *[other] { $visits } návštěv
}, naposledy { $month }.
board-says-probable-unseen = Podle záznamů tu nikdo nebyl. Potřebě by odpovídala pozornost { $expected }, pro jistý závěr je to málo.
board-says-cannot-tell-seen = { $visits ->
    [one] { $visits } návštěva
    [few] { $visits } návštěvy
   *[other] { $visits } návštěv
}, naposledy { $month }. Samostatně ji posoudit nelze: očekávaná pozornost je jen { $expected }.
board-says-cannot-tell-unseen = Bez záznamu. Samostatně ji posoudit nelze: očekávaná pozornost je jen { $expected }, takže nula nic neznamená.
board-says-known = Chodí se sem přiměřeně potřebě: pozornost { $observed }, očekávaná { $expected }. Naposledy { $month }.
board-says-over-covered = Chodí se sem víc, než odpovídá potřebě: pozornost { $observed }, očekávaná { $expected }. Naposledy { $month }.
board-says-cold-seen = { $visits ->
    [one] { $visits } návštěva
    [few] { $visits } návštěvy
   *[other] { $visits } návštěv
}, naposledy { $month }. Pro závěr je v celé Praze zatím málo záznamů. { $services ->
    [0] Služba v městské části není známa.
    [one] { $services } služba v městské části.
    [few] { $services } služby v městské části.
   *[other] { $services } služeb v městské části.
}
board-says-cold-unseen = Zatím bez záznamů. { $services ->
    [0] Služba v městské části není známa.
    [one] { $services } služba v městské části.
    [few] { $services } služby v městské části.
   *[other] { $services } služeb v městské části.
}
board-says-no-need = Údaj o potřebě tu chybí nebo ho nelze použít, proto městskou část nelze posoudit.
board-joint-white-spot = { $count ->
    [one] { $count } městská část, kterou nelze posoudit samostatně
    [few] { $count } městské části, které nelze posoudit samostatně
   *[other] { $count } městských částí, které nelze posoudit samostatně
}: očekávaná pozornost dohromady { $expected }, skutečná { $observed }. Dohromady jsou bílým místem.
board-joint-probable = { $count ->
    [one] { $count } městská část, kterou nelze posoudit samostatně
    [few] { $count } městské části, které nelze posoudit samostatně
   *[other] { $count } městských částí, které nelze posoudit samostatně
}: očekávaná pozornost dohromady { $expected }, skutečná { $observed }. Dohromady jsou zřejmě bílým místem.
board-joint-cannot-tell = { $count ->
    [one] { $count } městská část, kterou nelze posoudit samostatně
    [few] { $count } městské části, které nelze posoudit samostatně
   *[other] { $count } městských částí, které nelze posoudit samostatně
}: očekávaná pozornost dohromady { $expected }, skutečná { $observed }. Ani dohromady to pro závěr nestačí.
board-joint-known = { $count ->
    [one] { $count } městská část, kterou nelze posoudit samostatně
    [few] { $count } městské části, které nelze posoudit samostatně
   *[other] { $count } městských částí, které nelze posoudit samostatně
}: očekávaná pozornost dohromady { $expected }, skutečná { $observed }. Dohromady se do nich chodí přiměřeně; v jednotlivých to může být jinak.
board-joint-over-covered = { $count ->
    [one] { $count } městská část, kterou nelze posoudit samostatně
    [few] { $count } městské části, které nelze posoudit samostatně
   *[other] { $count } městských částí, které nelze posoudit samostatně
}: očekávaná pozornost dohromady { $expected }, skutečná { $observed }. Dohromady se do nich chodí víc než jinam; v jednotlivých to může být jinak.
board-write-above-none = Na 100 občanů ČR připadá { $share } cizinců a kontakt s úřadem není: napsat.
board-write-above-long-past = Na 100 občanů ČR připadá { $share } cizinců a poslední kontakt s úřadem je dávný: napsat znovu.
board-write-above-not-stated = Na 100 občanů ČR připadá { $share } cizinců. Kontakt s úřadem není uveden: nejdřív zjistit, zda nějaký je.
board-write-above-in-contact = Na 100 občanů ČR připadá { $share } cizinců. Kontakt s úřadem je.
board-write-above-none-on = Na 100 občanů ČR připadá { $share } cizinců a k { $day } kontakt s úřadem nebyl: napsat.
board-write-above-long-past-on = Na 100 občanů ČR připadá { $share } cizinců a poslední kontakt s úřadem je dávný, z { $day }: napsat znovu.
board-write-above-approached = Na 100 občanů ČR připadá { $share } cizinců. Úřad je osloven, kontakt zatím není.
board-write-above-approached-on = Na 100 občanů ČR připadá { $share } cizinců. Úřad byl osloven { $day }, kontakt zatím není.
board-write-above-in-contact-on = Na 100 občanů ČR připadá { $share } cizinců. Kontakt s úřadem je, naposledy { $day }.
board-write-just-below = Těsně pod hranicí { $threshold }: na 100 občanů ČR připadá { $share } cizinců.
board-write-below = Pod hranicí { $threshold }: na 100 občanů ČR připadá { $share } cizinců.
board-write-no-figure = Podíl tu nelze uvést.
board-write-nobody = Podle toho, co je uvedeno, teď není komu psát: žádná městská část nemá vysoký podíl a kontakt uvedený jako žádný nebo dávný.
board-left-out = Co se nepočítá
board-left-out-line = { $reason }: { $total } ({ $examples })
board-left-out-line-plain = { $reason }: { $total }
board-left-out-visits = Návštěvy
board-left-out-need = Údaje o potřebě
board-cells-note = Buňky ukazují jen záznamy vaší organizace. Kde je „bez návštěvy“, mohl být někdo jiný.
board-evidence = { $name }: na čem to stojí
board-evidence-state = Stav
board-evidence-need = Potřeba
board-evidence-knowledge = Znalost
board-evidence-answer = Odpověď
board-evidence-need-value = { $label }: { $value }
board-evidence-need-equal = Všem městským částem je přisouzena stejná potřeba. Žádná data se nepoužívají.
board-evidence-visits = { $visits ->
    [0] Žádná návštěva.
    [one] { $visits } návštěva všech organizací.
    [few] { $visits } návštěvy všech organizací.
   *[other] { $visits } návštěv všech organizací.
}
board-evidence-organisations = { $count ->
    [one] Byla tu { $count } organizace.
    [few] Byly tu { $count } organizace.
   *[other] Bylo tu { $count } organizací.
}
board-evidence-cells = Navštíveno { $visited } z { $cells } buněk (asi 0,1 km²), počítáno po měsících { $months }×. Naposledy { $month }.
board-evidence-places = Místa vaší organizace: { $count }.
board-evidence-attention = Pozornost { $observed }, potřebě by odpovídalo { $expected }.
board-evidence-expected-how = Kolik by odpovídalo: pozornost { $total } za celou Prahu × podíl městské části na potřebě { $share }, tedy { $expected }.
board-evidence-attention-how = Pozornost: buňka, kde v měsíci někdo byl, se počítá jednou, po { $half } měsících váží polovinu a jedna buňka unese nejvýš { $saturation }. Nic nenalezeno se počítá také.
board-evidence-theta = Odhad proti očekávání: { $mean }násobek, s pravděpodobností { $interval } mezi { $low } a { $high }.
board-evidence-low = Pravděpodobnost, že je pozornosti méně než { $ratio }násobek očekávané: { $value }.
board-evidence-gap-how = Lidé v mezeře: potřeba { $need } × chybějící část odhadu (1 − { $mean }). Kde se chodí aspoň podle očekávání, je mezera nulová.
board-evidence-zero-none = I kdyby tu nikdo nebyl, mohla by to být náhoda: očekává se méně než { $least }.
board-evidence-zero-five-percent = Kdyby tu nikdo nebyl, náhodou by se to stalo nejvýš v 5 případech ze 100.
board-evidence-zero-one-percent = Kdyby tu nikdo nebyl, náhodou by se to stalo nejvýš v 1 případu ze 100.
board-evidence-declared = Působnost tu ohlásily organizace: { $count }.
board-evidence-records = Záznamy vaší organizace
board-evidence-records-none = Vaše organizace tu nemá žádnou návštěvu.
board-evidence-record-day = Den
board-evidence-record-outcome = Výsledek
board-evidence-record-recorded = Zapsáno
board-evidence-services = { $count ->
    [0] Služba v městské části není známa.
    [one] { $count } služba v městské části: { $names }
    [few] { $count } služby v městské části: { $names }
   *[other] { $count } služeb v městské části: { $names }
}
board-evidence-nearest = Nejbližší sociální nebo právní poradna: { $name }, { $km } km vzdušnou čarou od středu městské části.
board-evidence-contact = Kontakt s úřadem: { $status }.
board-evidence-contact-source = Jak zveřejnilo ICP, nedatováno. „Neuvedeno“ neznamená, že kontakt není.
board-evidence-contact-others = Jak zapsala jiná organizace.
board-evidence-contact-own = Jak zapsala vaše organizace.
board-evidence-contact-on = Kontakt s úřadem: { $status }, k { $date }.
board-evidence-threshold = Hranice, od které se píše: { $threshold } cizinců na 100 občanů ČR.
board-evidence-share-how = Občané ČR jsou počet obyvatel minus cizinci ze stejného zdroje. Není to podíl na obyvatelích.
board-step = Další krok
board-step-page = Otevřít stránku městské části
board-step-cells = Ukázat navštívené buňky
board-step-cells-hide = Zpět na celou Prahu
board-step-record = Zaznamenat návštěvu
board-step-plan = Naplánovat výjezd
board-step-letter = Připravit podklad pro úřad
board-plans = Co kdyby a plány výjezdů
board-history = Vývoj v čase
board-history-what = Co by tabule říkala v minulých týdnech a která bílá místa se od té doby uzavřela.
board-history-weeks = Kolik týdnů zpět
board-history-none = Za tu dobu se žádné bílé místo neuzavřelo.
board-history-closed = { $name }: bílé místo od { $since }, uzavřeno { $closed }, za { $weeks ->
    [one] { $weeks } týden
    [few] { $weeks } týdny
   *[other] { $weeks } týdnů
}. { $who }
board-history-before = { $name }: bílé místo nejpozději od { $since }, uzavřeno { $closed }, za { $weeks ->
    [one] nejméně { $weeks } týden
    [few] nejméně { $weeks } týdny
   *[other] nejméně { $weeks } týdnů
}. { $who }
board-history-own = Vaše organizace: { $visits ->
    [one] { $visits } návštěva.
    [few] { $visits } návštěvy.
   *[other] { $visits } návštěv.
}
board-history-others = Ostatní organizace: { $visits ->
    [one] { $visits } návštěva.
    [few] { $visits } návštěvy.
   *[other] { $visits } návštěv.
}
board-history-nobody = Neuzavřela ho návštěva: pozornost jinde mezitím zestárla.
board-history-open = Zatím neuzavřená bílá místa: { $count }
board-history-open-line = { $name }: od { $since }
board-history-open-line-before = { $name }: nejpozději od { $since }
board-history-chart = Počet městských částí
board-settings = Nastavení výpočtu
board-settings-what = Každé číslo, které o něčem rozhoduje. Změna platí jen pro vás, dokud stránku neopustíte.
board-settings-reset = Výchozí hodnoty
board-settings-default = výchozí { $value }
board-set-half-life-months = Poločas pozornosti (měsíce)
board-set-cell-saturation = Nejvýš z jedné buňky
board-set-low-ratio = Málo je pod násobkem očekávané
board-set-high-ratio = Hodně je nad násobkem očekávané
board-set-white-spot-probability = Bílé místo od pravděpodobnosti
board-set-probable-probability = Pravděpodobně bílé místo od
board-set-over-covered-probability = Víc než jinde od pravděpodobnosti
board-set-min-expected = Nejmenší očekávaná pozornost
board-set-strong-expected = Očekávaná pozornost pro 1 %
board-set-interval = Pravděpodobnost uvnitř rozpětí
board-set-neglected-share = Podíl opomíjených městských částí
board-set-neglected-ratio = Pozornost opomíjených
board-set-dispersion-min = Rozptyl: od
board-set-dispersion-max = Rozptyl: do
board-set-dispersion-steps = Rozptyl: kroků
board-set-dispersion-without-records = Rozptyl bez záznamů
board-set-threshold-pct = Hranice podílu na občanech ČR (%)
board-set-band-points = Těsně pod hranicí (procentní body)
board-set-long-past-months = Dávný kontakt (měsíce)
board-col-city-part = Městská část
board-col-district = Správní obvod
board-col-state = Stav
board-col-certainty = Jistota (%)
board-col-need = Potřeba
board-col-gap = Lidí v mezeře
board-col-visits = Návštěv
board-col-last = Naposledy
board-col-cells = Navštívených buněk
board-col-services = Služeb
board-col-contact = Kontakt s úřadem
board-col-share = Cizinců na 100 občanů ČR
board-col-sentence = Slovy
