-- A unit of work is all attempts of one capability at one cause: a retry that succeeds is no error.
-- Percentiles are nearest rank, in whole numbers so that every engine picks the same row.
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

units AS (
  SELECT
    capability,
    COALESCE(causation_id, event_id) AS cause,
    COUNTIF(outcome = 'ok') > 0 AS succeeded,
    COUNTIF(outcome = 'failed') > 0 AS was_retried,
    COUNTIF(outcome = 'dead_lettered') > 0 AS gave_up,
    COUNTIF(outcome = 'rejected') > 0 AS was_rejected
  FROM ledger
  WHERE outcome IS NOT NULL
  GROUP BY capability, cause
),

counts AS (
  SELECT
    COUNT(*) AS unit_count,
    COUNTIF(succeeded) AS ok_count,
    COUNTIF(succeeded AND was_retried) AS retried_count,
    COUNTIF(NOT succeeded AND was_rejected AND NOT gave_up) AS rejected_count,
    COUNTIF(NOT succeeded AND gave_up) AS dead_lettered_count,
    COUNTIF(NOT succeeded AND NOT gave_up AND NOT was_rejected) AS failed_count
  FROM units
),

plates AS (
  SELECT
    latency_ms,
    ROW_NUMBER() OVER (ORDER BY latency_ms) AS place,
    COUNT(*) OVER () AS plate_count
  FROM ledger
  WHERE type = 'plate.mounted' AND latency_ms IS NOT NULL
),

speed AS (
  SELECT
    COUNT(*) AS plate_count,
    MIN(IF(place * 100 >= plate_count * 50, latency_ms, NULL)) AS plate_p50_ms,
    MIN(IF(place * 100 >= plate_count * 95, latency_ms, NULL)) AS plate_p95_ms
  FROM plates
),

problems AS (
  SELECT event_id, ROW_NUMBER() OVER (ORDER BY occurred_at DESC, event_id) AS place
  FROM ledger
  WHERE outcome IN ('failed', 'rejected', 'dead_lettered')
),

evidence AS (
  SELECT ARRAY_AGG(IF(place <= 20, event_id, NULL) IGNORE NULLS ORDER BY place) AS problem_ids
  FROM problems
),

age AS (
  SELECT COUNT(*) AS row_count, MAX(occurred_at) AS newest_at FROM ledger
)

SELECT
  unit_count,
  ok_count,
  retried_count,
  rejected_count,
  failed_count,
  dead_lettered_count,
  SAFE_DIVIDE(failed_count + dead_lettered_count, unit_count) AS error_rate,
  SAFE_DIVIDE(rejected_count, unit_count) AS rejected_rate,
  plate_count,
  plate_p50_ms,
  plate_p95_ms,
  problem_ids,
  row_count,
  newest_at
FROM counts
CROSS JOIN speed
CROSS JOIN evidence
CROSS JOIN age
