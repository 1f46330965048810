import-what = Tabulka XLSX nebo CSV s čísly za městské části se hned objeví na mapě jako další měřítko.
import-step-file = 1. Soubor
import-file = Soubor XLSX nebo CSV, nejvýš 10 MB
import-file-help = Kódování, oddělovač, desetinnou čárku i slučované hlavičky aplikace pozná sama. Soubor zůstává v tomto počítači.
import-empty = Vyberte soubor, který vám úřad poslal. Stačí jeden sloupec s názvem nebo kódem městské části a jeden s čísly.
import-example = Stáhnout vymyšlený příklad (CSV)
import-sheet = List
import-same-file = Tento soubor už je přidán jako „{ $title }“.
import-step-columns = 2. Sloupce
import-column-unnamed = Sloupec { $letter } (bez názvu)
import-key = Sloupec s městskou částí (název nebo kód)
import-values = Sloupce s čísly
import-choose-columns = Vyberte sloupec s městskou částí a aspoň jeden sloupec s čísly.
import-division = V tabulce je jen „Praha 4“ a podobně. Za co jsou čísla?
import-division-city-part = za městské části (57)
import-division-admin-district = za správní obvody (22)
import-division-obvod = za městské obvody (10)
import-hint-city-part = V tabulce jsou i pojmenované městské části, například Praha-Libuš. To napovídá, že jde o městské části.
import-hint-admin-district = V tabulce je právě Praha 1 až Praha 22. To napovídá, že jde o správní obvody.
import-hint-obvod = V tabulce je právě Praha 1 až Praha 10. To napovídá, že jde o městské obvody.
import-decimal = Co znamená „{ $example }“?
import-decimal-comma = čárka odděluje desetinná místa, tečka tisíce (česky)
import-decimal-point = tečka odděluje desetinná místa, čárka tisíce (anglicky)
import-decide-rows =
    { $count ->
        [one] { $count } řádek se nepodařilo připojit
        [few] { $count } řádky se nepodařilo připojit
       *[other] { $count } řádků se nepodařilo připojit
    }
import-more-rows = Dalších nepřipojených řádků: { $count }. Jsou v náhledu.
import-row = řádek { $row }
import-row-text = Řádek { $row }: „{ $text }“
import-row-not-joined = nepřipojovat
import-keep-row = { $name } je v tabulce víckrát. Který řádek platí?
import-step-preview = 3. Náhled
import-joined = Připojeno { $joined } z { $total } městských částí.
import-missing =
    { $count ->
        [one] V tabulce chybí { $count } městská část: { $names }
        [few] V tabulce chybí { $count } městské části: { $names }
       *[other] V tabulce chybí { $count } městských částí: { $names }
    }
import-not-joined = Nepřipojené řádky: { $count }
import-city-part = Městská část
import-row-number = Řádek
import-row-name = Text v souboru
import-reason = Proč
import-suggestions = Podobné názvy
import-reason-unknown = neznámý název
import-reason-no-name = bez názvu
import-reason-district = obvod, nelze rozdělit
import-reason-remainder = nezařazeno k městské části
import-reason-duplicate = opakovaný řádek
import-reason-left-out = vynecháno vámi
import-column = Sloupec
import-problem = Co je potřeba vědět
import-problems =
    { $count ->
        [one] { $count } poznámka k hodnotám
        [few] { $count } poznámky k hodnotám
       *[other] { $count } poznámek k hodnotám
    }
import-no-totals = Řádek se součtem v tabulce není, součty proto nelze ověřit.
import-totals-match = Součty v tabulce souhlasí s řádky (ověřeno: { $count }).
import-totals-differ = Některé součty nesouhlasí s řádky:
import-totals-incomplete = Součty nelze ověřit úplně, některé řádky jsou bez hodnoty:
import-total-stated = Součet v souboru
import-total-computed = Součet řádků
import-total-state = Výsledek
import-total-matches = souhlasí
import-total-differs = nesouhlasí
import-total-incomplete = některé řádky jsou bez hodnoty
import-step-description = 4. Co jsou to za čísla
import-title = Co tabulka počítá
import-title-help = Tak se bude měřítko jmenovat na mapě, například „Žáci s odlišným mateřským jazykem“.
import-publisher = Kdo čísla vydal
import-date = Ke kterému dni čísla platí
import-date-help = Den, o kterém čísla vypovídají, ne den, kdy soubor přišel.
import-kind = Čísla jsou
import-kind-persons = počty osob (malé počty se skrývají)
import-kind-other = jiné počty nebo hodnoty
import-denominator = Z čeho se počítají podíly
import-denominator-help = Podíl z obyvatel a podíl z českých občanů se nikdy nesmí srovnávat v jednom grafu ani tabulce.
import-denominator-inhabitants = ze všech obyvatel
import-denominator-citizens = z českých občanů v registru
import-denominator-none = podíly se nepočítají
import-denominator-other = z něčeho jiného
import-denominator-note = Z čeho jiného
import-base = Sloupec, ze kterého se podíly počítají
import-base-help = Je-li v tabulce například počet obyvatel, mapa z něj spočítá podíl.
import-base-none = v tabulce není
import-not-counted = Co čísla nezahrnují
import-not-counted-help = Například „občany EU“ nebo „pobyty do 90 dnů“.
import-not-stated = Vydavatel to neuvádí
import-source = Odkud tabulka je (odkaz nebo název, nemusíte vyplnit)
import-licence = Podmínky užití (nemusíte vyplnit)
import-store = Přidat na mapu
import-done =
    { $count ->
        [one] „{ $title }“ je na mapě: { $count } městská část.
        [few] „{ $title }“ je na mapě: { $count } městské části.
       *[other] „{ $title }“ je na mapě: { $count } městských částí.
    }
import-open-map = Otevřít mapu
import-undo = Vzít zpět
import-redo = Vrátit na mapu
import-list = Přidané tabulky
import-list-empty = Zatím tu žádná není. Co přidáte, najdete tady a můžete to vzít zpět.
import-list-undone = Vzaté zpět
import-line = { $publisher } · k { $date } · { $denominator } · městských částí: { $count }
