-- A report that comes late or twice moves nothing back: delivered wins over failed, both over unknown.
WITH ledger AS (
  SELECT
    event_id,
    occurred_at,
    subject AS text,
    type,
    COALESCE(JSON_VALUE(detail, '$.purpose'), 'unknown') AS purpose,
    JSON_VALUE(detail, '$.verdict') AS verdict,
    JSON_VALUE(detail, '$.state') AS state
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at <= @as_of
    AND type IN ('text.decided', 'text.put_off', 'text.moved', 'text.unknown')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
),

dated AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY text ORDER BY occurred_at DESC, event_id) AS age
  FROM ledger
),

texts AS (
  SELECT
    text,
    MAX(purpose) AS purpose,
    MIN(IF(type = 'text.decided', occurred_at, NULL)) AS decided_at,
    MAX(IF(verdict = 'send', occurred_at, NULL)) AS allowed_at,
    MIN(IF(state = 'delivered', occurred_at, NULL)) AS delivered_at,
    COUNTIF(verdict = 'refuse') > 0 AS is_refused,
    COUNTIF(state IN ('failed', 'undelivered')) > 0 AS is_failed,
    COUNTIF(type = 'text.unknown') > 0 AS is_unknown,
    COUNTIF(state IS NOT NULL) > 0 AS has_moved,
    MAX(occurred_at) AS newest_at,
    MAX(IF(age = 1, event_id, NULL)) AS newest_id
  FROM dated
  GROUP BY text
),

ended AS (
  SELECT
    *,
    delivered_at IS NOT NULL AS is_delivered,
    delivered_at IS NULL AND is_failed AS has_failed,
    delivered_at IS NULL AND NOT is_failed AND is_unknown AND NOT has_moved AS is_lost,
    SAFE_DIVIDE(TIMESTAMP_DIFF(delivered_at, allowed_at, MILLISECOND), 1000) AS seconds
  FROM texts
  WHERE decided_at < @to_at
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY purpose, seconds IS NULL ORDER BY seconds, text) AS place,
    COUNT(seconds) OVER (PARTITION BY purpose) AS timed,
    ROW_NUMBER() OVER (
      PARTITION BY purpose, has_failed OR is_lost ORDER BY newest_at DESC, newest_id
    ) AS newest
  FROM ended
)

SELECT
  purpose,
  COUNT(*) AS text_count,
  COUNTIF(allowed_at IS NOT NULL) AS allowed_count,
  COUNTIF(allowed_at IS NULL AND NOT is_refused) AS held_count,
  COUNTIF(is_refused AND NOT is_delivered AND NOT has_failed) AS refused_count,
  COUNTIF(is_delivered) AS delivered_count,
  COUNTIF(has_failed) AS failed_count,
  COUNTIF(is_lost) AS unknown_count,
  SAFE_DIVIDE(COUNTIF(is_delivered), COUNTIF(is_delivered OR has_failed)) AS delivery_rate,
  MIN(IF(place * 100 >= timed * 50, seconds, NULL)) AS p50_seconds,
  MIN(IF(place * 100 >= timed * 95, seconds, NULL)) AS p95_seconds,
  MAX(newest_at) AS newest_at,
  ARRAY_AGG(IF((has_failed OR is_lost) AND newest <= 20, newest_id, NULL) IGNORE NULLS ORDER BY newest) AS row_ids
FROM ranked
GROUP BY purpose
ORDER BY purpose
