-- The rows beneath the views. These tables may change with any version of the tracker; the views are what stays.
-- A column that a view shows under the same name is described there; the comments here are for the others.
-- dated_on is what lists are ordered by: '' comes before every day, so that rows without one are the last of the newest.
-- search_id numbers events, disputes, documents and claims, in this order and of each the newest first, so that one
-- full-text index serves them all.

CREATE TABLE _entities (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  is_known INTEGER NOT NULL,
  parent TEXT REFERENCES _entities (id),
  country TEXT,
  jurisdiction TEXT,
  wikidata TEXT,
  claim_count INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  mention_count INTEGER NOT NULL,
  page TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE _aliases (
  entity_id TEXT NOT NULL REFERENCES _entities (id),
  alias TEXT NOT NULL,
  PRIMARY KEY (entity_id, alias)
) WITHOUT ROWID;

CREATE TABLE _families (
  entity_id TEXT NOT NULL REFERENCES _entities (id),
  member_id TEXT NOT NULL REFERENCES _entities (id),
  steps INTEGER NOT NULL,
  PRIMARY KEY (entity_id, member_id)
) WITHOUT ROWID;

CREATE TABLE _relations (
  subject TEXT NOT NULL REFERENCES _entities (id),
  relation TEXT NOT NULL,
  object TEXT NOT NULL REFERENCES _entities (id),
  basis TEXT NOT NULL,
  claim_count INTEGER NOT NULL,
  by_name_count INTEGER NOT NULL,
  document_count INTEGER NOT NULL,
  said_as TEXT NOT NULL,
  first_published_on TEXT,
  last_published_on TEXT,
  example_claim TEXT REFERENCES _claims (id),
  PRIMARY KEY (subject, relation, object)
) WITHOUT ROWID;

CREATE TABLE _sources (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  publisher TEXT NOT NULL,
  publisher_type TEXT NOT NULL,
  language TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  document_count INTEGER NOT NULL,
  relevant_count INTEGER NOT NULL,
  refused_count INTEGER NOT NULL,
  failed_count INTEGER NOT NULL,
  health TEXT NOT NULL,
  health_since TEXT,
  health_why TEXT NOT NULL,
  last_answered_on TEXT,
  last_asked_on TEXT
) WITHOUT ROWID;

CREATE TABLE _documents (
  search_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  publisher TEXT NOT NULL,
  publisher_type TEXT NOT NULL,
  source TEXT NOT NULL,
  published_on TEXT,
  language TEXT NOT NULL,
  kind TEXT NOT NULL,
  relevance TEXT NOT NULL,
  byline TEXT,
  dateline TEXT,
  syndicated_from TEXT,
  copy_of TEXT,
  copy_similarity REAL,
  current_version TEXT NOT NULL,
  version_count INTEGER NOT NULL,
  claim_count INTEGER NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_on TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  page TEXT NOT NULL,
  dated_on TEXT NOT NULL -- [day] published_on, or empty where that is not known: what lists are ordered by.
);

CREATE TABLE _versions (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES _documents (id),
  number INTEGER NOT NULL,
  is_current INTEGER NOT NULL,
  title TEXT NOT NULL,
  published_on TEXT,
  language TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  text_length INTEGER NOT NULL,
  fetched_at TEXT NOT NULL,
  last_seen_on TEXT NOT NULL,
  archive_record TEXT
) WITHOUT ROWID;

CREATE TABLE _mentions (
  version_id TEXT NOT NULL REFERENCES _versions (id),
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  entity_id TEXT NOT NULL REFERENCES _entities (id),
  text TEXT NOT NULL,
  PRIMARY KEY (version_id, start_offset, end_offset, entity_id)
) WITHOUT ROWID;

CREATE TABLE _claims (
  search_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  speaker TEXT REFERENCES _entities (id),
  on_behalf_of TEXT REFERENCES _entities (id),
  accused TEXT NOT NULL,
  accused_as TEXT,
  target TEXT NOT NULL,
  via TEXT NOT NULL,
  quote TEXT NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  document_id TEXT NOT NULL REFERENCES _documents (id),
  version_id TEXT NOT NULL REFERENCES _versions (id),
  first_version_id TEXT NOT NULL REFERENCES _versions (id),
  published_on TEXT,
  is_current INTEGER NOT NULL,
  is_vanished INTEGER NOT NULL,
  first_seen_at TEXT,
  last_seen_on TEXT,
  gone_at TEXT,
  confidence REAL,
  chain TEXT NOT NULL,
  edits TEXT NOT NULL,
  link TEXT,
  updated_at TEXT,
  page TEXT NOT NULL,
  dated_on TEXT NOT NULL -- [day] published_on, or empty where that is not known: what lists are ordered by.
);

CREATE TABLE _claim_parties (
  claim_id TEXT NOT NULL REFERENCES _claims (id),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  entity_id TEXT NOT NULL REFERENCES _entities (id),
  PRIMARY KEY (claim_id, role, position)
) WITHOUT ROWID;

CREATE TABLE _quantities (
  claim_id TEXT NOT NULL REFERENCES _claims (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  low NUMERIC,
  high NUMERIC,
  qualifier TEXT NOT NULL,
  unit TEXT,
  text TEXT NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  PRIMARY KEY (claim_id, position)
) WITHOUT ROWID;

CREATE TABLE _events (
  search_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  date_precision TEXT NOT NULL,
  date_basis TEXT NOT NULL,
  actors TEXT NOT NULL,
  claim_count INTEGER NOT NULL,
  document_count INTEGER NOT NULL,
  independent_sources INTEGER NOT NULL,
  figure_count INTEGER NOT NULL,
  conflict_count INTEGER NOT NULL,
  flags TEXT NOT NULL,
  edits TEXT NOT NULL,
  first_seen_at TEXT,
  changed_at TEXT,
  page TEXT NOT NULL
);

CREATE TABLE _event_claims (
  event_id TEXT NOT NULL REFERENCES _events (id),
  part TEXT NOT NULL,
  position INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES _claims (id),
  PRIMARY KEY (event_id, part, position)
) WITHOUT ROWID;

CREATE TABLE _event_sources (
  event_id TEXT NOT NULL REFERENCES _events (id),
  source_number INTEGER NOT NULL,
  document_id TEXT NOT NULL REFERENCES _documents (id),
  origin TEXT NOT NULL,
  basis TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (event_id, source_number, document_id)
) WITHOUT ROWID;

CREATE TABLE _figures (
  event_id TEXT NOT NULL REFERENCES _events (id),
  position INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  low NUMERIC,
  high NUMERIC,
  qualifier TEXT NOT NULL,
  unit TEXT,
  text TEXT NOT NULL,
  speaker TEXT REFERENCES _entities (id),
  accused TEXT NOT NULL,
  claim_id TEXT NOT NULL REFERENCES _claims (id),
  version_id TEXT NOT NULL REFERENCES _versions (id),
  start_offset INTEGER,
  end_offset INTEGER,
  figure_group TEXT,
  group_low NUMERIC,
  group_high NUMERIC,
  is_nearest INTEGER NOT NULL,
  is_doubtful INTEGER NOT NULL,
  conflicts TEXT NOT NULL,
  is_current INTEGER NOT NULL,
  is_vanished INTEGER NOT NULL,
  first_seen_at TEXT,
  last_seen_on TEXT,
  updated_at TEXT,
  dated_on TEXT NOT NULL, -- [day] The claim's published_on, or empty where that is not known: what lists are ordered by.
  PRIMARY KEY (event_id, position)
) WITHOUT ROWID;

CREATE TABLE _assertions (
  event_id TEXT NOT NULL REFERENCES _events (id),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  speaker TEXT REFERENCES _entities (id),
  accused TEXT NOT NULL,
  figures TEXT NOT NULL,
  document_count INTEGER NOT NULL,
  independent_sources INTEGER NOT NULL,
  PRIMARY KEY (event_id, id)
) WITHOUT ROWID;

CREATE TABLE _assertion_claims (
  event_id TEXT NOT NULL,
  assertion_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES _claims (id),
  PRIMARY KEY (event_id, assertion_id, position),
  FOREIGN KEY (event_id, assertion_id) REFERENCES _assertions (event_id, id)
) WITHOUT ROWID;

CREATE TABLE _answers (
  number INTEGER PRIMARY KEY, -- [count] The row's number within this file.
  id TEXT NOT NULL UNIQUE,
  party TEXT NOT NULL REFERENCES _entities (id),
  kind TEXT NOT NULL,
  is_accused INTEGER NOT NULL,
  from_on TEXT,
  to_on TEXT,
  date_basis TEXT,
  event_id TEXT REFERENCES _events (id),
  disputes TEXT NOT NULL,
  claim_id TEXT REFERENCES _claims (id),
  first_seen_at TEXT,
  updated_at TEXT,
  dated_on TEXT NOT NULL -- [day] from_on, or empty where that is not known: what lists are ordered by.
);

CREATE TABLE _disputes (
  search_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  status TEXT,
  since_on TEXT,
  changed_on TEXT NOT NULL,
  updated_at TEXT,
  accuser_side TEXT NOT NULL,
  accused_side TEXT NOT NULL,
  accusers TEXT NOT NULL,
  accused TEXT NOT NULL,
  accused_as TEXT NOT NULL,
  target TEXT NOT NULL,
  event_count INTEGER NOT NULL,
  allegation_count INTEGER NOT NULL,
  page TEXT NOT NULL
);

CREATE TABLE _dispute_events (
  dispute_id TEXT NOT NULL REFERENCES _disputes (id),
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL REFERENCES _events (id),
  PRIMARY KEY (dispute_id, position)
) WITHOUT ROWID;

-- The answers of a dispute's ledger, as _answers.disputes lists them.
CREATE TABLE _dispute_answers (
  dispute_id TEXT NOT NULL REFERENCES _disputes (id), -- [id] The dispute.
  answer_id TEXT NOT NULL REFERENCES _answers (id), -- [id] An answer in its ledger.
  PRIMARY KEY (dispute_id, answer_id)
) WITHOUT ROWID;

CREATE TABLE _dispute_steps (
  dispute_id TEXT NOT NULL REFERENCES _disputes (id),
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  date_basis TEXT NOT NULL,
  event_id TEXT NOT NULL REFERENCES _events (id),
  claims TEXT NOT NULL,
  first_seen_at TEXT,
  PRIMARY KEY (dispute_id, position)
) WITHOUT ROWID;

CREATE TABLE _law_stages (
  law_id TEXT NOT NULL REFERENCES _entities (id),
  position INTEGER NOT NULL,
  stage TEXT,
  event_id TEXT NOT NULL REFERENCES _events (id),
  claims TEXT NOT NULL,
  PRIMARY KEY (law_id, position)
) WITHOUT ROWID;

CREATE TABLE _revisions (
  id INTEGER PRIMARY KEY, -- [count] The row's number within this file.
  document_id TEXT NOT NULL REFERENCES _documents (id),
  kind TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  from_version TEXT NOT NULL REFERENCES _versions (id),
  to_version TEXT NOT NULL REFERENCES _versions (id),
  before_claim TEXT REFERENCES _claims (id),
  after_claim TEXT REFERENCES _claims (id),
  changes TEXT NOT NULL
);

CREATE TABLE _withdrawn (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  edit_id TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE _redirects (
  old_id TEXT PRIMARY KEY,
  new_id TEXT NOT NULL
) WITHOUT ROWID;

-- For each party what it takes part in, by date: so a list of all about a company, its labs and its models, or about all
-- that is at home in a country, is one run along the key. Its rows can be had from claim_parties and families as well.
CREATE TABLE _party_rows (
  party TEXT NOT NULL, -- [id] An entity, itself or as the owner of a party; or in: and the ISO 3166-1 code of its country.
  kind TEXT NOT NULL, -- [word] claim, event, figure, document, answer or dispute.
  dated_on TEXT NOT NULL, -- [day] The row's day, or empty where that is not known.
  id TEXT NOT NULL, -- [id] The row's id.
  PRIMARY KEY (party, kind, dated_on, id)
) WITHOUT ROWID;

CREATE TABLE _about (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL,
  description TEXT NOT NULL
);

CREATE TABLE _columns (
  table_name TEXT NOT NULL,
  position INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  description TEXT NOT NULL,
  PRIMARY KEY (table_name, position)
) WITHOUT ROWID;

CREATE TABLE _tables (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  row_count INTEGER NOT NULL,
  description TEXT NOT NULL
);
