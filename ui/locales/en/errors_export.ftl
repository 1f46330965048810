error-invalid-picture-size = A picture must be { NUMBER($minimum, useGrouping: 0) } to { NUMBER($maximum, useGrouping: 0) } pixels wide and high, not { $value }.
