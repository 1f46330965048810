error-layer-stays-here = Tato vrstva je jen pro vnitřní potřebu, jako soubor se neukládá.
