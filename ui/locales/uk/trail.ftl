page-trail = Мої записи
trail-what = Що ви записали, по місяцях. Бачите це лише ви; організація бачить тільки суми щонайменше { $count } людей.
trail-what-alone = Що ви записали, по місяцях.
trail-month = Місяць
trail-empty = У цьому місяці поки нічого. Місце, візит, зміну чи супровід записують на карті.
trail-empty-do = Відкрити карту
trail-count-place = { $count ->
    [one] { $count } місце
    [few] { $count } місця
   *[other] { $count } місць
}
trail-count-visit = { $count ->
    [one] { $count } візит
    [few] { $count } візити
   *[other] { $count } візитів
}
trail-count-change = { $count ->
    [one] { $count } зміна
    [few] { $count } зміни
   *[other] { $count } змін
}
trail-count-quick-record = { $count ->
    [one] { $count } супровід або переклад
    [few] { $count } супроводи або переклади
   *[other] { $count } супроводів або перекладів
}
trail-column-day = День
trail-column-kind = Запис
trail-column-what = Що
trail-column-where = Де
trail-column-city-part = Міська частина
trail-column-more = Уточнення
trail-kind-place = Місце
trail-kind-visit = Візит
trail-kind-change = Зміна
trail-kind-quick-record = Супровід, переклад
trail-download-csv = Завантажити таблицю (CSV)
trail-download-html = Завантажити для друку
trail-file = moi-zapysy
trail-file-title = Мої записи, { $month }
trail-file-note = Завантажено { $date }, записів: { $count }. Файл належить тому, хто зробив записи.
trail-withdraw-title = Скасувати запис
trail-withdraw-what = Візит, зміну чи супровід, записані помилково, можна скасувати. Місце скасовують на сторінці його історії.
trail-withdraw-choose = Який запис
trail-withdraw = Скасувати
trail-withdrawn = Запис скасовано, він більше ніде не рахується.
