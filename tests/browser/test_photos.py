"""A photo is taken, shown and withdrawn in the panel of a place, in a real browser."""

from io import BytesIO

from PIL import Image

from tests.browser.app_steps import go_to_map, mark, panel, pick, press, settle


def test_a_photo_is_sent_shown_and_withdrawn(open_app, app_address, free_spot):
    lon, lat = free_spot
    page = go_to_map(open_app(), app_address, at=(lon, lat))
    mark(page, lon, lat, name="Místo s fotografií")
    press(page, "Otevřít místo")
    pick(page, "jen uvnitř organizace")
    exif = Image.Exif()
    exif[0x010E] = "KANAREK"
    buffer = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(buffer, "JPEG", exif=exif)
    chooser = panel(page).locator('.bm-photos input[type="file"]')
    chooser.wait_for(state="attached")
    panel(page).get_by_text("Přidat fotografii").wait_for()
    settle(page)
    chooser.set_input_files({"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    panel(page).get_by_text("Tohle není fotografie").wait_for()
    chooser.set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
    image = panel(page).locator(".bm-photos img")
    image.wait_for()
    page.wait_for_function("() => document.querySelector('.bm-photos img')?.naturalWidth === 400")
    shown = page.evaluate("async () => await (await fetch(document.querySelector('.bm-photos img').src)).text()")
    assert "KANAREK" not in shown
    press(page, "Stáhnout fotografii")
    image.wait_for(state="detached")
    panel(page).get_by_text("Fotografie je stažena a smazána").wait_for()
