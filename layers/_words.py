"""Fixed words of the files that leave the app, in three languages.

They stand here and not in the Fluent catalogues because the renderers lie below `ui/`.
"""

from domain.text import Text

LAYERS_AND_LEGEND = Text(cs="Vrstvy a legenda", en="Layers and legend", uk="Шари та легенда")
CLOSE = Text(cs="Zavřít", en="Close", uk="Закрити")
ZOOM_IN = Text(cs="Přiblížit", en="Zoom in", uk="Наблизити")
ZOOM_OUT = Text(cs="Oddálit", en="Zoom out", uk="Віддалити")
WHOLE_VIEW = Text(cs="Celý výřez", en="Whole view", uk="Увесь фрагмент")
AS_TABLE = Text(cs="Jako tabulka", en="As a table", uk="Як таблиця")
SHOW_ON_MAP = Text(cs="Ukázat na mapě", en="Show on the map", uk="Показати на карті")
NO_POSITION = Text(
    cs="Bez polohy, jen v tabulce:", en="Without a position, only in the table:", uk="Без розташування, лише в таблиці:"
)
NOT_PLACED = Text(
    cs="Bez polohy, na mapě nejsou:",
    en="Without a position, not on the map:",
    uk="Без розташування, на карті немає:",
)
EMPTY = Text(cs="Ve výřezu nic není.", en="Nothing in this view.", uk="У цьому фрагменті нічого немає.")
MAP = Text(cs="Mapa", en="Map", uk="Карта")
NORTH = Text(cs="S", en="N", uk="Пн")
SOURCES = Text(cs="Zdroje", en="Sources", uk="Джерела")
EXPORTED = Text(cs="Export z", en="Exported on", uk="Експортовано")
REFERENCE_DATE = Text(cs="stav k", en="as of", uk="станом на")
DATE_INFERRED = Text(
    cs="datum vydavatel neuvádí, je odvozené",
    en="the publisher does not print the date, it is inferred",
    uk="видавець не вказує дату, її виведено",
)
DOES_NOT_COUNT = Text(cs="Nezahrnuje:", en="Does not count:", uk="Не враховує:")
INVENTED = Text(
    cs="Školení: všechna místa jsou vymyšlená",
    en="Training: all places are invented",
    uk="Навчання: усі місця вигадані",
)
NEEDS_SCRIPT = Text(
    cs="Mapu kreslí skript v tomto souboru. Povolte v prohlížeči JavaScript a soubor otevřete znovu.",
    en="A script inside this file draws the map. Allow JavaScript in the browser and open the file again.",
    uk="Карту малює скрипт у цьому файлі. Дозвольте JavaScript у браузері та відкрийте файл знову.",
)
MORE_NOT_SHOWN = Text(
    cs="Další vysvětlivky se nevešly:",
    en="Entries that did not fit:",
    uk="Не вмістилося пояснень:",
)
LICENCES = Text(cs="Licence", en="Licences", uk="Ліцензії")

# The attribution that the publisher of the boundaries asks for stays in its Czech wording.
BASE_DATA_NOTICE = Text(
    cs="datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0, generalizováno",
    en="datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0, generalizováno (generalised)",
    uk="datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0, generalizováno (узагальнено)",
)
# Leaflet travels inside the HTML file; the wheel that it comes from carries no licence file.
LEAFLET_NOTICE = """\
Leaflet 1.9.3, BSD 2-Clause License

Copyright (c) 2010-2022, Volodymyr Agafonkin
Copyright (c) 2010-2011, CloudMade
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted \
provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions \
and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of \
conditions and the following disclaimer in the documentation and/or other materials provided with \
the distribution.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR \
IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND \
FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR \
CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL \
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, \
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER \
IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT \
OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""

# Columns of the table that travel with every row.
COLUMN_LONGITUDE = Text(cs="zeměpisná délka", en="longitude", uk="довгота")
COLUMN_LATITUDE = Text(cs="zeměpisná šířka", en="latitude", uk="широта")
COLUMN_CLUSTER = Text(cs="počet bodů v řádku", en="points in this row", uk="кількість точок у рядку")
COLUMN_SOURCE = Text(cs="zdroj dat", en="source of the data", uk="джерело даних")
COLUMN_LICENCE = Text(cs="licence", en="licence", uk="ліцензія")
COLUMN_REFERENCE_DATE = Text(cs="stav k", en="as of", uk="станом на")
COLUMN_DOES_NOT_COUNT = Text(cs="nezahrnuje", en="does not count", uk="не враховує")
COLUMN_NOTE = Text(cs="poznámka k vrstvě", en="note on the layer", uk="примітка до шару")
COLUMN_INVENTED = Text(cs="smyšlená data", en="invented data", uk="вигадані дані")
YES = Text(cs="ano", en="yes", uk="так")
