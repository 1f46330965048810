## Database and its folder
error-data-dir-in-use = Složku s daty { $path } už používá jiná spuštěná aplikace. Přejděte do jejího okna, nebo ji ukončete a spusťte znovu.
error-data-dir-not-a-directory = { $path } není složka. Nastavte DATA_DIR na složku.
error-data-dir-not-writable = Do složky { $path } nelze zapisovat. Upravte oprávnění, nebo nastavte DATA_DIR jinam.
error-not-a-database = Soubor bila-mista.sqlite ve složce s daty není databáze. Nic jsme nezměnili. Vraťte do složky správný soubor nebo obnovte zálohu.
error-database-foreign = Soubor bila-mista.sqlite ve složce s daty patří jinému programu. Nic jsme nezměnili. Nastavte DATA_DIR na jinou složku.
error-database-damaged = Databáze je poškozená nebo neúplná. Nic jsme nezměnili. Obnovte ji ze zálohy.
error-database-missing = Ve složce s daty chybí databáze { $path }, i když tu dříve byla. Prázdnou jsme nezaložili. Vraťte soubor zpět, nebo obnovte zálohu.
error-database-newer = Databázi vytvořila novější verze aplikace (schéma { $revision }). Nic jsme nezměnili. Spusťte novější verzi.
error-database-not-readable = Databázi nelze otevřít. Zkontrolujte, zda je disk připojen a zda máte ke složce s daty oprávnění.
error-database-read-only = Databáze je jen pro čtení, nic se neuložilo. Zkontrolujte oprávnění ke složce s daty a uložte znovu.
error-database-locked = Databázi právě drží jiný program, nic se neuložilo. Zkuste to za chvíli znovu.
error-disk-full = Na disku není místo, nic se neuložilo. Uvolněte místo a uložte znovu.
error-export-busy = Právě vzniká jiný soubor. Zkuste to za chvíli znovu.
error-export-not-written = Soubor se nepodařilo zapsat, nejspíš na disku serveru není místo. V aplikaci se nic nezměnilo.
error-disk-error = Disk hlásí chybu, nic se neuložilo. Zkontrolujte disk a uložte znovu.
error-write-refused = Databáze zápis odmítla, nic se neuložilo. Zkuste to znovu.
error-durability-not-met = Databáze nezaručuje, že uložená data přežijí výpadek proudu ({ $setting }: { $found }). Přesuňte DATA_DIR na místní disk.
error-audit-key-missing = Chybí klíč { $path } nebo je poškozený, protokol by nešlo ověřit. Vraťte soubor zpět, nebo obnovte zálohu.
error-store-closed = Aplikace se ukončuje, nic se neuložilo. Spusťte ji znovu a uložte.

## Records
error-stale-revision = Záznam mezitím změnil někdo jiný. Porovnejte obě verze a uložte znovu.
error-other-organisation = Záznam patří jiné organizaci, měnit ho může jen ona.
error-undo-not-own = Vzít zpět lze jen vlastní záznam.
error-unknown-place = Místo neexistuje. Načtěte stránku znovu.
error-unknown-visit = Návštěva neexistuje. Načtěte stránku znovu.
error-unknown-change = Změna neexistuje. Načtěte stránku znovu.
error-dataset-id-taken = Tabulka s označením { $id } už existuje a obsahuje něco jiného.
error-value-not-finite = Tabulka obsahuje hodnotu, která není číslo. Opravte ji a nahrajte soubor znovu.
error-setting-not-json = Hodnotu nastavení { $key } nelze uložit.
error-visit-without-where = Návštěva musí mít místo nebo městskou část.
error-unknown-language = Jazyk „{ $value }“ neznáme. Vyberte z nabídky.

