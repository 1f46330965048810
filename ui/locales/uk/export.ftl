export-title = Bílá místa: { $layers }
export-title-plain = Bílá místa: карта Праги
file-internal = Лише для внутрішніх потреб організації
file-started = Файл готується…
file-done = Файл завантажено.
file-failed = Не вдалося завантажити файл. Спробуйте ще раз.
