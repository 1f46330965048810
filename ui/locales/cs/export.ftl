export-title = Bílá místa: { $layers }
export-title-plain = Bílá místa: mapa Prahy
file-internal = Jen pro vnitřní potřebu organizace
file-started = Soubor se připravuje…
file-done = Soubor je stažený.
file-failed = Soubor se nepodařilo stáhnout. Zkuste to znovu.
