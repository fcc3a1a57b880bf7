-- The documented views: what the file promises. In brackets stands what kind of value a column holds:
-- [id] a permanent id, [text] words, [word] one of few words, [day] YYYY-MM-DD, [instant] YYYY-MM-DDTHH:MM:SSZ (UTC),
-- [number], [count], [offset] code points from the start of a version's text, [flag] 0 or 1, [json] a JSON array,
-- [address] an address to open.

CREATE VIEW events AS
-- What happened once in the world, on a date, as one or more documents report it. One row an event.
SELECT
  id, -- [id] The event's permanent id. One that was merged into another is found in redirects.
  type, -- [word] allegation, admission, denial, no_response, legislation, government_action, legal_action, company_action or statement.
  title, -- [text] A title made of the claims: whose word it is stays in it.
  summary, -- [text] What happened, in sentences made of the claims.
  from_on, -- [day] The first of the days within which it happened.
  to_on, -- [day] The last of these days; the same as from_on where the day is known.
  date_precision, -- [word] How precisely the sources tell it: day, month, year or range.
  date_basis, -- [word] stated: a source names the date; relative: "on Wednesday"; publication: only the day of publication is known.
  actors, -- [json] Ids of who takes part: speakers first, then the accused, then others.
  claim_count, -- [count] Claims that report it (event_claims, part "told").
  document_count, -- [count] Documents that report it.
  independent_sources, -- [count] Of these, how many count as sources independent of each other (event_sources).
  figure_count, -- [count] Values in figures.
  conflict_count, -- [count] Contradictions among its values, each between two of them, however many pages repeat either: they cannot both be right, or one has lost what the other says. Of a total and parts that do not add up it is one, with the largest part (figures.conflicts).
  flags, -- [json] What a reader should doubt: objects with code, why and claim_id.
  edits, -- [json] Ids of the decisions of people that were applied to it.
  first_seen_at, -- [instant] When the tracker first had a page that reports it.
  changed_at, -- [instant] When the tracker last learned something of it (a claim, an answer, a page that changed its words), or a person decided something about it or a claim of its documents. It does not tell when a row came into a file: what was fetched or decided earlier may be published later, so ask again for the last day each time, and look at withdrawn.
  page, -- [address] Its page: from the site's top, or whole where the site has an address (about.site_url).
  search_id -- [count] Its number in search and search_trigram; it changes from one file to the next.
FROM _events;

CREATE VIEW claims AS
-- Who says that who did what to whom, as one document words it. One row a claim; an allegation is somebody's word, never a finding. Claims that are too unsure to be published are not in the file.
SELECT
  c.id, -- [id] The claim's permanent id.
  c.type, -- [word] As in events.
  c.status, -- [word] alleged, asserted or denied.
  c.speaker, -- [id] Whose word it is, or, for no_response, who was silent; null where the document names nobody.
  s.name AS speaker_name, -- [text] The speaker's name.
  c.on_behalf_of, -- [id] The organisation that a person speaks for.
  o.name AS on_behalf_of_name, -- [text] Its name.
  c.accused, -- [json] Ids of who is accused; read accused_as beside it.
  c.accused_as, -- [text] The document's own words for the accused, where these were read to say less than the ids: "operators affiliated with Alibaba". The quote has the last word.
  c.target, -- [json] Ids of whose model or service it is about.
  c.via, -- [json] Ids of those through whom the words came: outlets, memos, officials that are cited.
  c.quote, -- [text] The exact words: the version's text from start_offset to end_offset.
  c.start_offset, -- [offset] Where the quote begins in the version's text.
  c.end_offset, -- [offset] Where it ends, exclusive.
  c.document_id, -- [id] The document.
  c.version_id, -- [id] The newest version that holds these words.
  v.text_sha256 AS version_sha256, -- [text] SHA-256 of that version's text (UTF-8), so that who has the text can check the quote.
  c.first_version_id, -- [id] The oldest version that holds these words.
  c.published_on, -- [day] When these words were published: the page's day, or that of the update that put them in.
  d.publisher, -- [text] Whose page it is.
  d.publisher_type, -- [word] news, government, company, blog, think_tank or court.
  d.title AS document_title, -- [text] The page's title.
  v.language, -- [word] The language of the words (BCP 47).
  d.url, -- [address] The page.
  c.link, -- [address] The page at these words (a text fragment, or the page of a PDF); null for what has no address.
  c.is_current, -- [flag] Whether the newest version of the page still says it.
  c.is_vanished, -- [flag] Whether no source of its events says it any more.
  c.first_seen_at, -- [instant] When the tracker first had these words.
  c.last_seen_on, -- [day] When it last saw them.
  c.gone_at, -- [instant] When it first saw the page without them; null as long as they stand. As of an instant T a claim stood if first_seen_at <= T and (gone_at is null or gone_at > T).
  c.confidence, -- [number] How sure the reading is, from 0 to 1; null for what a person entered or confirmed.
  c.chain, -- [json] The speakers from the outlet to who said it first: objects with role, entity_id and name; empty outside of events.
  c.edits, -- [json] Ids of the decisions of people that were applied to it.
  c.updated_at, -- [instant] When the tracker last learned something of it (the words, or that the page lost them), or a person corrected or confirmed it. It does not tell when a row came into a file: what was fetched or decided earlier may be published later, so ask again for the last day each time, and look at withdrawn.
  c.page, -- [address] Where the site shows the words in place.
  c.search_id -- [count] Its number in search and search_trigram; it changes from one file to the next.
