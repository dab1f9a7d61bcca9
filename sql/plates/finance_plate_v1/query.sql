-- All lists of one money plate from one reading of the ledger: four statements would be billed four times.
-- A correction is a row whose amount is the difference, so a sum over rows has it applied.
WITH entries AS (
  SELECT
    *,
    CASE @bucket
      WHEN 'day' THEN occurred_on
      WHEN 'week' THEN GREATEST(DATE_TRUNC(occurred_on, WEEK(MONDAY)), @from_date)
      ELSE DATE_TRUNC(occurred_on, MONTH)
    END AS period_start,
    IF(@split_by = 'lane', lane, category) AS part
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
),

-- Each posting counts for its period, for its part and for the whole.
counted AS (
  SELECT
    list,
    IF(list = 'chart', entries.period_start, NULL) AS period_start,
    CASE list WHEN 'split' THEN entries.part WHEN 'total' THEN 'all' END AS part,
    entry_id,
    direction,
    amount,
    corrects,
    recorded_at
  FROM entries
  CROSS JOIN UNNEST(['chart', 'split', 'total']) AS list
)

SELECT
  list,
  period_start,
  part,
  SUM(IF(direction = 'income', amount, 0)) AS income,
  SUM(IF(direction = 'expense', amount, 0)) AS expense,
  SUM(IF(direction = 'income', amount, -amount)) AS net,
  COUNT(*) AS entry_count,
  COUNTIF(corrects IS NOT NULL) AS correction_count,
  ARRAY_AGG(entry_id ORDER BY ABS(amount) DESC, entry_id LIMIT 20) AS row_ids,
  MAX(recorded_at) AS newest_recorded_at,
  IF(FALSE, list, NULL) AS entry_id,
  CAST(NULL AS DATE) AS occurred_on,
  IF(FALSE, list, NULL) AS lane,
  IF(FALSE, list, NULL) AS category,
  IF(FALSE, list, NULL) AS direction,
  CAST(NULL AS NUMERIC) AS amount,
  IF(FALSE, list, NULL) AS currency,
  IF(FALSE, list, NULL) AS description,
  IF(FALSE, list, NULL) AS vin,
  IF(FALSE, list, NULL) AS document_number,
  IF(FALSE, list, NULL) AS counterparty,
  IF(FALSE, list, NULL) AS corrects,
  CAST(NULL AS TIMESTAMP) AS recorded_at
FROM counted
GROUP BY list, period_start, part
UNION ALL
SELECT
  'entries' AS list,
  CAST(NULL AS DATE) AS period_start,
  IF(FALSE, lane, NULL) AS part,
  CAST(NULL AS NUMERIC) AS income,
  CAST(NULL AS NUMERIC) AS expense,
  CAST(NULL AS NUMERIC) AS net,
  IF(FALSE, 0, NULL) AS entry_count,
  IF(FALSE, 0, NULL) AS correction_count,
  IF(FALSE, [entry_id], NULL) AS row_ids,
  CAST(NULL AS TIMESTAMP) AS newest_recorded_at,
  entry_id,
  occurred_on,
  lane,
  category,
  direction,
  amount,
  currency,
  description,
  vin,
  document_number,
  counterparty,
  corrects,
  recorded_at
FROM entries
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (ORDER BY occurred_on DESC, entry_id) <= @row_limit
ORDER BY list, period_start, part, occurred_on DESC, entry_id
