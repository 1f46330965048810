backup-title = Záloha
backup-none-yet = Zatím nemáte žádnou zálohu. Kdyby se tento počítač ztratil, přijdete o všechny záznamy.
backup-last = { $how ->
    [checked] Poslední záloha: { $date }, přečtena a ověřena, { $days ->
        [0] dnes
        [one] před { $days } dnem
        [few] před { $days } dny
       *[other] před { $days } dny
    }.
   *[downloaded] Poslední záloha: { $date }, stažena, { $days ->
        [0] dnes
        [one] před { $days } dnem
        [few] před { $days } dny
       *[other] před { $days } dny
    }.
}
backup-old = Je starší než týden. Udělejte novou.
backup-what = Jeden zašifrovaný soubor se všemi záznamy, fotografiemi a historií. Uložte ho mimo tento počítač. Heslo má nejméně { $limit } znaků, nikde ho neukládáme a bez něj zálohu nikdo neotevře: zapište si ho.
backup-what-shared = Jeden zašifrovaný soubor se všemi záznamy, fotografiemi a historií. Zamyká ho heslo serveru, otevře ho jen jeho správce.
backup-passphrase = Heslo zálohy
backup-again = Heslo ještě jednou
backup-button = Stáhnout zálohu
backup-working = Připravuje se…
backup-done = Záloha je stažena.
backup-failed = Zálohu se nepodařilo stáhnout. Zkuste to znovu.
backup-differ = Hesla se liší. Napište je znovu.
backup-schedule-none = Pravidelná záloha není nastavena. Jak na to, píše docs/backup.md.
backup-schedule = Pravidelná záloha se ukládá do složky „{ $folder }“.
backup-every = Zálohovat jednou za kolik dní
backup-keep = Kolik záloh ponechat
backup-schedule-save = Uložit plán záloh
backup-photos-missing = { $count ->
    [one] Ve složce s daty chybí { $count } fotografie. Vraťte ji ze zálohy složky photos.
    [few] Ve složce s daty chybějí { $count } fotografie. Vraťte je ze zálohy složky photos.
   *[other] Ve složce s daty chybí { $count } fotografií. Vraťte je ze zálohy složky photos.
}
backup-ask = Heslo zálohy:
backup-ask-again = Heslo ještě jednou:
backup-written = Záloha { $file } je uložena a přečtena zpět.
backup-verified = Záloha { $file } byla na zkoušku obnovena, vše souhlasí. Zkušební složka je pryč.
backup-restored = Záloha je obnovena do { $folder }.
backup-restored-server = Záloha je obnovena do databáze v DATABASE_URL, klíče a fotografie do { $folder }.
backup-holds = Stav z { $date }, řádků { $rows }, fotografií { $photos }.
backup-head = Konec protokolu, k poznamenání: { $head }
backup-erased-again = Znovu smazáno podle seznamu smazaných míst: { $count }.