FROM _claims AS c
JOIN _documents AS d ON d.id = c.document_id
JOIN _versions AS v ON v.id = c.version_id
LEFT JOIN _entities AS s ON s.id = c.speaker
LEFT JOIN _entities AS o ON o.id = c.on_behalf_of;

CREATE VIEW claim_parties AS
-- The parties of claims, a row each: for joins where the lists in claims do not do.
SELECT
  p.claim_id, -- [id] The claim.
  p.role, -- [word] speaker, on_behalf_of, accused, target or via.
  p.position, -- [count] Its place among those of the role, from 0.
  p.entity_id, -- [id] The party.
  e.name -- [text] Its name. Whether the document accuses it outright or in lesser words: claims.accused_as.
FROM _claim_parties AS p
LEFT JOIN _entities AS e ON e.id = p.entity_id;

CREATE VIEW claim_mentions AS
-- The entities that the quote of a claim names in any way, party to it or not.
SELECT
  c.id AS claim_id, -- [id] The claim.
  m.entity_id, -- [id] The entity.
  e.name, -- [text] Its name.
  e.type, -- [word] Its type, as in entities.
  m.text, -- [text] As it is written in the quote.
  m.start_offset, -- [offset] Where, in the version's text.
  m.end_offset -- [offset] Where it ends, exclusive.
FROM _claims AS c
JOIN _mentions AS m ON m.version_id = c.version_id AND m.start_offset >= c.start_offset AND m.end_offset <= c.end_offset
JOIN _entities AS e ON e.id = m.entity_id;

CREATE VIEW quantities AS
-- Every number in a claim, also of claims that are part of no event. One row a number; figures has those of events, compared with each other.
SELECT
  claim_id, -- [id] The claim.
  position, -- [count] Its place in the claim, from 0.
  kind, -- [word] accounts, exchanges, money, percent, duration, users, companies, people, tokens or other.
  low, -- [number] The least that is said; null where only an upper end is ("nearly 25,000"). Days for duration, 25 for 25 percent.
  high, -- [number] The most that is said; null where only a lower end is ("over 24,000").
  qualifier, -- [word] exact, about, over, under, range or vague: what the words around the number say.
  unit, -- [word] For money the currency (ISO 4217).
  text, -- [text] The number in the source's words.
  start_offset, -- [offset] Where these words begin in the text of the claim's version.
  end_offset -- [offset] Where they end, exclusive.
FROM _quantities;

