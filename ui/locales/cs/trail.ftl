page-trail = Moje záznamy
trail-what = Co jste zapsali vy, po měsících. Vidíte to jen vy; organizace vidí jen součty aspoň { $count } lidí.
trail-what-alone = Co jste zapsali, po měsících.
trail-month = Měsíc
trail-empty = V tomto měsíci zatím nic. Místo, návštěvu, změnu nebo doprovod zapíšete na mapě.
trail-empty-do = Otevřít mapu
trail-count-place = { $count ->
    [one] { $count } místo
    [few] { $count } místa
   *[other] { $count } míst
}
trail-count-visit = { $count ->
    [one] { $count } návštěva
    [few] { $count } návštěvy
   *[other] { $count } návštěv
}
trail-count-change = { $count ->
    [one] { $count } změna
    [few] { $count } změny
   *[other] { $count } změn
}
trail-count-quick-record = { $count ->
    [one] { $count } doprovod nebo tlumočení
    [few] { $count } doprovody nebo tlumočení
   *[other] { $count } doprovodů nebo tlumočení
}
trail-column-day = Den
trail-column-kind = Záznam
trail-column-what = Co
trail-column-where = Kde
trail-column-city-part = Městská část
trail-column-more = Upřesnění
trail-kind-place = Místo
trail-kind-visit = Návštěva
trail-kind-change = Změna
trail-kind-quick-record = Doprovod, tlumočení
trail-download-csv = Stáhnout tabulku (CSV)
trail-download-html = Stáhnout k tisku
trail-file = moje-zaznamy
trail-file-title = Moje záznamy, { $month }
trail-file-note = Staženo { $date }, záznamů: { $count }. Soubor patří tomu, kdo záznamy pořídil.
trail-withdraw-title = Vzít záznam zpět
trail-withdraw-what = Návštěvu, změnu nebo doprovod zapsaný omylem můžete vzít zpět. Místo se vrací na stránce jeho historie.
trail-withdraw-choose = Který záznam
trail-withdraw = Vzít zpět
trail-withdrawn = Záznam je vzatý zpět a nikde se nepočítá.
