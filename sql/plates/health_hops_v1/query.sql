-- The same units as the summary's, told by capability: their sum is the summary's.
WITH ledger AS (
  SELECT *
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
    AND outcome IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
),

units AS (
  SELECT
    COALESCE(capability, 'platform') AS capability,
    COALESCE(causation_id, event_id) AS cause,
    MAX(occurred_at) AS ended_at,
    COUNTIF(outcome = 'ok') > 0 AS succeeded,
    COUNTIF(outcome = 'failed') > 0 AS was_retried,
    COUNTIF(outcome = 'dead_lettered') > 0 AS gave_up,
    COUNTIF(outcome = 'rejected') > 0 AS was_rejected
  FROM ledger
  GROUP BY capability, cause
),

counted AS (
  SELECT
    capability,
    COUNT(*) AS unit_count,
    COUNTIF(succeeded) AS ok_count,
    COUNTIF(succeeded AND was_retried) AS retried_count,
    COUNTIF(NOT succeeded AND was_rejected AND NOT gave_up) AS rejected_count,
    COUNTIF(NOT succeeded AND (gave_up OR NOT was_rejected)) AS error_count,
    MAX(ended_at) AS newest_at
  FROM units
  GROUP BY capability
),

bad AS (
  SELECT
    units.capability,
    ledger.event_id,
    ROW_NUMBER() OVER (
      PARTITION BY units.capability ORDER BY ledger.occurred_at DESC, ledger.event_id
    ) AS place
  FROM units
  INNER JOIN ledger
    ON
      units.capability = COALESCE(ledger.capability, 'platform')
      AND units.cause = COALESCE(ledger.causation_id, ledger.event_id)
  WHERE NOT units.succeeded AND (units.gave_up OR NOT units.was_rejected)
),

evidence AS (
  SELECT capability, ARRAY_AGG(event_id ORDER BY place) AS row_ids
  FROM bad
  WHERE place <= 20
  GROUP BY capability
)

SELECT
  counted.capability,
  unit_count,
  ok_count,
  retried_count,
  rejected_count,
  error_count,
  SAFE_DIVIDE(error_count, unit_count) AS error_rate,
  newest_at,
  evidence.row_ids
FROM counted
LEFT JOIN evidence ON counted.capability = evidence.capability
ORDER BY counted.capability
