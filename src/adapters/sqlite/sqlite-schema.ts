/** The tables of lockkeeper.sqlite, as the steps that made them: step n brings a file of schema version n to n + 1. */

/** `LKPR`: tells our file from another program's. */
export const APPLICATION_ID = 0x4c4b5052;

/**
 * Never change a step that was released: append one.
 *
 * `jobs_waiting` is "waiting jobs with the same key are one", `jobs_claimed` is "at most one claimed job in a lane": the file itself refuses
 * a second one, whatever the code believes. `due_at` is when the job became or becomes due, `id` its place among those due at once.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE deliveries (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     source TEXT NOT NULL,
     id TEXT NOT NULL,
     received_at INTEGER NOT NULL,
     content TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('waiting', 'settled')),
     outcome TEXT,
     UNIQUE (source, id)
   ) STRICT;
   CREATE INDEX deliveries_by_state ON deliveries (state, received_at, place);

   CREATE TABLE jobs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     lane TEXT NOT NULL,
     key TEXT NOT NULL,
     subject TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'dead')),
     due_at INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     fence INTEGER NOT NULL,
     lease_until INTEGER NOT NULL,
     reason TEXT,
     died_at INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX jobs_waiting ON jobs (lane, key) WHERE state = 'waiting';
   CREATE UNIQUE INDEX jobs_claimed ON jobs (lane) WHERE state = 'claimed';
   CREATE UNIQUE INDEX jobs_dead ON jobs (lane, key) WHERE state = 'dead';
   CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'waiting';

   CREATE TABLE last_fence (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fence INTEGER NOT NULL) STRICT;
   INSERT INTO last_fence VALUES (1, 0);

   CREATE TABLE cache (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL UNIQUE,
     value TEXT NOT NULL
   ) STRICT;

   CREATE TABLE last_probe (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), at INTEGER NOT NULL) STRICT;
   INSERT INTO last_probe VALUES (1, 0);`,
  // What forges answered, with the ETags: apart from the cache, so that the many answers do not push plans out.
  `CREATE TABLE answers (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL UNIQUE,
     value TEXT NOT NULL
   ) STRICT;`,
  // What a cache must not forget for want of room, by table and key.
  'CREATE TABLE lasting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;',
  // How large all values of a cache are together: to add them up each time would read all of them.
  `CREATE TABLE cache_bytes (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
   INSERT INTO cache_bytes SELECT 'cache', coalesce(sum(length(value)), 0) FROM cache;
   INSERT INTO cache_bytes SELECT 'answers', coalesce(sum(length(value)), 0) FROM answers;`,
  'ALTER TABLE jobs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;',
];
