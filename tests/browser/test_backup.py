"""A backup is downloaded from the settings in a real browser, and opens."""

from playwright.sync_api import expect

from store.restore import check_backup
from tests.browser.app_steps import settle

PASSPHRASE = "čtyři náhodná slova"


def fill(page, first, second):
    page.get_by_label("Heslo zálohy").fill(first)
    page.get_by_label("Heslo ještě jednou").fill(second)


def test_a_backup_is_downloaded_and_opens(open_app, app_address, tmp_path):
    page = open_app(f"{app_address}/nastaveni")
    button = page.get_by_role("button", name="Stáhnout zálohu")
    button.wait_for()
    settle(page)
    fill(page, PASSPHRASE, "jiné heslo zálohy")
    button.click()
    page.get_by_text("Hesla se liší").wait_for()
    fill(page, "krátké", "krátké")
    button.click()
    page.get_by_text("Heslo zálohy je příliš krátké").wait_for()
    fill(page, PASSPHRASE, PASSPHRASE)
    with page.expect_download() as started:
        button.click()
    download = started.value
    assert download.suggested_filename.startswith("bila-mista-")
    file = tmp_path / download.suggested_filename
    download.save_as(file)
    assert check_backup(file, PASSPHRASE).rows > 0
    page.get_by_text("Záloha je stažena.").wait_for()
    page.get_by_text("Poslední záloha:").wait_for()
    expect(page.get_by_label("Heslo zálohy")).to_have_value("")
