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

samples AS (
  SELECT 'intent' AS kind, COALESCE(intent, 'unknown') AS name, event_id, latency_ms AS ms
  FROM ledger
  WHERE type = 'plate.mounted' AND latency_ms IS NOT NULL
  UNION ALL
  SELECT 'capability' AS kind, COALESCE(capability, 'platform') AS name, event_id, latency_ms AS ms
  FROM ledger
  WHERE outcome IS NOT NULL AND type != 'plate.mounted' AND latency_ms IS NOT NULL
  UNION ALL
  SELECT
    'hop' AS kind,
    JSON_VALUE(hop, '$.hop') AS name,
    event_id,
    CAST(JSON_VALUE(hop, '$.ms') AS FLOAT64) AS ms
  FROM ledger
  CROSS JOIN UNNEST(JSON_QUERY_ARRAY(hops)) AS hop
  WHERE type = 'plate.mounted'
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY kind, name ORDER BY ms, event_id) AS place,
    ROW_NUMBER() OVER (PARTITION BY kind, name ORDER BY ms DESC, event_id) AS slowest,
    COUNT(*) OVER (PARTITION BY kind, name) AS total
  FROM samples
)

SELECT
  kind,
  name,
  COUNT(*) AS sample_count,
  MIN(IF(place * 100 >= total * 50, ms, NULL)) AS p50_ms,
  MIN(IF(place * 100 >= total * 95, ms, NULL)) AS p95_ms,
  MAX(ms) AS max_ms,
  ARRAY_AGG(IF(slowest <= 5, event_id, NULL) IGNORE NULLS ORDER BY slowest) AS row_ids
FROM ranked
GROUP BY kind, name
ORDER BY kind, name