## Forms
error-invalid-record = Zatím neuloženo, k opravě: { $count }.
error-possible-duplicates = { $count ->
    [one] Do 75 m už máte místo stejného druhu. Zkontrolujte, zda to není totéž.
    [few] Do 75 m už máte { $count } místa stejného druhu. Zkontrolujte, zda to není některé z nich.
   *[other] Do 75 m už máte { $count } míst stejného druhu. Zkontrolujte, zda to není některé z nich.
}
error-personal-data-suspected = Text vypadá, že obsahuje osobní údaj ({ $found }). Osobní údaje sem nepatří. Upravte text, nebo potvrďte, že o osobní údaj nejde.
error-text-too-long = { $field ->
    [name] Název je příliš dlouhý: { $value } znaků, nejvýše { $limit }. Zkraťte ho, zbytek patří do poznámky.
    [reason] Důvod je příliš dlouhý: { $value } znaků, nejvýše { $limit }. Zkraťte ho.
   *[other] Poznámka je příliš dlouhá: { $value } znaků, nejvýše { $limit }. Zkraťte ji.
}
error-control-characters = { $field ->
    [name] V názvu jsou neviditelné řídicí znaky nebo nový řádek. Smažte je, nebo název napište znovu.
    [reason] V důvodu jsou neviditelné řídicí znaky nebo nový řádek. Smažte je, nebo důvod napište znovu.
   *[other] V poznámce jsou neviditelné řídicí znaky. Smažte je, nebo poznámku napište znovu.
}
error-term-refused = { $field ->
    [kind] Druh místa „{ $value }“ nelze uložit. Vyberte z nabídky.
    [target_groups] Cílovou skupinu „{ $value }“ nelze k místu uložit. Vyberte z nabídky.
    [languages] Jazyk „{ $value }“ nelze uložit. Vyberte z nabídky.
    [outcome] Výsledek „{ $value }“ nelze uložit. Vyberte z nabídky.
    [needs] Potřebu „{ $value }“ nelze k návštěvě uložit. Vyberte z nabídky.
    [barriers] Překážku „{ $value }“ nelze k návštěvě uložit. Vyberte z nabídky.
    [change] Změnu „{ $value }“ nelze uložit. Vyberte z nabídky.
   *[other] Hodnotu „{ $value }“ nelze uložit. Vyberte z nabídky.
}
error-kind-missing = Vyberte druh místa.
error-name-missing = U druhu „Jiná“ místo krátce popište.
error-where-missing = Klepněte do mapy, nebo vyberte městskou část.
error-outside-prague = Bod leží mimo Prahu, do { $value } km od hranice; nejblíž je { $limit }. Posuňte ho do Prahy.
error-date-in-future = Datum je v budoucnosti. Zadejte den, kdy se to stalo, nejpozději dnešek.
error-date-too-old = Datum je před rokem { $limit }. Zkontrolujte rok.
error-outcome-missing = Vyberte, jak návštěva dopadla. Potřeby a překážky se zapisují jen k výsledku.
error-invalid-id = Formulář nemá platné označení záznamu. Otevřete ho znovu; text si předtím zkopírujte.

## Audit log
error-audit-row-altered = Protokol: řádek { $row } někdo změnil nebo zaměnil.
error-audit-payload-altered = Protokol: obsah řádku { $row } někdo změnil.
error-audit-rows-missing = Protokol: chybí řádky { $value }.
error-audit-tail-cut = Protokol: na konci chybí řádky { $value }.
error-audit-rewritten = Protokol: řádek { $row } neodpovídá poznamenanému konci, protokol byl přepsán.
error-audit-head-missing = Protokol: soubor s jeho koncem chybí nebo je poškozený, useknutí konce nelze vyloučit.
error-invalid-audit-head = „{ $value }“ není konec protokolu ve tvaru ČÍSLO:OTISK.
error-place-cells-differ = Počet míst v buňce { $field } je { $value }, má být { $limit }.
error-visit-groups-differ = Návštěv ve skupině { $field } je zaznamenaných { $value }, má jich být { $limit }, nebo mají jiná data.
error-invalid-month = Měsíc „{ $value }“ není možný, napište ho jako 2026-11.
error-not-withdrawable = Místo se bere zpět na stránce jeho historie.
