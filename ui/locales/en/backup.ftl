backup-title = Backup
backup-none-yet = You have no backup yet. If this computer got lost, all records would be gone.
backup-last = { $how ->
    [checked] Last backup: { $date }, read back and verified, { $days ->
        [0] today
        [one] { $days } day ago
       *[other] { $days } days ago
    }.
   *[downloaded] Last backup: { $date }, downloaded, { $days ->
        [0] today
        [one] { $days } day ago
       *[other] { $days } days ago
    }.
}
backup-old = It is more than a week old. Make a new one.
backup-what = One encrypted file with all records, photos and the history. Store it somewhere other than on this computer. The passphrase has at least { $limit } characters; we store it nowhere, and without it nobody can open the backup: write it down.
backup-what-shared = One encrypted file with all records, photos and the history. It is sealed with the passphrase of the server; only whoever runs the server can open it.
backup-passphrase = Passphrase of the backup
backup-again = Passphrase once more
backup-button = Download a backup
backup-working = Preparing…
backup-done = The backup has been downloaded.
backup-failed = The backup could not be downloaded. Try again.
backup-differ = The passphrases differ. Type them again.
backup-schedule-none = No regular backup is set up. See docs/backup.md.
backup-schedule = Regular backups go to the folder “{ $folder }”.
backup-every = Back up once in how many days
backup-keep = How many backups to keep
backup-schedule-save = Save the schedule
backup-photos-missing = { $count ->
    [one] { $count } photo is missing from the data folder. Put it back from a copy of the folder photos.
   *[other] { $count } photos are missing from the data folder. Put them back from a copy of the folder photos.
}
backup-ask = Passphrase of the backup:
backup-ask-again = Passphrase once more:
backup-written = The backup { $file } has been written and read back.
backup-verified = The backup { $file } was restored for trial and everything agrees. The trial folder is gone.
backup-restored = The backup has been restored into { $folder }.
backup-restored-server = The backup has been restored into the database in DATABASE_URL, keys and photos into { $folder }.
backup-holds = As of { $date }: { $rows } rows, { $photos } photos.
backup-head = End of the log, to be noted down: { $head }
backup-erased-again = Erased again by the list of erased places: { $count }.
