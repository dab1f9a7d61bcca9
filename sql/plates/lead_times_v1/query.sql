-- A deal is a person's, not a lead's: whoever asked twice and bought once made both leads count.
WITH leads AS (
  SELECT event_id, occurred_at, subject AS person, JSON_VALUE(detail, '$.lead_id') AS lead_id
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at < @to_at
    AND occurred_at <= @as_of
    AND type = 'person.resolved'
    AND JSON_VALUE(detail, '$.lead_id') IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY JSON_VALUE(detail, '$.lead_id') ORDER BY occurred_at, event_id) = 1
),

moves AS (
  SELECT
    event_id,
    occurred_at,
    CONCAT('persons/', JSON_VALUE(detail, '$.person')) AS person,
    JSON_VALUE(detail, '$.stage') AS stage
  FROM `ledger.system_audit_ledger_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_at >= @from_at
    AND occurred_at <= @as_of
    AND type = 'deal.moved'
),

reached AS (
  SELECT
    leads.lead_id,
    MIN(moves.occurred_at) AS deal_at,
    MIN(IF(moves.stage = 'won', moves.occurred_at, NULL)) AS won_at,
    MAX(moves.occurred_at) AS newest_at
  FROM leads
  INNER JOIN moves ON leads.person = moves.person AND moves.occurred_at >= leads.occurred_at
  GROUP BY leads.lead_id
),

times AS (
  SELECT
    leads.event_id,
    leads.occurred_at,
    leads.lead_id,
    COALESCE(reached.newest_at, leads.occurred_at) AS newest_at,
    SAFE_DIVIDE(TIMESTAMP_DIFF(reached.deal_at, leads.occurred_at, SECOND), 3600) AS deal_hours,
    SAFE_DIVIDE(TIMESTAMP_DIFF(reached.won_at, leads.occurred_at, SECOND), 3600) AS won_hours
  FROM leads
  LEFT JOIN reached ON leads.lead_id = reached.lead_id
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (ORDER BY occurred_at DESC, event_id) AS newest,
    ROW_NUMBER() OVER (PARTITION BY deal_hours IS NULL ORDER BY deal_hours, event_id) AS deal_place,
    ROW_NUMBER() OVER (PARTITION BY won_hours IS NULL ORDER BY won_hours, event_id) AS won_place,
    COUNT(deal_hours) OVER () AS deals,
    COUNT(won_hours) OVER () AS wins
  FROM times
)

SELECT
  COUNT(*) AS lead_count,
  COUNT(deal_hours) AS deal_count,
  COUNT(won_hours) AS won_count,
  SAFE_DIVIDE(COUNT(deal_hours), COUNT(*)) AS deal_rate,
  SAFE_DIVIDE(COUNT(won_hours), COUNT(*)) AS won_rate,
  MIN(IF(deal_place * 100 >= deals * 50, deal_hours, NULL)) AS deal_p50_hours,
  MIN(IF(deal_place * 100 >= deals * 95, deal_hours, NULL)) AS deal_p95_hours,
  MIN(IF(won_place * 100 >= wins * 50, won_hours, NULL)) AS won_p50_hours,
  MIN(IF(won_place * 100 >= wins * 95, won_hours, NULL)) AS won_p95_hours,
  ARRAY_AGG(IF(newest <= 20, event_id, NULL) IGNORE NULLS ORDER BY newest) AS row_ids,
  MAX(newest_at) AS newest_at
FROM ranked
