error-invalid-picture-size = Ширина й висота зображення мають бути від { NUMBER($minimum, useGrouping: 0) } до { NUMBER($maximum, useGrouping: 0) } пікселів, а не { $value }.