CREATE VIEW event_claims AS
-- Which claims belong to which event.
SELECT
  event_id, -- [id] The event.
  claim_id, -- [id] The claim.
  part, -- [word] told: it reports the event; recalled: it only recalls it as background; answer: it answers the event's charges.
  position -- [count] Its place, from 0; of told claims the nearest to the original speaker comes first.
FROM _event_claims;

CREATE VIEW event_sources AS
-- The documents of an event by independence: those with one source_number count as one source.
SELECT
  s.event_id, -- [id] The event.
  s.source_number, -- [count] Which source of the event, from 1.
  s.document_id, -- [id] A document of it.
  d.publisher, -- [text] Whose page that is.
  s.origin, -- [id] The document or entity that it comes from.
  s.basis, -- [word] original, copies, one_publisher, relays or alone: what makes them one.
  s.why -- [text] What shows it, in a sentence.
FROM _event_sources AS s
JOIN _documents AS d ON d.id = s.document_id;

CREATE VIEW figures AS
-- Every reported value of an event beside whose word it is; conflicting values stand side by side.
SELECT
  f.id, -- [id] The figure's id: derived from its event, claim and words.
  f.event_id, -- [id] The event.
  f.position, -- [count] Its place among the event's figures, from 0.
  f.kind, -- [word] As in quantities.
  f.low, -- [number] As in quantities.
  f.high, -- [number] As in quantities.
  f.qualifier, -- [word] As in quantities.
  f.unit, -- [word] As in quantities.
  f.text, -- [text] The value in the source's words.
  f.speaker, -- [id] Whose word it is.
  s.name AS speaker_name, -- [text] The speaker's name.
  c.on_behalf_of, -- [id] As in claims.
  f.accused, -- [json] Ids of who is accused with it; read accused_as beside it.
  c.accused_as, -- [text] As in claims.
  c.target, -- [json] As in claims.
  c.via, -- [json] As in claims.
  c.status, -- [word] As in claims.
  f.figure_group, -- [text] Values of the event with the same group may all stand for one number; null where none was made.
  f.group_low, -- [number] What all values of the group allow, at the least.
  f.group_high, -- [number] What all values of the group allow, at the most.
  f.is_nearest, -- [flag] Whether no value of its group stands nearer to its original speaker.
  f.is_doubtful, -- [flag] Whether it can hardly be right: events.flags says why.
  f.conflicts, -- [json] The values that it cannot stand beside: objects with reason, with_claim, with_text and why.
  c.quote, -- [text] The claim's words.
  f.claim_id, -- [id] The claim.
  c.document_id, -- [id] The document.
  f.version_id, -- [id] The version in which its words stand.
  v.text_sha256 AS version_sha256, -- [text] SHA-256 of that version's text.
  f.start_offset, -- [offset] Where the value's own words begin in that text; null for one that was read before places were kept.
  f.end_offset, -- [offset] Where they end, exclusive.
  c.published_on, -- [day] When the words were published.
  d.publisher, -- [text] Whose page it is.
  c.link, -- [address] The page at the claim's words.
  f.is_current, -- [flag] Whether the newest version of the page still gives the value.
  f.is_vanished, -- [flag] Whether no page of the event gives it any more.
  f.first_seen_at, -- [instant] When the tracker first had a page that gives it.
  f.last_seen_on, -- [day] When it last saw the page give it.
  f.updated_at -- [instant] As in claims; also a decision about its event counts.
FROM _figures AS f
JOIN _claims AS c ON c.id = f.claim_id
JOIN _documents AS d ON d.id = c.document_id
JOIN _versions AS v ON v.id = f.version_id
LEFT JOIN _entities AS s ON s.id = f.speaker;

CREATE VIEW assertions AS
-- What claims of one event say alike, with how many independent sources say it.
SELECT
  event_id, -- [id] The event.
  id, -- [id] Unique within its event.
  type, -- [word] As in events.
  speaker, -- [id] Whose word it is in the end.
  accused, -- [json] Ids of the accused.
  figures, -- [json] The values that agree, in the sources' words; empty where it is about the charge or act itself.
  document_count, -- [count] Documents whose pages still say it.
  independent_sources -- [count] How many sources independent of each other say it.
