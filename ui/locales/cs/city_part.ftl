city-part = Městská část
city-parts-what = Všech 57 městských částí. Vyberte jednu, nebo seřaďte tabulku klepnutím na záhlaví sloupce.
city-parts-choose = Otevřít městskou část
city-parts-all = Všechny městské části
city-part-district = Správní obvod Praha { $number }
city-part-figures = Čísla
city-part-imported = Z přidaných tabulek
city-part-protection = Dočasná ochrana v čase
city-part-protection-break = Rok 2022 a rok 2026 jsou dva různé způsoby počítání: v roce 2022 se neodečítali ti, kdo odjeli, po přeregistraci v roce 2023 se začalo počítat znovu. Proto mezi nimi nevede čára.
city-part-counting = počítání { $series }
city-part-persons = osob
city-part-services = Služby
city-part-no-services = V této městské části neznáme žádnou službu s adresou. To neznamená, že tu žádná není.
city-part-cooperation = Spolupráce
city-part-cooperation-unknown = Nic nebylo zveřejněno. To neznamená, že spolupráce není.
city-part-known = Vlastní záznamy
city-part-nothing-known = Zatím bez záznamů.
city-part-places = { $count ->
    [one] { $count } zaznamenané místo.
    [few] { $count } zaznamenaná místa.
   *[other] { $count } zaznamenaných míst.
}
city-part-visits = { $count ->
    [one] { $count } návštěva.
    [few] { $count } návštěvy.
   *[other] { $count } návštěv.
}
city-part-known-note = Počet míst a návštěv vaší organizace, ne počet lidí.
city-part-sources = Data a zdroje: odkud jsou všechna čísla
city-part-locator = Kde leží { $city_part }
figure-suppressed = méně než 5
figure-complement = neuvádíme, prozradilo by malé číslo jinde
figure-small-base = neuvádíme, základ je menší než 50
figure-no-data = údaj chybí
city-part-quick-note = Doprovody a tlumočení vaší organizace za posledních { $count } měsíců; součet se ukáže, jen když na něm pracovali aspoň 3 lidé nebo když zapisujete sami.
