-- Accusers and accused as an edge list
-- One row for each pair. Of by_name_count claims no lesser words for the accused were read; the others accuse it only in the words of said_as. Whoever accuses, it is their word: example_claim in relations leads to it.
SELECT subject AS accuser, object AS accused, claim_count, by_name_count, document_count, first_published_on, said_as
FROM relations
WHERE relation = 'accuses'
ORDER BY document_count DESC, claim_count DESC, accuser, accused;
