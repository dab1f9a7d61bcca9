-- A redelivered row changes no unit, so none is left out.
WITH ledger AS (
  SELECT *
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
),

units AS (
  SELECT
    capability,
    COALESCE(causation_id, event_id) AS cause,
    MAX(occurred_at) AS ended_at,
    COUNTIF(outcome = 'ok') > 0 AS succeeded,
    COUNTIF(outcome = 'dead_lettered') > 0 AS gave_up,
    COUNTIF(outcome = 'rejected') > 0 AS was_rejected
  FROM ledger
  WHERE outcome IS NOT NULL
  GROUP BY capability, cause
)

SELECT
  TIMESTAMP_TRUNC(ended_at, HOUR) AS hour_start,
  COUNT(*) AS unit_count,
  COUNTIF(succeeded) AS ok_count,
  COUNTIF(NOT succeeded AND was_rejected AND NOT gave_up) AS rejected_count,
  COUNTIF(NOT succeeded AND (gave_up OR NOT was_rejected)) AS error_count,
  SAFE_DIVIDE(COUNTIF(NOT succeeded AND (gave_up OR NOT was_rejected)), COUNT(*)) AS error_rate
FROM units
GROUP BY hour_start
ORDER BY hour_start
