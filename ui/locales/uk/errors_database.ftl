## PostgreSQL
error-database-url-unknown = DATABASE_URL не є адресою бази даних PostgreSQL. Запишіть її як postgresql://користувач:пароль@сервер/база або приберіть змінну, тоді дані залишаться в DATA_DIR.
error-database-version-old = PostgreSQL { $found } застарий, потрібна версія { $limit } або новіша. Нічого не змінено. Оновіть сервер або вкажіть інший DATABASE_URL.
error-database-not-utf8 = База даних має кодування { $found }, потрібне UTF8. Нічого не змінено. Створіть її знову з кодуванням UTF8.
error-server-not-durable = PostgreSQL не гарантує, що збережені дані переживуть вимкнення струму ({ $setting }: { $found }). Налаштуйте на сервері { $setting } = on і запустіть застосунок знову.
error-database-not-empty = У базі даних є таблиці іншої програми ({ $found }). Нічого не змінено. Створіть для застосунку Bílá místa окрему базу.
error-database-empty-beside-history = База даних із DATABASE_URL порожня, а DATA_DIR належить до іншої, яка вже має історію. Нічого не змінено. Перенесіть дані командою make move-database або вкажіть іншу DATA_DIR.
error-database-overloaded = Сервер бази даних не має вільного з’єднання або пам’яті, нічого не збережено. Спробуйте за хвилину.
error-database-unreachable = Сервер бази даних не відповідає або не впустив застосунок. Спробуйте за хвилину. Якщо це триває, адміністратор має перевірити сервер, базу, ім’я та пароль у DATABASE_URL.
error-database-access-denied = Обліковому запису з DATABASE_URL бракує дозволу в базі даних. База та її схема мають належати йому.
error-audit-key-differs = Історію змін у базі даних записано з іншим ключем, ніж той, що в DATA_DIR. Нічого не змінено. Усі процеси над однією базою потребують тієї самої папки keys; поверніть у неї правильний audit.key.
error-local-mode-on-shared-database = База даних із DATABASE_URL належить спільній інсталяції із входом, без входу її відкрити не можна. Запустіть застосунок із BILA_MISTA_MODE=shared або приберіть DATABASE_URL.
