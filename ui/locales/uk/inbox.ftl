page-inbox = Вхідні записи
inbox-what = Що надійшло з польової роботи й чекає на координаторку чи координатора. Перевіряють місце, а не людей.
inbox-empty = Нічого не чекає. Тут з’являться нові та змінені місця, повідомлені зміни й можливі подвійні записи.
inbox-empty-do = Відкрити карту
inbox-suggested = Нові місця для перевірки ({ $count })
inbox-edited = Перевірені місця, які хтось змінив ({ $count })
inbox-alerts = Зміни на місцях ({ $count })
inbox-alerts-what = Після повідомленої зміни хтось має знову туди піти. Повідомлення зникне з наступним візитом або коли ви його тут опрацюєте.
inbox-follow-ups = Домовлені наступні контакти ({ $count })
inbox-merges = Об’єднані місця
inbox-more = { $count ->
    [one] І ще { $count }, з’явиться, коли ви розглянете ці.
    [few] І ще { $count }, з’являться, коли ви розглянете ці.
   *[other] І ще { $count }, з’являться, коли ви розглянете ці.
}
inbox-open-map = Відкрити на карті
inbox-open-history = Історія місця
inbox-reason = Причина
inbox-reason-help = На чому ґрунтується ваше рішення, наприклад «побачили на місці». Без імен і даних про окремих людей. Для підтвердження можна не заповнювати.
inbox-step-suggested-verified = Підтвердити
inbox-step-suggested-rejected = Відхилити
inbox-step-verified-closed = Закрити
inbox-step-verified-rejected = Відхилити
inbox-step-verified-suggested = Повернути на перевірку
inbox-step-rejected-suggested = Повернути на перевірку
inbox-step-rejected-verified = Усе ж підтвердити
inbox-step-closed-verified = Відкрити знову
inbox-done-verified = Підтверджено: { $name }
inbox-done-rejected = Відхилено: { $name }
inbox-done-closed = Закрито: { $name }
inbox-done-suggested = Повернуто на перевірку: { $name }
inbox-confirm = Зміна правильна
inbox-confirmed = Зміну підтверджено: { $name }
inbox-revisit = Відвідати до { $date }
inbox-revisit-due = Відвідати треба було до { $date }
inbox-dismiss-reason = Чому візит не потрібен
inbox-dismiss = Візит не потрібен
inbox-dismissed = Зміну розглянуто, вона залишається в історії місця.
inbox-personal = Схоже, що причина містить персональні дані ({ $found }). Змініть її або натисніть кнопку ще раз, якщо це не так.
inbox-merge-line = { $visits ->
    [one] Об’єднано { $date }, перейшов { $visits } візит
    [few] Об’єднано { $date }, перейшли { $visits } візити
   *[other] Об’єднано { $date }, перейшло { $visits } візитів
}
inbox-merge-across = Згода з іншою організацією { $date }: для інших рахується одне місце, кожен зберігає свій запис.
inbox-merge-undo = Скасувати об’єднання
inbox-merge-undone = Об’єднання скасовано, обидва місця повернулися разом із візитами.
duplicates-title = Можливо, одне місце записано двічі ({ $count })
duplicates-what = Порівнюються відстань, вид і слова в назві. Об’єднання нічого не втрачає, його можна скасувати.
duplicates-map = Розташування обох записів
duplicates-distance = { $metres } м одне від одного
duplicates-same-kind = той самий вид
duplicates-other-kind = інший вид
duplicates-words = спільні слова: { $words }
duplicates-keep-a = Це те саме, залишити A
duplicates-keep-b = Це те саме, залишити B
duplicates-different = Це два різні місця
duplicates-same = Це те саме місце
duplicates-merged = Місця об’єднано, візити та історію обох збережено.
duplicates-told-apart = Записано: це два різні місця.
duplicates-agreed = Записано. Місце буде об’єднано, коли погодиться й інша організація.
duplicates-across = Ваше місце «{ $name }» і запис іншої організації
duplicates-across-month = останній візит: { $month }
duplicates-across-what = Інша організація має в цій області місце схожого виду. Точного розташування й назви не показуємо; об’єднання відбудеться, коли погодяться обидві сторони.
duplicates-visits = Візити
duplicates-visits-value = { $count }, останній { $date }
place-revisit = Відвідати до { $date }
place-revisit-change = Відвідати до { $date }: тут сталася зміна
place-revisit-follow-up = Домовлений наступний контакт { $date }
place-revisit-never = Ще без візиту, відвідати до { $date }
place-stale = Давно без візиту, дані можуть бути застарілими.
