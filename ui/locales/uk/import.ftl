import-what = Таблиця XLSX або CSV із числами за міськими частинами одразу з’явиться на карті як ще один показник.
import-step-file = 1. Файл
import-file = Файл XLSX або CSV, щонайбільше 10 МБ
import-file-help = Кодування, роздільник, десяткову кому та об’єднані заголовки застосунок розпізнає сам. Файл залишається на цьому комп’ютері.
import-empty = Виберіть файл, який надіслала установа. Достатньо одного стовпця з назвою або кодом міської частини та одного з числами.
import-example = Завантажити вигаданий приклад (CSV)
import-sheet = Аркуш
import-same-file = Цей файл уже додано як «{ $title }».
import-step-columns = 2. Стовпці
import-column-unnamed = Стовпець { $letter } (без назви)
import-key = Стовпець із міською частиною (назва або код)
import-values = Стовпці з числами
import-choose-columns = Виберіть стовпець із міською частиною та принаймні один стовпець із числами.
import-division = У таблиці лише «Praha 4» тощо. За що подано числа?
import-division-city-part = за міськими частинами (57)
import-division-admin-district = за адміністративними округами (22)
import-division-obvod = за міськими округами (10)
import-hint-city-part = У таблиці є й міські частини з назвою, наприклад Praha-Libuš. Це вказує на міські частини.
import-hint-admin-district = У таблиці саме Praha 1–Praha 22. Це вказує на адміністративні округи.
import-hint-obvod = У таблиці саме Praha 1–Praha 10. Це вказує на міські округи.
import-decimal = Що означає «{ $example }»?
import-decimal-comma = кома відділяє дробову частину, крапка — тисячі (чеською)
import-decimal-point = крапка відділяє дробову частину, кома — тисячі (англійською)
import-decide-rows =
    { $count ->
        [one] { $count } рядок не вдалося приєднати
        [few] { $count } рядки не вдалося приєднати
       *[other] { $count } рядків не вдалося приєднати
    }
import-more-rows = Ще неприєднаних рядків: { $count }. Вони в перегляді.
import-row = рядок { $row }
import-row-text = Рядок { $row }: «{ $text }»
import-row-not-joined = не приєднувати
import-keep-row = { $name } є в таблиці кілька разів. Який рядок правильний?
import-step-preview = 3. Перегляд
import-joined = Приєднано { $joined } з { $total } міських частин.
import-missing =
    { $count ->
        [one] У таблиці бракує { $count } міської частини: { $names }
        [few] У таблиці бракує { $count } міських частин: { $names }
       *[other] У таблиці бракує { $count } міських частин: { $names }
    }
import-not-joined = Неприєднані рядки: { $count }
import-city-part = Міська частина
import-row-number = Рядок
import-row-name = Текст у файлі
import-reason = Чому
import-suggestions = Схожі назви
import-reason-unknown = невідома назва
import-reason-no-name = без назви
import-reason-district = округ, розділити неможливо
import-reason-remainder = не віднесено до міської частини
import-reason-duplicate = повторений рядок
import-reason-left-out = ви пропустили
import-column = Стовпець
import-problem = Що варто знати
import-problems =
    { $count ->
        [one] { $count } примітка до значень
        [few] { $count } примітки до значень
       *[other] { $count } приміток до значень
    }
import-no-totals = Рядка із сумою в таблиці немає, тому суми перевірити неможливо.
import-totals-match = Суми в таблиці збігаються з рядками (перевірено: { $count }).
import-totals-differ = Деякі суми не збігаються з рядками:
import-totals-incomplete = Суми неможливо перевірити повністю, деякі рядки без значення:
import-total-stated = Сума у файлі
import-total-computed = Сума рядків
import-total-state = Результат
import-total-matches = збігається
import-total-differs = не збігається
import-total-incomplete = деякі рядки без значення
import-step-description = 4. Що це за числа
import-title = Що рахує таблиця
import-title-help = Так показник називатиметься на карті, наприклад «Учні з іншою рідною мовою».
import-publisher = Хто опублікував числа
import-date = На який день подано числа
import-date-help = День, про який свідчать числа, а не день, коли надійшов файл.
import-kind = Числа — це
import-kind-persons = кількість осіб (малі числа приховуються)
import-kind-other = інші кількості або значення
import-denominator = Від чого рахуються частки
import-denominator-help = Частку від мешканців і частку від громадян Чехії не можна порівнювати в одному графіку чи таблиці.
import-denominator-inhabitants = від усіх мешканців
import-denominator-citizens = від громадян Чехії в реєстрі
import-denominator-none = частки не рахуються
import-denominator-other = від чогось іншого
import-denominator-note = Від чого іншого
import-base = Стовпець, від якого рахуються частки
import-base-help = Якщо в таблиці є, наприклад, кількість мешканців, карта порахує частку.
import-base-none = у таблиці немає
import-not-counted = Чого числа не охоплюють
import-not-counted-help = Наприклад, «громадян ЄС» або «перебування до 90 днів».
import-not-stated = Видавець цього не вказує
import-source = Звідки таблиця (посилання або назва, необов’язково)
import-licence = Умови використання (необов’язково)
import-store = Додати на карту
import-done =
    { $count ->
        [one] «{ $title }» на карті: { $count } міська частина.
        [few] «{ $title }» на карті: { $count } міські частини.
       *[other] «{ $title }» на карті: { $count } міських частин.
    }
import-open-map = Відкрити карту
import-undo = Скасувати
import-redo = Повернути на карту
import-list = Додані таблиці
import-list-empty = Поки немає жодної. Те, що додасте, буде тут, і це можна скасувати.
import-list-undone = Скасовані
import-line = { $publisher } · станом на { $date } · { $denominator } · міських частин: { $count }
