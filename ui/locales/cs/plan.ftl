plan-what-if = Co kdyby
plan-what-if-where = Městská část
plan-what-if-visits = Počet návštěv
plan-no-need = Zvolená potřeba nemá pro žádnou městskou část použitelný údaj, není s čím porovnávat.
plan-what-if-same =
    { $visits ->
        [one] { $city_part }: po { $visits } návštěvě zůstane stav „{ $before }“.
        [few] { $city_part }: po { $visits } návštěvách zůstane stav „{ $before }“.
       *[other] { $city_part }: po { $visits } návštěvách zůstane stav „{ $before }“.
    }
plan-what-if-changed =
    { $visits ->
        [one] { $city_part }: po { $visits } návštěvě se stav změní z „{ $before }“ na „{ $after }“.
        [few] { $city_part }: po { $visits } návštěvách se stav změní z „{ $before }“ na „{ $after }“.
       *[other] { $city_part }: po { $visits } návštěvách se stav změní z „{ $before }“ na „{ $after }“.
    }
plan-what-if-too-small = Samostatně to nejde posoudit: očekávalo by se tu { $expected } a posoudit lze až od { $least }.
plan-what-if-low = Pravděpodobnost, že je pozornosti málo: { $before } → { $after }.
plan-what-if-certainty = Jistota toho, co stav říká: { $before } → { $after }.
plan-nothing-said = nic se netvrdí
plan-what-if-gap = Lidí v mezeře: { $before } → { $after }.
plan-what-if-gap-units = Mezera v jednotkách zvolené potřeby: { $before } → { $after }.
plan-what-if-full = Z { $visits } návštěv se tento měsíc započítá jen pozornost { $added }: víc volných buněk tu není.
plan-what-if-others = Zároveň by se změnil stav jinde: { $changes }.
plan-what-if-note = Počítá se, jako by návštěvy byly dnes a každá v jiné buňce, kde tento měsíc nikdo nebyl. Nic se neukládá.
plan-under-way = Kdo kde jde
plan-under-way-empty = Zatím si nikdo žádný výjezd nevzal.
plan-under-way-note = Ostatní organizace vidí jen městskou část a den.
plan-going = někdo jde, { $weekday } { $date }
plan-going-own = jde váš tým, { $weekday } { $date }
plan-new = Nový plán výjezdů
plan-unit = Kam
plan-unit-city-parts = do městských částí
plan-unit-cells = do jednotlivých buněk (asi 0,1 km²)
plan-outings = Kolik výjezdů
plan-visits = Návštěv na jednom výjezdu
plan-among = Jen tyto městské části
plan-among-all = všechny
plan-among-help = Předvybrané jsou ty, kam tabule radí jít. Když pole vyprázdníte, vybírá se ze všech podle očekávaného přínosu výjezdu. Hluboké bílé místo, kde první návštěvy samy nic nezmění, je pak až za ostatními.
plan-suggest = Navrhnout výjezdy
plan-nothing-gains = Žádný další výjezd by teď nic nezměnil.
plan-visit-count =
    { $count ->
        [one] { $count } návštěva
        [few] { $count } návštěvy
       *[other] { $count } návštěv
    }
plan-gain = Lidí v městských částech, kde je pozornosti nejspíš málo, ubude asi { $gain }.
plan-gain-units = Očekávaný přínos { $gain } v jednotkách zvolené potřeby.
plan-way =
    { $visits ->
        [one] Nejvíc se vyplatí asi { $visits } návštěva: pravděpodobnost, že je tu pozornosti málo, by klesla z { $before } na { $after }.
        [few] Nejvíc se vyplatí asi { $visits } návštěvy: pravděpodobnost, že je tu pozornosti málo, by klesla z { $before } na { $after }.
       *[other] Nejvíc se vyplatí asi { $visits } návštěv: pravděpodobnost, že je tu pozornosti málo, by klesla z { $before } na { $after }.
    }
plan-why = Proč sem: { $reasons }.
plan-reason-none = nic tu zatím není zaznamenáno, a právě proto
plan-reasons-of = Důvody výběru: { $where }
plan-own-places =
    { $count ->
        [one] { $count } vlastní místo
        [few] { $count } vlastní místa
       *[other] { $count } vlastních míst
    }
plan-by-way = Sám tento výjezd ještě nic znatelného nezmění a ostatní v tomto výběru také ne: je vybrán podle toho, co přinese celá řada návštěv.
plan-suggested-note = Pořadí je podle očekávaného přínosu: další je vždy výjezd, který po předchozích nejvíc sníží součet „potřeba × pravděpodobnost, že je pozornosti málo“ za všechny městské části. Buňky v jedné městské části se liší jen tím, co o nich víte: kolik lidí v nich žije, žádná data neříkají. Důvody můžete upravit.
plan-title = Název plánu
plan-title-help = Bez jmen lidí.
plan-untitled = Plán výjezdů { $date }
plan-save = Uložit plán
plan-saved = Plán je uložený.
plan-saved-title = Uložené plány
plan-saved-empty = Uložené plány se objeví tady. Začněte návrhem výjezdů.
plan-choose = Plán
plan-progress = Uzavřeno { $finished } z { $total } výjezdů.
plan-download-csv = Stáhnout tabulku (CSV)
plan-download-html = Stáhnout k tisku (HTML)
plan-item = Výjezd
plan-team = Číslo týmu
plan-team-help = Týmy se jen číslují, jména sem nepatří.
plan-day = Den
plan-claim = Vzít si výjezd
plan-claimed = Výjezd je váš. Ostatní vidí jen městskou část a den.
plan-team-goes = tým { $team } jde, { $weekday } { $date }
plan-team-overdue = tým { $team } měl jít, { $weekday } { $date }
plan-outcome = Jak to dopadlo
plan-finish = Zapsat návštěvu a uzavřít
plan-nobody = Nikdo tam nebyl
plan-give-back = Vrátit výjezd
plan-given-back = Výjezd je zase volný.
plan-finished = Výjezd je uzavřený a návštěva zapsaná.
plan-known-visit = Nebo návštěva, která už je zapsaná
plan-finish-known = Uzavřít touto návštěvou
plan-withdraw = Zrušit plán
plan-withdraw-sure = Plán už nepotřebujeme
plan-withdrawn = Plán je zrušený. Zapsané návštěvy zůstávají.
plan-column-day = Den
plan-column-where = Kam
plan-column-visits = Návštěv
plan-column-why = Důvod výběru
plan-column-team = Tým
plan-column-state = Stav
plan-column-note = Poznámka
plan-column-by-hand = Zápis rukou
plan-where-cell = { $city_part }, okolí bodu { $lat } s. š., { $lon } v. d.
plan-file-note = Vnitřní plán z { $date }. Jsou v něm místa, o kterých je dosud málo informací; pořadí je podle očekávaného přínosu výjezdů a není hodnocením míst ani lidí. Nepředávejte mimo organizaci.
