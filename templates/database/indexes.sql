-- Made after the rows, which is faster. Each serves one of the worked questions or a filter of the site.
CREATE INDEX _entities_parent ON _entities (parent);
CREATE INDEX _aliases_alias ON _aliases (alias);
CREATE INDEX _aliases_any_case ON _aliases (alias COLLATE NOCASE);
CREATE INDEX _entities_any_case ON _entities (name COLLATE NOCASE);
CREATE INDEX _families_member ON _families (member_id);
CREATE INDEX _relations_relation ON _relations (relation, object);
CREATE INDEX _entities_type ON _entities (type, id);
CREATE INDEX _documents_dated ON _documents (dated_on, id);
CREATE INDEX _documents_publisher ON _documents (publisher, dated_on, id);
CREATE INDEX _documents_source ON _documents (source, dated_on, id);
CREATE INDEX _documents_kind ON _documents (kind, dated_on, id);
CREATE INDEX _documents_updated ON _documents (updated_at, id);
CREATE INDEX _documents_copy ON _documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX _documents_published ON _documents (published_on);
CREATE INDEX _documents_first_seen ON _documents (first_seen_at);
CREATE INDEX _versions_document ON _versions (document_id);
CREATE INDEX _mentions_entity ON _mentions (entity_id);
CREATE INDEX _claims_document ON _claims (document_id);
CREATE INDEX _claims_version ON _claims (version_id, start_offset, end_offset, id);
CREATE INDEX _claims_speaker ON _claims (speaker);
CREATE INDEX _claims_on_behalf_of ON _claims (on_behalf_of) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX _claims_dated ON _claims (dated_on, id);
CREATE INDEX _claims_type_dated ON _claims (type, dated_on, id);
CREATE INDEX _claims_status ON _claims (status, dated_on, id);
CREATE INDEX _claims_updated ON _claims (updated_at, id);
CREATE INDEX _claims_type ON _claims (type, published_on);
CREATE INDEX _claims_published ON _claims (published_on);
CREATE INDEX _claims_first_seen ON _claims (first_seen_at);
CREATE INDEX _claims_gone ON _claims (gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX _claim_parties_entity ON _claim_parties (entity_id, role);
CREATE INDEX _quantities_value ON _quantities (kind, low, high);
CREATE INDEX _events_from ON _events (from_on, id);
CREATE INDEX _events_type ON _events (type, from_on, id);
CREATE INDEX _events_changed ON _events (changed_at, id);
CREATE INDEX _event_claims_claim ON _event_claims (claim_id);
CREATE INDEX _event_sources_document ON _event_sources (document_id);
CREATE INDEX _figures_low ON _figures (kind, low);
CREATE INDEX _figures_high ON _figures (kind, high);
CREATE INDEX _figures_dated ON _figures (dated_on, id);
CREATE INDEX _figures_kind ON _figures (kind, dated_on, id);
CREATE INDEX _figures_updated ON _figures (updated_at, id);
CREATE INDEX _figures_claim ON _figures (claim_id);
CREATE INDEX _assertions_independent ON _assertions (independent_sources);
CREATE INDEX _assertion_claims_claim ON _assertion_claims (claim_id);
CREATE INDEX _answers_event ON _answers (event_id, kind);
CREATE INDEX _answers_party ON _answers (party, kind);
CREATE INDEX _answers_dated ON _answers (dated_on, id);
CREATE INDEX _answers_kind ON _answers (kind, dated_on, id);
CREATE INDEX _answers_updated ON _answers (updated_at, id);
CREATE INDEX _answers_claim ON _answers (claim_id);
CREATE INDEX _disputes_changed ON _disputes (changed_on, id);
CREATE INDEX _disputes_updated ON _disputes (updated_at, id);
CREATE INDEX _dispute_events_event ON _dispute_events (event_id);
CREATE INDEX _dispute_steps_event ON _dispute_steps (event_id);
CREATE INDEX _law_stages_event ON _law_stages (event_id);
CREATE INDEX _revisions_before ON _revisions (before_claim);
CREATE INDEX _revisions_after ON _revisions (after_claim);
CREATE INDEX _revisions_seen ON _revisions (seen_at);
CREATE INDEX _revisions_document ON _revisions (document_id);

-- Words, for languages that part them by spaces, and Latin names and digits amid Chinese; "distill*" finds what begins so.
CREATE VIRTUAL TABLE search USING fts5 (
  kind UNINDEXED, id UNINDEXED, title, words,
  content = 'searchable', content_rowid = 'search_id', tokenize = 'unicode61 remove_diacritics 2'
);
-- Any run of three or more characters, for Chinese and for parts of words.
CREATE VIRTUAL TABLE search_trigram USING fts5 (
  kind UNINDEXED, id UNINDEXED, title, words,
  content = 'searchable', content_rowid = 'search_id', tokenize = 'trigram'
);
