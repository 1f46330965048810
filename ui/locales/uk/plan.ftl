plan-what-if = Що якби
plan-what-if-where = Міська частина
plan-what-if-visits = Кількість візитів
plan-no-need = Вибрана потреба не має придатних даних для жодної міської частини, порівнювати немає з чим.
plan-what-if-same =
    { $visits ->
        [one] { $city_part }: після { $visits } візиту стан залишиться «{ $before }».
        [few] { $city_part }: після { $visits } візитів стан залишиться «{ $before }».
       *[other] { $city_part }: після { $visits } візитів стан залишиться «{ $before }».
    }
plan-what-if-changed =
    { $visits ->
        [one] { $city_part }: після { $visits } візиту стан зміниться з «{ $before }» на «{ $after }».
        [few] { $city_part }: після { $visits } візитів стан зміниться з «{ $before }» на «{ $after }».
       *[other] { $city_part }: після { $visits } візитів стан зміниться з «{ $before }» на «{ $after }».
    }
plan-what-if-too-small = Окремо оцінити неможливо: тут очікувалося б { $expected }, а оцінювати можна від { $least }.
plan-what-if-low = Імовірність, що уваги замало: { $before } → { $after }.
plan-what-if-certainty = Певність того, що показує стан: { $before } → { $after }.
plan-nothing-said = нічого не стверджується
plan-what-if-gap = Людей у прогалині: { $before } → { $after }.
plan-what-if-gap-units = Прогалина в одиницях вибраної потреби: { $before } → { $after }.
plan-what-if-full = Із { $visits } візитів цього місяця зарахується лише увага { $added }: більше вільних клітинок тут немає.
plan-what-if-others = Водночас стан змінився б і деінде: { $changes }.
plan-what-if-note = Рахується так, ніби візити були сьогодні й кожен в іншій клітинці, де цього місяця ніхто не був. Нічого не зберігається.
plan-under-way = Хто куди йде
plan-under-way-empty = Поки що ніхто не взяв жодного виїзду.
plan-under-way-note = Інші організації бачать лише міську частину й день.
plan-going = хтось іде, { $weekday } { $date }
plan-going-own = іде ваша команда, { $weekday } { $date }
plan-new = Новий план виїздів
plan-unit = Куди
plan-unit-city-parts = до міських частин
plan-unit-cells = до окремих клітинок (приблизно 0,1 км²)
plan-outings = Скільки виїздів
plan-visits = Візитів за один виїзд
plan-among = Лише ці міські частини
plan-among-all = усі
plan-among-help = Міські частини, які радить дошка, уже вибрано. Якщо поле спорожнити, вибір буде з усіх за очікуваною користю виїзду. Глибока біла пляма, де перші візити самі нічого не змінять, тоді йде після інших.
plan-suggest = Запропонувати виїзди
plan-nothing-gains = Жоден наступний виїзд зараз нічого не змінив би.
plan-visit-count =
    { $count ->
        [one] { $count } візит
        [few] { $count } візити
       *[other] { $count } візитів
    }
plan-gain = Людей у міських частинах, де уваги, ймовірно, замало, стане приблизно на { $gain } менше.
plan-gain-units = Очікувана користь { $gain } в одиницях вибраної потреби.
plan-way =
    { $visits ->
        [one] Найбільше дасть приблизно { $visits } візит: імовірність, що уваги тут замало, зменшилася б із { $before } до { $after }.
        [few] Найбільше дадуть приблизно { $visits } візити: імовірність, що уваги тут замало, зменшилася б із { $before } до { $after }.
       *[other] Найбільше дадуть приблизно { $visits } візитів: імовірність, що уваги тут замало, зменшилася б із { $before } до { $after }.
    }
plan-why = Чому сюди: { $reasons }.
plan-reason-none = тут ще нічого не записано, саме тому й варто
plan-reasons-of = Причини вибору: { $where }
plan-own-places =
    { $count ->
        [one] { $count } власне місце
        [few] { $count } власні місця
       *[other] { $count } власних місць
    }
plan-by-way = Сам цей виїзд ще нічого помітного не змінить, інші в цьому виборі теж: його вибрано з огляду на те, що дасть ціла низка візитів.
plan-suggested-note = Порядок за очікуваною користю: наступним завжди є той виїзд, який після попередніх найбільше зменшить суму «потреба × імовірність, що уваги замало» за всіма міськими частинами. Клітинки однієї міської частини різняться лише тим, що ви про них знаєте: скільки в них живе людей, жодні дані не кажуть. Причини можна змінити.
plan-title = Назва плану
plan-title-help = Без імен людей.
plan-untitled = План виїздів { $date }
plan-save = Зберегти план
plan-saved = План збережено.
plan-saved-title = Збережені плани
plan-saved-empty = Збережені плани з’являться тут. Почніть із пропозиції виїздів.
plan-choose = План
plan-progress = Закрито { $finished } з { $total } виїздів.
plan-download-csv = Завантажити таблицю (CSV)
plan-download-html = Завантажити для друку (HTML)
plan-item = Виїзд
plan-team = Номер команди
plan-team-help = Команди мають лише номери, імена сюди не належать.
plan-day = День
plan-claim = Узяти виїзд
plan-claimed = Виїзд ваш. Інші бачать лише міську частину й день.
plan-team-goes = команда { $team } іде, { $weekday } { $date }
plan-team-overdue = команда { $team } мала йти, { $weekday } { $date }
plan-outcome = Як минуло
plan-finish = Записати візит і закрити
plan-nobody = Нікого не було
plan-give-back = Повернути виїзд
plan-given-back = Виїзд знову вільний.
plan-finished = Виїзд закрито, візит записано.
plan-known-visit = Або візит, який уже записано
plan-finish-known = Закрити цим візитом
plan-withdraw = Скасувати план
plan-withdraw-sure = План уже не потрібен
plan-withdrawn = План скасовано. Записані візити залишаються.
plan-column-day = День
plan-column-where = Куди
plan-column-visits = Візитів
plan-column-why = Причина вибору
plan-column-team = Команда
plan-column-state = Стан
plan-column-note = Нотатка
plan-column-by-hand = Записи від руки
plan-where-cell = { $city_part }, біля точки { $lat } пн. ш., { $lon } сх. д.
plan-file-note = Внутрішній план від { $date }. У ньому місця, про які поки мало інформації; порядок за очікуваною користю виїздів, він не оцінює ні місць, ні людей. Не передавайте за межі організації.
