-- Bounded by the partition: data older than @since counts as none.
SELECT
  'ledger.money_entry_v1' AS table_name,
  COUNT(DISTINCT entry_id) AS row_count,
  MAX(recorded_at) AS newest_at
FROM `ledger.money_entry_v1`
WHERE
  tenant_id = @tenant_id
  AND occurred_on >= DATE(@since)
  AND recorded_at <= @as_of
UNION ALL
SELECT
  'ledger.system_audit_ledger_v1' AS table_name,
  COUNT(DISTINCT event_id) AS row_count,
  MAX(occurred_at) AS newest_at
FROM `ledger.system_audit_ledger_v1`
WHERE
  tenant_id = @tenant_id
  AND occurred_at >= @since
  AND occurred_at <= @as_of
ORDER BY table_name
