error-invalid-coverage-setting = Nastavení „{ $field }“ nemůže mít hodnotu { $value }.
error-invalid-declared-coverage = Prohlášení o pokrytí není v pořádku ({ $field }: { $value }). Musí mít organizaci, městskou část a konec nejdříve v den začátku.
error-visit-column-missing = V tabulce návštěv chybí sloupec „{ $column }“.
error-invalid-visit-counts = Počty návštěv musí být celá čísla od 1.
error-need-not-available = Údaje o potřebě „{ $value }“ nejsou k dispozici.
error-invalid-plan = Plán nelze sestavit: „{ $field }“ je { $value }, možné je 1 až { $limit }.
error-reach-without-question = Zvolte jazyk, cílovou skupinu nebo druh služby.
error-reach-unknown-term = Hodnotu „{ $value }“ neznáme. Vyberte z nabídky.
