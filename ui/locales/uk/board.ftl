board-what = Де потреба велика, ходять мало й ніхто не відповідає. Потреба, знання й відповідь стоять поруч і не складаються в одне число.
board-not-allowed = Ця сторінка лише для тих, хто бачить польові записи.
board-internal = Лише для внутрішнього вжитку. Назовні кажемо «поки мало інформації» й міські частини не ранжуємо.
board-tab = Запитання
board-tab-go = Куди йти
board-tab-write = Кому написати
board-tab-go-what = Скільки уваги отримує міська частина порівняно з тим, що відповідало б потребі. Висока частка іноземців сама по собі не причина відправляти команду.
board-tab-write-what = Де частка іноземців щодо громадян ЧР висока, а контакту з управою немає. Частки щодо мешканців — на карті, сюди їх не домішуємо.
board-need = Потреба за
board-as-of = Станом на
board-as-of-help = Враховує лише те, що до того дня сталося й було записано.
board-as-of-past = Дошка на { $date }. Враховує лише те, що до того дня сталося й було записано; потреба — сьогоднішня.
board-as-of-past-write = Контакти на { $date }. Враховано лише те, що до того дня було записано; опубліковане ICP не має дати й чинне завжди. Частки — сьогоднішні.
board-scope = Які міські частини
board-scope-all = усі
board-scope-mine = мої
board-mine = Мої міські частини
board-mine-none = Ви ще не вибрали жодної міської частини. Виберіть їх у фільтрах, у полі «Мої міські частини».
board-mine-keep = Запам’ятати
board-mine-kept = Вибір запам’ятовано для вашої організації.
board-district = Адміністративний округ
board-district-all = усі округи
board-district-number = Praha { $number }
board-states = Стан
board-states-all = усі стани
board-sort = Сортувати за
board-sort-advice = рекомендацією
board-sort-gap = людьми у прогалині
board-sort-certainty = певністю
board-sort-need = потребою
board-sort-name = назвою
board-filters = Фільтри
board-top = Наступного тижня йдіть сюди: { $parts }.
board-top-past = За тим, що було відомо на той день, дошка порадила б іти сюди: { $parts }.
board-top-write = Написати сюди: { $parts }.
board-top-ask = Спершу з’ясуйте, чи є контакт з управою: { $parts }.
board-top-write-part = { $name } ({ $share } іноземців на 100 громадян ЧР)
board-top-cold = Почніть тут: { $parts }. Наскільки це певно, поки сказати не можна: записів мало, порядок — лише за потребою та відповіддю.
board-top-small = З малих, які не можна оцінити окремо, почніть із міської частини { $name }.
board-top-part = { $name } ({ $sure }: { $why })
board-top-part-cold = { $name } ({ $why })
board-top-why-unseen = за записами, тут ніхто не був, потребі відповідала б увага { $expected }
board-top-why-seen = увага { $observed }, потребі відповідало б { $expected }
board-top-why-worth = з решти виїзд сюди має зараз найбільшу очікувану користь
board-joint-which = Які саме
board-next = Куди йти далі
board-next-cold = Де почати
board-next-cold-why = Записів поки немає. Порядок лише за потребою й відповіддю, а не за тим, хто де був.
board-next-cold-why-some = Записів поки замало, щоб щось сказати про якусь міську частину. Порядок лише за потребою й відповіддю, а не за тим, хто де був.
board-next-number = { $number }. { $name }
board-small = З малих: { $name }
board-close = Закрити
board-list = Міські частини
board-list-count = { $shown } з { $all }
board-list-more = Показати ще
board-list-empty = Фільтру не відповідає жодна міська частина.
board-view = Показати як
board-view-list = список
board-view-table = таблиця
board-choose = Вибрати міську частину
board-legend = Пояснення
board-legend-hatched = заштриховане — непевне
board-certainty = певність { $value }
board-probability-over = понад { $value }
board-probability-under = менше ніж { $value }
board-certainty-none = певність визначити не можна
board-lens-need = потреба
board-lens-knowledge = знання
board-lens-answer = відповідь
board-need-low = у нижній третині міських частин
board-need-middle = у середній третині міських частин
board-need-high = у верхній третині міських частин
board-need-none = даних немає
board-knowledge-none = без запису
board-knowledge-cold = для висновку записів замало
board-knowledge-low = значно менше, ніж відповідає потребі
board-knowledge-middle = менше, ніж відповідає потребі
board-knowledge-high = стільки, скільки відповідає потребі, або більше
board-answer-low = без послуги в міській частині, контакт з управою не вказано або немає
board-answer-middle = послуга в міській частині або контакт з управою
board-answer-high = і послуга в міській частині, і контакт з управою
board-gap = людей у прогалині: близько { $value }
board-gap-units = прогалина в одиницях вибраної потреби: { $value }
board-cold = Записів поки немає
board-cold-some = Записів поки мало
board-cold-text = Записів замало, щоб щось сказати про якусь міську частину. Упорядковано за потребою й відповіддю. Якщо в міській частині немає записів, це не означає, що туди ніхто не ходить.
board-says-white-spot-seen = Сюди ходять значно менше, ніж відповідає потребі: увага { $observed }, очікувана { $expected }. { $visits ->
    [one] { $visits } візит
    [few] { $visits } візити
   *[other] { $visits } візитів
}, востаннє { $month }.
board-says-white-spot-unseen = За записами, тут ніхто не був, хоча потребі відповідала б увага { $expected }.
board-says-probable-seen = Імовірно, сюди ходять менше, ніж відповідає потребі: увага { $observed }, очікувана { $expected }. { $visits ->
    [one] { $visits } візит
    [few] { $visits } візити
   *[other] { $visits } візитів
}, востаннє { $month }.
board-says-probable-unseen = За записами, тут ніхто не був. Потребі відповідала б увага { $expected }, для певного висновку цього мало.
board-says-cannot-tell-seen = { $visits ->
    [one] { $visits } візит
    [few] { $visits } візити
   *[other] { $visits } візитів
}, востаннє { $month }. Окремо оцінити не можна: очікувана увага лише { $expected }.
board-says-cannot-tell-unseen = Без запису. Окремо оцінити не можна: очікувана увага лише { $expected }, тож нуль нічого не означає.
board-says-known = Сюди ходять відповідно до потреби: увага { $observed }, очікувана { $expected }. Востаннє { $month }.
board-says-over-covered = Сюди ходять більше, ніж відповідає потребі: увага { $observed }, очікувана { $expected }. Востаннє { $month }.
board-says-cold-seen = { $visits ->
    [one] { $visits } візит
    [few] { $visits } візити
   *[other] { $visits } візитів
}, востаннє { $month }. Для висновку по всій Празі записів поки мало. { $services ->
    [0] Послуг у міській частині не відомо.
    [one] { $services } послуга в міській частині.
    [few] { $services } послуги в міській частині.
   *[other] { $services } послуг у міській частині.
}
board-says-cold-unseen = Записів поки немає. { $services ->
    [0] Послуг у міській частині не відомо.
    [one] { $services } послуга в міській частині.
    [few] { $services } послуги в міській частині.
   *[other] { $services } послуг у міській частині.
}
board-says-no-need = Даних про потребу тут немає або їх не можна використати, тому міську частину не можна оцінити.
board-joint-white-spot = { $count ->
    [one] { $count } міська частина, яку не можна оцінити окремо
    [few] { $count } міські частини, які не можна оцінити окремо
   *[other] { $count } міських частин, які не можна оцінити окремо
}: очікувана увага разом { $expected }, фактична { $observed }. Разом вони — біла пляма.
board-joint-probable = { $count ->
    [one] { $count } міська частина, яку не можна оцінити окремо
    [few] { $count } міські частини, які не можна оцінити окремо
   *[other] { $count } міських частин, які не можна оцінити окремо
}: очікувана увага разом { $expected }, фактична { $observed }. Разом вони, імовірно, біла пляма.
board-joint-cannot-tell = { $count ->
    [one] { $count } міська частина, яку не можна оцінити окремо
    [few] { $count } міські частини, які не можна оцінити окремо
   *[other] { $count } міських частин, які не можна оцінити окремо
}: очікувана увага разом { $expected }, фактична { $observed }. Навіть разом цього замало для висновку.
board-joint-known = { $count ->
    [one] { $count } міська частина, яку не можна оцінити окремо
    [few] { $count } міські частини, які не можна оцінити окремо
   *[other] { $count } міських частин, які не можна оцінити окремо
}: очікувана увага разом { $expected }, фактична { $observed }. Разом їх відвідують, як очікувано; окремі можуть відрізнятися.
board-joint-over-covered = { $count ->
    [one] { $count } міська частина, яку не можна оцінити окремо
    [few] { $count } міські частини, які не можна оцінити окремо
   *[other] { $count } міських частин, які не можна оцінити окремо
}: очікувана увага разом { $expected }, фактична { $observed }. Разом їх відвідують частіше, ніж інші; окремі можуть відрізнятися.
board-write-above-none = На 100 громадян ЧР припадає { $share } іноземців, контакту з управою немає: написати.
board-write-above-long-past = На 100 громадян ЧР припадає { $share } іноземців, останній контакт з управою давній: написати знову.
board-write-above-not-stated = На 100 громадян ЧР припадає { $share } іноземців. Контакт з управою не вказано: спершу з’ясувати, чи він є.
board-write-above-in-contact = На 100 громадян ЧР припадає { $share } іноземців. Контакт з управою є.
board-write-above-none-on = На 100 громадян ЧР припадає { $share } іноземців, на { $day } контакту з управою не було: написати.
board-write-above-long-past-on = На 100 громадян ЧР припадає { $share } іноземців, останній контакт з управою давній (від { $day }): написати знову.
board-write-above-approached = На 100 громадян ЧР припадає { $share } іноземців. До управи звернулися, контакту ще немає.
board-write-above-approached-on = На 100 громадян ЧР припадає { $share } іноземців. До управи звернулися { $day }, контакту ще немає.
board-write-above-in-contact-on = На 100 громадян ЧР припадає { $share } іноземців. Контакт з управою є, востаннє { $day }.
board-write-just-below = Трохи нижче за межу { $threshold }: на 100 громадян ЧР припадає { $share } іноземців.
board-write-below = Нижче за межу { $threshold }: на 100 громадян ЧР припадає { $share } іноземців.
board-write-no-figure = Частку тут подати не можна.
board-write-nobody = За тим, що вказано, зараз писати нікому: у жодній міській частині немає високої частки разом із контактом, вказаним як відсутній чи давній.
board-left-out = Що не враховано
board-left-out-line = { $reason }: { $total } ({ $examples })
board-left-out-line-plain = { $reason }: { $total }
board-left-out-visits = Візити
board-left-out-need = Дані про потребу
board-cells-note = Клітинки показують лише записи вашої організації. Де «ще не відвідано», міг бути хтось інший.
board-evidence = { $name }: на чому це ґрунтується
board-evidence-state = Стан
board-evidence-need = Потреба
board-evidence-knowledge = Знання
board-evidence-answer = Відповідь
board-evidence-need-value = { $label }: { $value }
board-evidence-need-equal = Усім міським частинам надано однакову потребу. Жодних даних не використано.
board-evidence-visits = { $visits ->
    [0] Жодного візиту.
    [one] { $visits } візит усіх організацій.
    [few] { $visits } візити всіх організацій.
   *[other] { $visits } візитів усіх організацій.
}
board-evidence-organisations = { $count ->
    [one] Тут була { $count } організація.
    [few] Тут були { $count } організації.
   *[other] Тут було { $count } організацій.
}
board-evidence-cells = Відвідано { $visited } з { $cells } клітинок (близько 0,1 км²), помісячно { $months } разів. Востаннє { $month }.
board-evidence-places = Місця вашої організації: { $count }.
board-evidence-attention = Увага { $observed }, потребі відповідало б { $expected }.
board-evidence-expected-how = Скільки відповідало б: увага { $total } за всю Прагу × частка міської частини в потребі { $share }, тобто { $expected }.
board-evidence-attention-how = Увага: клітинка, де протягом місяця хтось був, рахується один раз, через { $half } міс. важить половину, а одна клітинка дає щонайбільше { $saturation }. «Нічого не знайдено» теж рахується.
board-evidence-theta = Оцінка щодо очікуваного: у { $mean } раза, з імовірністю { $interval } між { $low } і { $high }.
board-evidence-low = Імовірність, що уваги менше ніж { $ratio } очікуваної: { $value }.
board-evidence-gap-how = Люди в прогалині: потреба { $need } × частина оцінки, якої бракує (1 − { $mean }). Де уваги не менше, ніж очікувано, прогалини немає.
board-evidence-zero-none = Навіть якби тут ніхто не був, це могло б бути випадковістю: очікується менше ніж { $least }.
board-evidence-zero-five-percent = Якби тут ніхто не був, випадково це сталося б щонайбільше у 5 випадках зі 100.
board-evidence-zero-one-percent = Якби тут ніхто не був, випадково це сталося б щонайбільше в 1 випадку зі 100.
board-evidence-declared = Організацій, які заявили, що працюють тут: { $count }.
board-evidence-records = Записи вашої організації
board-evidence-records-none = Ваша організація не має тут жодного візиту.
board-evidence-record-day = День
board-evidence-record-outcome = Результат
board-evidence-record-recorded = Записано
board-evidence-services = { $count ->
    [0] Послуг у міській частині не відомо.
    [one] { $count } послуга в міській частині: { $names }
    [few] { $count } послуги в міській частині: { $names }
   *[other] { $count } послуг у міській частині: { $names }
}
board-evidence-nearest = Найближча соціальна чи правова консультація: { $name }, { $km } км по прямій від середини міської частини.
board-evidence-contact = Контакт з управою: { $status }.
board-evidence-contact-source = Як опублікував ICP, без дати. «Не вказано» не означає, що контакту немає.
board-evidence-contact-others = Як записала інша організація.
board-evidence-contact-own = Як записала ваша організація.
board-evidence-contact-on = Контакт з управою: { $status }, на { $date }.
board-evidence-threshold = Межа, від якої пишемо: { $threshold } іноземців на 100 громадян ЧР.
board-evidence-share-how = Громадяни ЧР — це мешканці мінус іноземці з того самого джерела. Це не частка щодо мешканців.
board-step = Наступний крок
board-step-page = Відкрити сторінку міської частини
board-step-cells = Показати відвідані клітинки
board-step-cells-hide = Назад до всієї Праги
board-step-record = Записати візит
board-step-plan = Запланувати виїзд
board-step-letter = Підготувати матеріал для управи
board-plans = Що якби та плани виїздів
board-history = Зміни в часі
board-history-what = Що дошка сказала б у минулі тижні та які білі плями відтоді закрито.
board-history-weeks = На скільки тижнів назад
board-history-none = За цей час жодної білої плями не закрито.
board-history-closed = { $name }: біла пляма з { $since }, закрито { $closed }, за { $weeks ->
    [one] { $weeks } тиждень
    [few] { $weeks } тижні
   *[other] { $weeks } тижнів
}. { $who }
board-history-before = { $name }: біла пляма щонайпізніше з { $since }, закрито { $closed }, за { $weeks ->
    [one] щонайменше { $weeks } тиждень
    [few] щонайменше { $weeks } тижні
   *[other] щонайменше { $weeks } тижнів
}. { $who }
board-history-own = Ваша організація: { $visits ->
    [one] { $visits } візит.
    [few] { $visits } візити.
   *[other] { $visits } візитів.
}
board-history-others = Інші організації: { $visits ->
    [one] { $visits } візит.
    [few] { $visits } візити.
   *[other] { $visits } візитів.
}
board-history-nobody = Її закрив не візит: увага деінде тим часом застаріла.
board-history-open = Ще не закриті білі плями: { $count }
board-history-open-line = { $name }: з { $since }
board-history-open-line-before = { $name }: щонайпізніше з { $since }
board-history-chart = Кількість міських частин
board-settings = Параметри обчислення
board-settings-what = Кожне число, яке щось вирішує. Зміна діє лише для вас, доки ви не залишите сторінку.
board-settings-reset = Типові значення
board-settings-default = типово { $value }
board-set-half-life-months = Період напіврозпаду уваги (місяці)
board-set-cell-saturation = Щонайбільше з однієї клітинки
board-set-low-ratio = Мало — нижче за цю частку очікуваної
board-set-high-ratio = Багато — вище за цю кратність очікуваної
board-set-white-spot-probability = Біла пляма від імовірності
board-set-probable-probability = Імовірно біла пляма від
board-set-over-covered-probability = Більше, ніж деінде, від імовірності
board-set-min-expected = Найменша очікувана увага
board-set-strong-expected = Очікувана увага для 1 %
board-set-interval = Імовірність у межах діапазону
board-set-neglected-share = Частка оминутих міських частин
board-set-neglected-ratio = Увага до оминутих
board-set-dispersion-min = Розсіяння: від
board-set-dispersion-max = Розсіяння: до
board-set-dispersion-steps = Розсіяння: кроків
board-set-dispersion-without-records = Розсіяння без записів
board-set-threshold-pct = Межа частки щодо громадян ЧР (%)
board-set-band-points = Трохи нижче межі (відсоткові пункти)
board-set-long-past-months = Давній контакт (місяці)
board-col-city-part = Міська частина
board-col-district = Округ
board-col-state = Стан
board-col-certainty = Певність (%)
board-col-need = Потреба
board-col-gap = Людей у прогалині
board-col-visits = Візитів
board-col-last = Востаннє
board-col-cells = Відвіданих клітинок
board-col-services = Послуг
board-col-contact = Контакт з управою
board-col-share = Іноземців на 100 громадян ЧР
board-col-sentence = Словами
