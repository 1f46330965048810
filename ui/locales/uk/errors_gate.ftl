error-invalid-cell = «{ $value }» не є позначенням клітинки карти.
error-unknown-cell-resolution = Клітинки карти з роздільністю { $value } не використовуються, лише від 7 до 10.
error-instant-without-zone = Час «{ $value }» не має часового поясу.
error-retention-months-invalid = Строк { $value } неможливий. Введіть від { $minimum } до { $maximum } місяців.
