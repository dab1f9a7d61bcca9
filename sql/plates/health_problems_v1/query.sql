-- What an operator reads after the error rate: each bad attempt, and whether a later one made it good.
WITH ledger AS (
  SELECT *
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
  QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
),

recovered AS (
  SELECT DISTINCT capability, causation_id
  FROM ledger
  WHERE outcome = 'ok' AND causation_id IS NOT NULL
)

SELECT
  ledger.event_id,
  ledger.occurred_at,
  ledger.type,
  ledger.capability,
  ledger.outcome,
  ledger.subject,
  ledger.correlation_id,
  ledger.trace_id,
  JSON_VALUE(ledger.detail, '$.reason') AS reason,
  recovered.causation_id IS NOT NULL AS is_recovered
FROM ledger
LEFT JOIN recovered
  ON
    ledger.causation_id = recovered.causation_id
    AND COALESCE(ledger.capability, '') = COALESCE(recovered.capability, '')
WHERE ledger.outcome IN ('failed', 'rejected', 'dead_lettered')
QUALIFY ROW_NUMBER() OVER (ORDER BY ledger.occurred_at DESC, ledger.event_id) <= @row_limit
ORDER BY ledger.occurred_at DESC, ledger.event_id
