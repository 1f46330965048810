## PostgreSQL
error-database-url-unknown = DATABASE_URL is not the address of a PostgreSQL database. Write it as postgresql://user:password@server/database, or unset it and the data stay in DATA_DIR.
error-database-version-old = PostgreSQL { $found } is too old, { $limit } or newer is needed. Nothing was changed. Upgrade the server, or set DATABASE_URL elsewhere.
error-database-not-utf8 = The database is encoded in { $found }, UTF8 is needed. Nothing was changed. Make it anew with the encoding UTF8.
error-server-not-durable = PostgreSQL does not promise that saved data survive a power cut ({ $setting }: { $found }). Set { $setting } = on on the server and start the app again.
error-database-not-empty = The database contains another program’s tables ({ $found }). Nothing was changed. Make a separate database for Bílá místa.
error-database-empty-beside-history = The database of DATABASE_URL is empty, but DATA_DIR belongs to another one that has a history already. Nothing was changed. Move the data by make move-database, or set another DATA_DIR.
error-database-overloaded = The database server has no connection or memory to spare, nothing was saved. Try again in a moment.
error-database-unreachable = The database server does not answer or did not let the app in. Try again in a moment. If it goes on, the administrator should check server, database, name and password in DATABASE_URL.
error-database-access-denied = The account of DATABASE_URL lacks a permission that the app needs in the database. The database and its schema should belong to it.
error-audit-key-differs = The log in the database was written with a different key from the one in DATA_DIR. Nothing was changed. All processes on one database need the same folder keys; put the right audit.key back into it.
error-local-mode-on-shared-database = The database of DATABASE_URL belongs to a shared installation with sign-in and cannot be opened without it. Start the app with BILA_MISTA_MODE=shared, or unset DATABASE_URL.
error-database-moved = The data were moved elsewhere by make move-database. Nothing was changed. Start the app on the new place (set or unset DATABASE_URL).
error-move-ends = A move needs a data folder and the address of a PostgreSQL database: make move-database FROM=var TO=postgresql://… or the other way round.
error-move-source-outdated = The database has an older schema. Start the app on it once, end it and run the move again.
error-move-target-not-empty = The target of the move holds other data already (table { $found }). Nothing was changed. Choose an empty target.
error-move-differs = The table { $found } came out differently in the target. The move was undone, the target is as it was.