FROM _assertions;

CREATE VIEW assertion_claims AS
-- Which claims make up an assertion.
SELECT
  event_id, -- [id] The event.
  assertion_id, -- [id] The assertion (assertions.id).
  claim_id, -- [id] A claim of it.
  position -- [count] Its place, from 0; the nearest to the original speaker comes first.
FROM _assertion_claims;

CREATE VIEW answers AS
-- What accused parties answered, also that no answer was found. One row for each charge that was answered: one answer may stand at several events.
SELECT
  a.id, -- [id] The answer's id: derived from its party, kind, event and claim.
  a.party, -- [id] Who answers, or does not.
  p.name AS party_name, -- [text] Its name.
  a.is_accused, -- [flag] 0 for others who answered (an owner, an embassy): what they say is nobody else's answer.
  a.kind, -- [word] denied, declined, no_reply (a source reports silence), counter_claim, admitted, or none_found: no source has an answer.
  a.from_on, -- [day] The first of the days within which it was given; of silence, the day by which there was none.
  a.to_on, -- [day] The last of these days.
  a.date_basis, -- [word] As in events.
  a.event_id, -- [id] The event whose charges it answers; null for one that only a dispute as a whole has.
  a.disputes, -- [json] Ids of the disputes in whose ledgers it stands; of none_found, the disputes of its event in which the party is accused and has no answer to any event.
  a.claim_id, -- [id] The claim that shows it; null for none_found.
  c.quote, -- [text] Its words.
  c.speaker, -- [id] Whose words these are, or, for no_reply, who was silent.
  c.document_id, -- [id] The document.
  c.version_id, -- [id] The version.
  c.start_offset, -- [offset] As in claims.
  c.end_offset, -- [offset] As in claims.
  c.is_current, -- [flag] As in claims.
  c.link, -- [address] The page at these words.
  a.first_seen_at, -- [instant] When the tracker first had it.
  c.last_seen_on, -- [day] When it last saw the words.
  a.updated_at -- [instant] When the tracker last learned something of it: of its claim, or of the event that it is about; or a person decided something about these. It does not tell when a row came into a file: what was fetched or decided earlier may be published later, so ask again for the last day each time, and look at withdrawn.
FROM _answers AS a
LEFT JOIN _entities AS p ON p.id = a.party
LEFT JOIN _claims AS c ON c.id = a.claim_id;

CREATE VIEW disputes AS
-- Who accuses whom about what, and how the allegation stands.
SELECT
  id, -- [id] The dispute's permanent id.
  title, -- [text] Its title.
  status, -- [word] alleged, repeated_by_government, under_investigation, in_bill, sanctioned, in_court, withdrawn, settled, admitted or closed.
  since_on, -- [day] Since when it stands so.
  changed_on, -- [day] The last day of an event, a step or an answer of it.
  updated_at, -- [instant] When the tracker last learned something of it (a step, or anything of one of its events), or a person decided something about these. It does not tell when a row came into a file: what was fetched or decided earlier may be published later, so ask again for the last day each time, and look at withdrawn.
  accuser_side, -- [text] What the accusers are gathered by: a family ("anthropic"), a state ("state:united-states").
  accused_side, -- [text] Likewise of the accused; "in:china" for the firms of a country that a state accuses.
  accusers, -- [json] Ids of who accuses, as the claims name them.
  accused, -- [json] Ids of who is accused; read accused_as beside it.
  accused_as, -- [json] The documents' own words for the accused, where they say less than the ids.
  target, -- [json] Ids of whose model or service it is about.
  event_count, -- [count] Its events (dispute_events).
  allegation_count, -- [count] Claims that allege it.
  page, -- [address] Its page.
  search_id -- [count] Its number in search and search_trigram; it changes from one file to the next.
FROM _disputes;

