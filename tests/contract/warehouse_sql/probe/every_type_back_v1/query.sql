SELECT probe_id, whole, broken, money, is_on, day, instant, document
FROM `probe.every_type_v1`
WHERE tenant_id = @tenant_id AND (ARRAY_LENGTH(@probe_ids) = 0 OR probe_id IN UNNEST(@probe_ids))
ORDER BY probe_id
