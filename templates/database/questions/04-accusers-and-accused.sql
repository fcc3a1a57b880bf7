-- Accusers and accused as an edge list
-- One row for each pair. by_name_count are the claims that accuse the object itself; the others do so only in the words of said_as. Where that is 0, no document accuses it outright.
SELECT subject AS accuser, object AS accused, claim_count, by_name_count, document_count, first_published_on, said_as
FROM relations
WHERE relation = 'accuses'
ORDER BY document_count DESC, claim_count DESC, accuser, accused;
