-- A matter that somebody took and settled later waited until it was taken; when it comes up again, it waits again.
WITH ledger AS (
  SELECT
    event_id,
    occurred_at,
    subject,
    type = 'thread.answered' AS is_customer,
    COALESCE(JSON_VALUE(detail, '$.round'), '1') AS round,
    COALESCE(JSON_VALUE(detail, '$.department'), JSON_VALUE(detail, '$.kind'), 'unknown') AS about,
    CAST(JSON_VALUE(detail, '$.waited_seconds') AS FLOAT64) AS seconds
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
    AND type IN ('thread.answered', 'attention.acknowledged', 'attention.resolved')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
),

ended AS (
  SELECT *, IF(is_customer, 'customer', 'matter') AS who
  FROM ledger
  WHERE seconds IS NOT NULL
  QUALIFY
    is_customer OR ROW_NUMBER() OVER (PARTITION BY is_customer, subject, round ORDER BY occurred_at, event_id) = 1
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY who, about ORDER BY seconds, event_id) AS place,
    ROW_NUMBER() OVER (PARTITION BY who, about ORDER BY seconds DESC, event_id) AS longest,
    COUNT(*) OVER (PARTITION BY who, about) AS total
  FROM ended
)

SELECT
  who,
  about,
  COUNT(*) AS wait_count,
  MIN(IF(place * 100 >= total * 50, seconds, NULL)) AS p50_seconds,
  MIN(IF(place * 100 >= total * 95, seconds, NULL)) AS p95_seconds,
  MAX(seconds) AS max_seconds,
  MAX(occurred_at) AS newest_at,
  ARRAY_AGG(IF(longest <= 20, event_id, NULL) IGNORE NULLS ORDER BY longest) AS row_ids
FROM ranked
GROUP BY who, about
ORDER BY who, about
