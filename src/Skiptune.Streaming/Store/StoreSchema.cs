namespace Skiptune.Streaming.Store;

/// <summary>The tables of a store; <c>docs/streaming.md</c> describes them.</summary>
internal static class StoreSchema
{
    /// <summary>Marks the file as a store of this product ("SkSt").</summary>
    public const int ApplicationId = 0x536B5374;

    public const int Version = 1;

    // The last trigger is the promise of the loop, kept by the database itself.
    public const string Create = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE sample (
            seq INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            id TEXT,
            time INTEGER,
            features BLOB NOT NULL,
            label INTEGER,
            labelled_at INTEGER,
            class INTEGER NOT NULL,
            probability REAL NOT NULL,
            score REAL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sample_labelled ON sample (labelled_at) WHERE labelled_at IS NOT NULL;

        CREATE TABLE seen (source TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, sample INTEGER NOT NULL, PRIMARY KEY (source, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX seen_seq ON seen (seq);

        CREATE TABLE source (name TEXT PRIMARY KEY, next INTEGER NOT NULL, mark TEXT) STRICT, WITHOUT ROWID;

        CREATE TABLE quarantine (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            source TEXT NOT NULL,
            id TEXT,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT;

        CREATE TABLE event (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            from_phase TEXT NOT NULL,
            to_phase TEXT NOT NULL,
            version INTEGER,
            reason TEXT NOT NULL
        ) STRICT;

        CREATE TABLE version (
            number INTEGER PRIMARY KEY,
            parent INTEGER,
            state TEXT NOT NULL CHECK (state IN ('candidate', 'validated', 'rejected')),
            seq INTEGER NOT NULL,
            at INTEGER NOT NULL,
            samples INTEGER NOT NULL,
            seconds REAL NOT NULL,
            report TEXT,
            config BLOB,
            tensors BLOB
        ) STRICT;

        CREATE TABLE learner (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            phase TEXT NOT NULL,
            active INTEGER NOT NULL REFERENCES version (number),
            previous INTEGER REFERENCES version (number),
            candidate INTEGER REFERENCES version (number),
            seq INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            labelled INTEGER NOT NULL,
            duplicates INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            round INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            collect_from INTEGER NOT NULL,
            tune_to INTEGER NOT NULL,
            phase_samples INTEGER NOT NULL,
            probation BLOB NOT NULL,
            guard BLOB NOT NULL
        ) STRICT;

        CREATE TABLE snapshot (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, state BLOB NOT NULL) STRICT;

        CREATE TRIGGER only_validated_insert BEFORE INSERT ON learner
            WHEN (SELECT state FROM version WHERE number = NEW.active) IS NOT 'validated'
            BEGIN SELECT RAISE(ABORT, 'only a validated version can be active'); END;
        CREATE TRIGGER only_validated_update BEFORE UPDATE OF active ON learner
            WHEN (SELECT state FROM version WHERE number = NEW.active) IS NOT 'validated'
            BEGIN SELECT RAISE(ABORT, 'only a validated version can be active'); END;
        CREATE TRIGGER active_stays_validated BEFORE UPDATE OF state ON version
            WHEN NEW.state <> 'validated' AND NEW.number = (SELECT active FROM learner)
            BEGIN SELECT RAISE(ABORT, 'the active version must stay validated'); END;
        """;
}
