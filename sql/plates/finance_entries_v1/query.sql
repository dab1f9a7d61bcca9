WITH entries AS (
  SELECT *
  FROM `ledger.money_entry_v1`
  WHERE
    tenant_id = @tenant_id
    AND occurred_on BETWEEN @from_date AND @to_date
    AND recorded_at <= @as_of
    AND (@lane IS NULL OR lane = @lane)
    AND (@category IS NULL OR category = @category)
    AND (@vin IS NULL OR vin = @vin)
    AND (@direction IS NULL OR direction = @direction)
    AND (@amount_from IS NULL OR amount >= @amount_from)
    AND (@amount_to IS NULL OR amount <= @amount_to)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY recorded_at) = 1
)

SELECT
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
ORDER BY occurred_on DESC, entry_id
