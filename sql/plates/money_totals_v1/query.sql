WITH entries AS (
  SELECT
    entry_id,
    CASE @group_by WHEN 'lane' THEN lane WHEN 'category' THEN category ELSE 'all' END AS part,
    direction,
    amount,
    corrects,
    recorded_at
  FROM `ledger.money_entry_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_on BETWEEN @from_date AND @to_date
    AND recorded_at <= @as_of
    AND (@lane IS NULL OR lane = @lane)
    AND (@category IS NULL OR category = @category)
    AND (@direction IS NULL OR direction = @direction)
    AND (@amount_from IS NULL OR amount >= @amount_from)
    AND (@amount_to IS NULL OR amount <= @amount_to)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY recorded_at) = 1
)

SELECT
  part,
  SUM(IF(direction = 'income', amount, 0)) AS income,
  SUM(IF(direction = 'expense', amount, 0)) AS expense,
  SUM(IF(direction = 'income', amount, -amount)) AS net,
  COUNT(*) AS entry_count,
  COUNTIF(corrects IS NOT NULL) AS correction_count,
  ARRAY_AGG(entry_id ORDER BY ABS(amount) DESC, entry_id LIMIT 20) AS row_ids,
  MAX(recorded_at) AS newest_recorded_at
FROM entries
GROUP BY part
ORDER BY part
