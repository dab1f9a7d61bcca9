WITH shown AS (
  SELECT
    event_id,
    occurred_at,
    latency_ms,
    type = 'plate.mounted' AS is_plate,
    COALESCE(intent, 'unknown') AS intent
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
    AND type IN ('plate.mounted', 'plate.refused')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY intent ORDER BY occurred_at DESC, event_id) AS newest,
    ROW_NUMBER() OVER (
      PARTITION BY intent, is_plate AND latency_ms IS NOT NULL ORDER BY latency_ms, event_id
    ) AS place,
    COUNTIF(is_plate AND latency_ms IS NOT NULL) OVER (PARTITION BY intent) AS timed
  FROM shown
),

counted AS (
  SELECT
    intent,
    COUNTIF(is_plate) AS plate_count,
    COUNTIF(NOT is_plate) AS refused_count,
    MIN(IF(is_plate AND place * 100 >= timed * 50, latency_ms, NULL)) AS p50_ms,
    MIN(IF(is_plate AND place * 100 >= timed * 95, latency_ms, NULL)) AS p95_ms,
    MAX(occurred_at) AS newest_at,
    ARRAY_AGG(IF(newest <= 20, event_id, NULL) IGNORE NULLS ORDER BY newest) AS row_ids
  FROM ranked
  GROUP BY intent
)

SELECT
  intent,
  plate_count,
  refused_count,
  SAFE_DIVIDE(plate_count, SUM(plate_count) OVER ()) AS plate_share,
  p50_ms,
  p95_ms,
  newest_at,
  row_ids
FROM counted
ORDER BY plate_count DESC, intent
