page-inbox = Příjem
inbox-what = Co přišlo z terénu a čeká na koordinátorku nebo koordinátora. Ověřuje se místo, ne lidé.
inbox-empty = Nic nečeká. Objeví se tu nová a změněná místa, hlášené změny a možné dvojí záznamy.
inbox-empty-do = Otevřít mapu
inbox-suggested = Nová místa k ověření ({ $count })
inbox-edited = Ověřená místa, která někdo upravil ({ $count })
inbox-alerts = Změny na místech ({ $count })
inbox-alerts-what = Po hlášené změně by tam měl někdo znovu zajít. Zpráva zmizí s další návštěvou, nebo když ji tu vyřídíte.
inbox-follow-ups = Domluvené další kontakty ({ $count })
inbox-merges = Sloučená místa
inbox-more = { $count ->
    [one] A ještě { $count } další, objeví se, až tyto vyřídíte.
    [few] A ještě { $count } další, objeví se, až tyto vyřídíte.
   *[other] A ještě { $count } dalších, objeví se, až tyto vyřídíte.
}
inbox-open-map = Otevřít na mapě
inbox-open-history = Historie místa
inbox-reason = Důvod
inbox-reason-help = Podle čeho rozhodujete, například „viděno na místě“. Bez jmen a údajů o jednotlivých lidech. U ověření nemusíte vyplnit.
inbox-step-suggested-verified = Ověřit
inbox-step-suggested-rejected = Zamítnout
inbox-step-verified-closed = Uzavřít
inbox-step-verified-rejected = Zamítnout
inbox-step-verified-suggested = Vrátit k ověření
inbox-step-rejected-suggested = Vrátit k ověření
inbox-step-rejected-verified = Přece jen ověřit
inbox-step-closed-verified = Znovu otevřít
inbox-done-verified = Ověřeno: { $name }
inbox-done-rejected = Zamítnuto: { $name }
inbox-done-closed = Uzavřeno: { $name }
inbox-done-suggested = Vráceno k ověření: { $name }
inbox-confirm = Úprava je v pořádku
inbox-confirmed = Úprava potvrzena: { $name }
inbox-revisit = Navštívit do { $date }
inbox-revisit-due = Navštívit už do { $date }, termín uplynul
inbox-dismiss-reason = Proč návštěva není třeba
inbox-dismiss = Návštěva není třeba
inbox-dismissed = Změna je vyřízena, zůstává v historii místa.
inbox-personal = Důvod vypadá, že obsahuje osobní údaj ({ $found }). Upravte ho, nebo stiskněte tlačítko znovu, pokud o osobní údaj nejde.
inbox-merge-line = { $visits ->
    [one] Sloučeno { $date }, přešla { $visits } návštěva
    [few] Sloučeno { $date }, přešly { $visits } návštěvy
   *[other] Sloučeno { $date }, přešlo { $visits } návštěv
}
inbox-merge-across = Shoda s jinou organizací { $date }: pro ostatní se počítá jedno místo, záznamy zůstávají každé z vás.
inbox-merge-undo = Zrušit sloučení
inbox-merge-undone = Sloučení je zrušeno, obě místa jsou zpět i se svými návštěvami.
duplicates-title = Možná totéž místo dvakrát ({ $count })
duplicates-what = Porovnává se vzdálenost, druh a slova v názvu. Sloučením se nic neztratí a dá se zrušit.
duplicates-map = Poloha obou záznamů
duplicates-distance = { $metres } m od sebe
duplicates-same-kind = stejný druh
duplicates-other-kind = jiný druh
duplicates-words = shodná slova: { $words }
duplicates-keep-a = Je to totéž, nechat A
duplicates-keep-b = Je to totéž, nechat B
duplicates-different = Jsou to dvě místa
duplicates-same = Je to totéž místo
duplicates-merged = Místa jsou sloučena, návštěvy i historie obou zůstaly.
duplicates-told-apart = Zapsáno: jsou to dvě různá místa.
duplicates-agreed = Zapsáno. Místo se sloučí, až to potvrdí i druhá organizace.
duplicates-across = Vaše místo „{ $name }“ a záznam jiné organizace
duplicates-across-month = poslední návštěva: { $month }
duplicates-across-what = Jiná organizace má v této oblasti místo podobného druhu. Přesnou polohu ani název neukazujeme; sloučí se, až s tím budou souhlasit obě strany.
duplicates-visits = Návštěvy
duplicates-visits-value = { $count }, poslední { $date }
place-revisit = Navštívit do { $date }
place-revisit-change = Navštívit do { $date }: nastala tu změna
place-revisit-follow-up = Domluvený další kontakt { $date }
place-revisit-never = Zatím bez návštěvy, navštívit do { $date }
place-stale = Dlouho bez návštěvy, údaje mohou být zastaralé.
