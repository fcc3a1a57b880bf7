-- Beside Procrastinate's tables. What they hold can be made anew at any time by a sweep.

-- A page that is to be read (its address), a text that is to be extracted (its version), a site that is to be published.
CREATE TABLE work_due (
    stage text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    -- so many as tracker.ports.work.BUCKETS
    bucket smallint NOT NULL GENERATED ALWAYS AS (hashtext(item) & 63) STORED,
    -- how often it became due: what becomes due again while it is at hand is not lost with it
    changes bigint NOT NULL DEFAULT 1,
    -- what was extracted before is gone or by another extractor: until this is done, the last result stands
    hollow boolean NOT NULL DEFAULT false,
    -- attempts that ended without a word, or by a bug, with this at hand
    ended smallint NOT NULL DEFAULT 0,
    -- set aside: since when, by which reader or extractor, and why
    aside_at timestamptz,
    aside_by text,
    why text,
    PRIMARY KEY (stage, item)
);
CREATE INDEX work_due_by_bucket ON work_due (stage, bucket, ended, item) WHERE aside_at IS NULL;

-- What a job has at hand, and who works on it.
CREATE TABLE work_taken (
    job_id bigint PRIMARY KEY REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    worker text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    items text[] NOT NULL DEFAULT '{}'
);

-- How attempts at a job failed: Procrastinate keeps only that they did.
CREATE TABLE work_failure (
    id bigserial PRIMARY KEY,
    job_id bigint NOT NULL REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    attempt integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    worker text NOT NULL,
    ended boolean NOT NULL,
    error text NOT NULL,
    message text NOT NULL
);
CREATE INDEX work_failure_of_job ON work_failure (job_id);

-- Who has begun last: what an earlier one would write after that is refused.
CREATE TABLE work_fence (
    name text COLLATE "C" PRIMARY KEY,
    token bigint NOT NULL
);