CREATE VIEW dispute_events AS
-- The events of a dispute, by date.
SELECT
  dispute_id, -- [id] The dispute.
  event_id, -- [id] The event.
  position -- [count] Its place, from 0.
FROM _dispute_events;

CREATE VIEW dispute_steps AS
-- How a dispute stood from when on, with the claims that show it.
SELECT
  dispute_id, -- [id] The dispute.
  position, -- [count] Its place by date, from 0.
  status, -- [word] As in disputes.
  from_on, -- [day] The first of the days within which the step was taken.
  to_on, -- [day] The last of these days.
  date_basis, -- [word] As in events.
  event_id, -- [id] The event that it is.
  claims, -- [json] Ids of the claims whose words show it.
  first_seen_at -- [instant] When the tracker first had a page that shows it.
FROM _dispute_steps;

CREATE VIEW law_stages AS
-- The public acts on a law, bill or order by date, each with the stage that its claims' words show it to have taken.
SELECT
  s.law_id, -- [id] The law, bill or order (entities).
  l.name AS law_name, -- [text] Its name.
  s.position, -- [count] Its place by date, from 0.
  s.stage, -- [word] introduced, referred, committee (one backed it), passed (by a chamber), signed, effective, amended, rejected, withdrawn or issued; null where the words name the law and show none.
  s.event_id, -- [id] The event that it is.
  e.from_on, -- [day] The first of the days within which it happened.
  e.to_on, -- [day] The last of these days.
  s.claims -- [json] Ids of the claims whose words show it.
FROM _law_stages AS s
JOIN _entities AS l ON l.id = s.law_id
JOIN _events AS e ON e.id = s.event_id;

CREATE VIEW entities AS
-- Companies, models, people, public bodies, laws and places that claims and relevant documents name.
SELECT
  e.id, -- [id] The entity's permanent id.
  e.name, -- [text] Its name.
  e.type, -- [word] company, model, person, government, law, place, publisher or organisation.
  e.is_known, -- [flag] 0 for a name that only documents gave: nobody has said yet what it is.
  e.parent, -- [id] Whom it belongs to: an owner, a maker, a larger body.
  p.name AS parent_name, -- [text] Its name.
  e.country, -- [id] Where it is at home.
  e.jurisdiction, -- [word] ISO 3166-1 code of the country where it, or whom it belongs to, is at home; null where that is not known.
  e.wikidata, -- [id] Its item in Wikidata.
  e.claim_count, -- [count] Claims that it is a party of.
  e.event_count, -- [count] Events that such claims report, or in which it is an actor or answers.
  e.mention_count, -- [count] Rows in mentions.
  e.page -- [address] Its page.
FROM _entities AS e
LEFT JOIN _entities AS p ON p.id = e.parent;

CREATE VIEW aliases AS
-- Other names of entities, in any language.
SELECT
  a.entity_id, -- [id] The entity.
  e.name, -- [text] Its name.
  a.alias -- [text] Another one.
FROM _aliases AS a
JOIN _entities AS e ON e.id = a.entity_id;

CREATE VIEW families AS
-- Each entity with all that belongs to it, itself among them: to ask for a company and its labs and models at once.
SELECT
  entity_id, -- [id] The entity.
  member_id, -- [id] Itself, or what belongs to it, over any number of steps.
  steps -- [count] How many steps below; 0 is itself.
FROM _families;

CREATE VIEW mentions AS
-- Where a version of a document names an entity of this file. One row a place.
SELECT
  m.entity_id, -- [id] The entity.
  e.name, -- [text] Its name.
  m.text, -- [text] As it is written there.
  v.document_id, -- [id] The document.
  m.version_id, -- [id] The version.
  v.is_current, -- [flag] Whether that is the newest version of the document.
  m.start_offset, -- [offset] Where it begins in the version's text.
  m.end_offset -- [offset] Where it ends, exclusive.
FROM _mentions AS m
JOIN _entities AS e ON e.id = m.entity_id
JOIN _versions AS v ON v.id = m.version_id;

