## PostgreSQL
error-database-url-unknown = DATABASE_URL není adresa databáze PostgreSQL. Napište ji jako postgresql://uživatel:heslo@server/databáze, nebo proměnnou zrušte a data zůstanou v DATA_DIR.
error-database-version-old = PostgreSQL { $found } je příliš starý, potřebujeme { $limit } nebo novější. Nic jsme nezměnili. Server povyšte, nebo nastavte DATABASE_URL jinam.
error-database-not-utf8 = Databáze je v kódování { $found }, potřebujeme UTF8. Nic jsme nezměnili. Založte ji znovu s kódováním UTF8.
error-server-not-durable = PostgreSQL nezaručuje, že uložená data přežijí výpadek proudu ({ $setting }: { $found }). Nastavte na serveru { $setting } = on a spusťte aplikaci znovu.
error-database-not-empty = V databázi jsou tabulky jiného programu ({ $found }). Nic jsme nezměnili. Založte pro Bílá místa vlastní databázi.
error-database-empty-beside-history = Databáze v DATABASE_URL je prázdná, ale DATA_DIR patří k jiné, která už má historii. Nic jsme nezměnili. Data přeneste příkazem make move-database, nebo nastavte jinou DATA_DIR.
error-database-overloaded = Databázový server nemá volné spojení nebo paměť, nic se neuložilo. Zkuste to za chvíli znovu.
error-database-unreachable = Databázový server neodpovídá nebo aplikaci nepustil. Zkuste to za chvíli znovu. Trvá-li to, ať správce ověří server, databázi, jméno a heslo v DATABASE_URL.
error-database-access-denied = Účet v DATABASE_URL nemá v databázi oprávnění, které aplikace potřebuje. Databáze i její schéma mají patřit jemu.
error-audit-key-differs = Protokol v databázi vznikl s jiným klíčem, než je v DATA_DIR. Nic jsme nezměnili. Všechny procesy nad jednou databází potřebují tutéž složku keys; vraťte do ní správný audit.key.
error-local-mode-on-shared-database = Databáze v DATABASE_URL patří společné instalaci s přihlašováním, bez něj ji otevřít nelze. Spusťte aplikaci s BILA_MISTA_MODE=shared, nebo DATABASE_URL zrušte.
error-database-moved = Data odsud byla přesunuta jinam příkazem make move-database. Nic jsme nezměnili. Spusťte aplikaci nad novým místem (nastavte, nebo zrušte DATABASE_URL).
error-move-ends = Přesun potřebuje složku s daty a adresu databáze PostgreSQL: make move-database FROM=var TO=postgresql://… nebo obráceně.
error-move-source-outdated = Databáze je ve starším schématu. Spusťte nad ní jednou aplikaci, ukončete ji a přesun opakujte.
error-move-target-not-empty = Cíl přesunu už obsahuje jiná data (tabulka { $found }). Nic jsme nezměnili. Vyberte prázdný cíl.
error-move-differs = Tabulka { $found } vyšla v cíli jinak než ve zdroji. Přesun jsme zrušili, cíl zůstal, jak byl.
