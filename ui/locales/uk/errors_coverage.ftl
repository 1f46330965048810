error-invalid-coverage-setting = Налаштування «{ $field }» не може мати значення { $value }.
error-invalid-declared-coverage = Заява про охоплення не в порядку ({ $field }: { $value }). Потрібні організація, міська частина та кінець не раніше початку.
error-visit-column-missing = У таблиці візитів бракує стовпця «{ $column }».
error-invalid-visit-counts = Кількість візитів має бути цілим числом від 1.
error-need-not-available = Дані про потребу «{ $value }» недоступні.
error-invalid-plan = План скласти неможливо: «{ $field }» становить { $value }, можливо від 1 до { $limit }.
error-reach-without-question = Виберіть мову, цільову групу або вид послуги.
error-reach-unknown-term = Значення «{ $value }» невідоме. Виберіть із запропонованого.
