SELECT 'type is not dotted lower case' AS rule, event_id AS row_id
FROM `ledger.system_audit_ledger_v1`
WHERE
  tenant_id = @tenant_id
  AND occurred_at >= TIMESTAMP(@from_date)
  AND occurred_at < TIMESTAMP(DATE_ADD(@to_date, INTERVAL 1 DAY))
  AND NOT REGEXP_CONTAINS(type, r'^[a-z_]+(\.[a-z_]+)+$')
UNION ALL
SELECT 'unknown outcome' AS rule, event_id AS row_id
FROM `ledger.system_audit_ledger_v1`
WHERE
  tenant_id = @tenant_id
  AND occurred_at >= TIMESTAMP(@from_date)
  AND occurred_at < TIMESTAMP(DATE_ADD(@to_date, INTERVAL 1 DAY))
  AND outcome NOT IN ('ok', 'rejected', 'failed', 'dead_lettered')
ORDER BY rule, row_id
