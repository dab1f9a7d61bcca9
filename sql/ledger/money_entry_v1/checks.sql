SELECT 'amount below zero without a correction' AS rule, entry_id AS row_id
FROM `ledger.money_entry_v1`
WHERE tenant_id = @tenant_id AND occurred_on BETWEEN @from_date AND @to_date AND amount < 0 AND corrects IS NULL
UNION ALL
SELECT 'unknown lane or direction' AS rule, entry_id AS row_id
FROM `ledger.money_entry_v1`
WHERE
  tenant_id = @tenant_id
  AND occurred_on BETWEEN @from_date AND @to_date
  AND (lane NOT IN ('A', 'B', 'C', 'D') OR direction NOT IN ('income', 'expense'))
UNION ALL
SELECT 'one entry_id with two contents' AS rule, entry_id AS row_id
FROM `ledger.money_entry_v1`
WHERE tenant_id = @tenant_id AND occurred_on BETWEEN @from_date AND @to_date
GROUP BY entry_id
HAVING COUNT(DISTINCT amount) > 1 OR COUNT(DISTINCT occurred_on) > 1 OR COUNT(DISTINCT direction) > 1
ORDER BY rule, row_id