CREATE VIEW relations AS
-- How entities stand to each other. What rests on claims is what these say, not what is so: example_claim has the words.
SELECT
  r.subject, -- [id] Who.
  s.name AS subject_name, -- [text] Its name.
  r.relation, -- [word] part_of, model_of, at_home_in, speaks_for (a claim has it speak on that party's behalf) or accuses (an allegation that concerns the object is its word, or is said on its behalf; by_name_count tells in how many it is by name).
  r.object, -- [id] Whom.
  o.name AS object_name, -- [text] Its name.
  r.basis, -- [word] register: the tracker's curated list of names; claims: the claims counted here.
  r.claim_count, -- [count] Claims that say so; 0 for the register's.
  r.by_name_count, -- [count] Of these, claims whose quote names the accused and keeps no distance from it ("affiliated with", "employees of"); of the others it is not by name, or that is not known. said_as has such words where they were read. The quotes have the last word.
  r.document_count, -- [count] Documents of these claims.
  r.said_as, -- [json] The documents' own words for the accused, where they say less than its name.
  r.first_published_on, -- [day] The first day on which such words were published.
  r.last_published_on, -- [day] The last such day.
  r.example_claim, -- [id] The first of these claims by that day, of those that their pages still make if there are any.
  c.quote, -- [text] Its words.
  c.link -- [address] The page at these words.
FROM _relations AS r
LEFT JOIN _entities AS s ON s.id = r.subject
LEFT JOIN _entities AS o ON o.id = r.object
LEFT JOIN _claims AS c ON c.id = r.example_claim;

CREATE VIEW documents AS
-- The pages that were read, without their texts: what is quoted is in claims, and the page is at url.
SELECT
  id, -- [id] The document's permanent id.
  url, -- [address] The page; empty for what was handed in, or has no address on the web.
  title, -- [text] Its title in the newest version.
  publisher, -- [text] Whose page it is.
  publisher_type, -- [word] As in claims.
  source, -- [id] The source that pointed at it (sources.name).
  published_on, -- [day] When it was published, as the page says; null where it does not.
  language, -- [word] Its language (BCP 47).
  kind, -- [word] article, statement, letter, memo, bill, filing, press_release or report.
  relevance, -- [word] relevant, background or irrelevant.
  byline, -- [text] Who signs it.
  dateline, -- [text] The words before the dash that opens a report.
  syndicated_from, -- [text] Where the page says that it was first published.
  copy_of, -- [id] The document whose text it prints; null for an original.
  copy_similarity, -- [number] How alike the two are, from 0 to 1.
  current_version, -- [id] Its newest version.
  version_count, -- [count] Versions that the tracker saw.
  claim_count, -- [count] Claims of it in this file.
  first_seen_at, -- [instant] When the tracker first had it.
  last_seen_on, -- [day] When it last looked.
  updated_at, -- [instant] When its newest version came.
  page, -- [address] Its page on the site.
  search_id -- [count] Its number in search and search_trigram; it changes from one file to the next.
FROM _documents;

CREATE VIEW versions AS
-- Each text that a page had: its digest and where it lies in the archive, not the text itself.
SELECT
  id, -- [id] The version's id.
  document_id, -- [id] The document.
  number, -- [count] 1 for the first that the tracker saw.
  is_current, -- [flag] Whether it is the newest.
  title, -- [text] The title it had.
  published_on, -- [day] The day that it gives for itself.
  language, -- [word] Its language.
  text_sha256, -- [text] SHA-256 of its text (UTF-8).
  text_length, -- [count] Code points of its text.
  fetched_at, -- [instant] When it was first fetched.
  last_seen_on, -- [day] When the page was last seen to read so.
  archive_record -- [id] The WARC-Record-ID under which the archive holds the page as it was fetched; null for what was handed in.
FROM _versions;

CREATE VIEW sources AS
-- Where documents come from, and how each source does.
SELECT
  name, -- [id] The source's name in the configuration.
  kind, -- [word] What kind of source: a feed, a sitemap, a listing, an API.
  url, -- [address] What is asked.
  publisher, -- [text] Whose pages it points at.
  publisher_type, -- [word] As in claims.
  language, -- [word] Their language.
  is_enabled, -- [flag] Whether it is asked.
  document_count, -- [count] Documents that came from it.
  relevant_count, -- [count] Of these, documents on the matter.
  refused_count, -- [count] Pages that its host did not let us have at the last attempt.
  failed_count, -- [count] Pages that could not be had or read at the last attempt.
  health, -- [word] fine, empty, silent, refused, unreachable, layout_changed, skipped or new.
  health_since, -- [instant] Since when; null where it was always so.
  health_why, -- [text] What was seen.
  last_answered_on, -- [day] When it last answered: silence is only silence with a date.
  last_asked_on -- [day] When it was last asked.
FROM _sources;

CREATE VIEW revisions AS
-- What became of a claim when its page changed.
SELECT
  r.document_id, -- [id] The document.
  d.publisher, -- [text] Whose page it is.
  d.url, -- [address] The page.
  r.kind, -- [word] changed, vanished or added.
  r.seen_at, -- [instant] When the tracker first saw the changed page.
  r.from_version, -- [id] The version before.
  r.to_version, -- [id] The version after.
  r.before_claim, -- [id] The claim as it was; null for added.
  b.quote AS before_quote, -- [text] Its words.
  r.after_claim, -- [id] The claim as it is; null for vanished.
  a.quote AS after_quote, -- [text] Its words.
  r.changes -- [json] What changed: objects with field, was and now.
FROM _revisions AS r
JOIN _documents AS d ON d.id = r.document_id
LEFT JOIN _claims AS b ON b.id = r.before_claim
LEFT JOIN _claims AS a ON a.id = r.after_claim;

CREATE VIEW withdrawn AS
-- Claims and events that people hid, and which are not in this file. Who keeps a copy of the data drops them: no row of theirs can say so.
SELECT
  kind, -- [word] claim or event.
  id, -- [id] The id that it had.
  at, -- [instant] When a person decided so; published later than that.
  edit_id -- [id] The decision (the site's page of corrections has it).
FROM _withdrawn;

CREATE VIEW redirects AS
-- Ids of events and disputes that were merged into others.
SELECT
  old_id, -- [id] The id that was.
  new_id -- [id] The one that it leads to.
FROM _redirects;

CREATE VIEW searchable AS
-- What search and search_trigram look through.
SELECT search_id, 'event' AS kind, id, title, summary AS words FROM _events
UNION ALL SELECT search_id, 'dispute', id, title, '' FROM _disputes
UNION ALL SELECT search_id, 'document', id, title, '' FROM _documents
UNION ALL SELECT search_id, 'claim', id, '', quote FROM _claims;
-- search_id: [count] The rowid in search and search_trigram.
-- kind: [word] event, dispute, document or claim.
-- id: [id] The id of that kind.
-- title: [text] The title of an event, dispute or document.
-- words: [text] The summary of an event, the quote of a claim.

CREATE VIEW about AS
-- What this file is. One row a fact.
SELECT
  position, -- [count] The order of the facts.
  name, -- [id] Which fact.
  value, -- [text] The fact.
  description -- [text] What it means.
FROM _about ORDER BY position;

CREATE VIEW tables AS
-- Every table and view of this file.
SELECT
  position, -- [count] The order in which they are described.
  name, -- [id] Its name.
  row_count, -- [count] How many rows it has.
  description -- [text] What it holds.
FROM _tables ORDER BY position;

CREATE VIEW columns AS
-- Every column of every table and view of this file.
SELECT
  table_name, -- [id] The table or view.
  position, -- [count] The column's place, from 1.
  column_name, -- [id] Its name.
  kind, -- [word] id, text, word, day, instant, number, count, offset, flag (0 or 1), json (an array) or address.
  description -- [text] What it holds.
FROM _columns;
