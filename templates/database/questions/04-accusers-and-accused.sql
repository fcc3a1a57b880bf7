-- Accusers and accused as an edge list
-- One row for each pair. The quotes of by_name_count claims accuse by name; of the others that is not so, or not known, and said_as has lesser words that were read. Whoever accuses, it is their word: example_claim in relations leads to it.
SELECT subject AS accuser, object AS accused, claim_count, by_name_count, document_count, first_published_on, said_as
FROM relations
WHERE relation = 'accuses'
ORDER BY document_count DESC, claim_count DESC, accuser, accused;
