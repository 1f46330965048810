error-invalid-cell = «{ $value }» не є позначенням комірки карти.
error-unknown-cell-resolution = Комірки карти з роздільністю { $value } не використовуються, лише від 7 до 10.
error-instant-without-zone = Час «{ $value }» не має часового поясу.
error-retention-months-invalid = Строк { $value } неможливий. Введіть від { $minimum } до { $maximum } місяців.
