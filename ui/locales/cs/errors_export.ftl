error-invalid-picture-size = Obrázek musí mít na šířku i na výšku { NUMBER($minimum, useGrouping: 0) } až { NUMBER($maximum, useGrouping: 0) } bodů, ne { $value }.
