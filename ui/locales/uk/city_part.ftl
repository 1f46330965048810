city-part = Міська частина
city-parts-what = Усі 57 міських частин. Виберіть одну або впорядкуйте таблицю, натиснувши на заголовок стовпця.
city-parts-choose = Відкрити міську частину
city-parts-all = Усі міські частини
city-part-district = Адміністративний округ Praha { $number }
city-part-figures = Числа
city-part-imported = З доданих таблиць
city-part-protection = Тимчасовий захист у часі
city-part-protection-break = 2022 і 2026 роки — це два різні способи підрахунку: у 2022 році не віднімали тих, хто виїхав, а після перереєстрації 2023 року почали рахувати заново. Тому між ними немає лінії.
city-part-counting = підрахунок { $series }
city-part-persons = осіб
city-part-services = Послуги
city-part-no-services = У цій міській частині ми не знаємо жодної послуги з адресою. Це не означає, що її немає.
city-part-cooperation = Співпраця
city-part-cooperation-unknown = Нічого не опубліковано. Це не означає, що співпраці немає.
city-part-known = Власні записи
city-part-nothing-known = Записів ще немає.
city-part-places = { $count ->
    [one] { $count } записане місце.
    [few] { $count } записані місця.
   *[other] { $count } записаних місць.
}
city-part-visits = { $count ->
    [one] { $count } візит.
    [few] { $count } візити.
   *[other] { $count } візитів.
}
city-part-known-note = Кількість місць і візитів вашої організації, а не кількість людей.
city-part-sources = Дані та джерела: звідки всі числа
city-part-locator = Де розташована { $city_part }
figure-suppressed = менше ніж 5
figure-complement = не подаємо, бо це розкрило б мале число деінде
figure-small-base = не подаємо, база менша за 50
figure-no-data = немає даних
city-part-quick-note = Супроводи й переклади вашої організації за останні { $count } міс.; суму показано, лише якщо над нею працювали щонайменше 3 людини або якщо ви записуєте самі.
