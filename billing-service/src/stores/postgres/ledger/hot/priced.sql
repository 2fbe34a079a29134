-- What reservations were priced by, for all that are asked for together. A row for each that is there.
select i.ord::integer as ord, r.operation, r.amount, r.asked, r.price_version as "priceVersion", r.terms,
  r.commit_terms as "commitTerms"
from unnest($1::bigint[], $2::uuid[]) with ordinality as i(user_id, id, ord)
cross join lateral (
  select * from reservations where reservations.user_id = i.user_id and reservations.id = i.id limit 1
) r
