-- One statement a run. Columns of rows that are news or unusual come out; of every other row nothing does.
-- Each stage reads the one before it once, so the ledger is read twice in all: long ago by the day, lately by the row.
WITH tuning AS (
  SELECT
    JSON_VALUE(one, '$.series') AS series,
    CAST(JSON_VALUE(one, '$.accepted_usd') AS FLOAT64) AS accepted,
    CAST(JSON_VALUE(one, '$.accepted_day_usd') AS FLOAT64) AS accepted_day,
    CAST(JSON_VALUE(one, '$.accepted_four_weeks_usd') AS FLOAT64) AS accepted_four_weeks,
    CAST(JSON_VALUE(one, '$.min_change_usd') AS FLOAT64) AS min_change,
    CAST(JSON_VALUE(one, '$.muted_until') AS DATE) AS muted_until
  FROM UNNEST(@tuning) AS one
),

approvals AS (
  SELECT
    JSON_VALUE(one, '$.covers') AS covers,
    CAST(JSON_VALUE(one, '$.amount_usd') AS FLOAT64) AS amount,
    CAST(JSON_VALUE(one, '$.valid_from') AS DATE) AS valid_from,
    CAST(JSON_VALUE(one, '$.valid_to') AS DATE) AS valid_to
  FROM UNNEST(@approvals) AS one
),

-- Lately, row by row: what was taken back is no longer there, what was approved is explained.
recent AS (
  SELECT
    posted.*,
    CONCAT(lane, '.', category, '.', direction) AS series,
    DATE_DIFF(occurred_on, DATE '2001-01-01', DAY) AS n,
    occurred_on >= @watch_from
    OR (
      recorded_at > @news_from
      -- A whole ledger that was just brought in is no news.
      AND 2 * COUNTIF(recorded_at > @news_from) OVER (PARTITION BY lane, category, direction)
      <= COUNT(*) OVER (PARTITION BY lane, category, direction)
    ) AS is_watched,
    LOWER(counterparty) AS payee,
    SUM(IF(corrects IS NULL, 0, amount)) OVER (PARTITION BY COALESCE(corrects, entry_id)) AS taken,
    SUM(IF(corrects IS NULL, amount, 0)) OVER (PARTITION BY COALESCE(corrects, entry_id)) AS original
  FROM (
    SELECT
      entry_id,
      lane,
      category,
      direction,
      occurred_on,
      CAST(amount AS FLOAT64) AS amount,
      CAST(ROUND(100 * amount) AS INT64) AS cents,
      description,
      document_number,
      counterparty,
      corrects,
      recorded_at
    FROM `ledger.money_entry_v1`
    WHERE
      tenant_id = @tenant_id
      AND occurred_on BETWEEN @recent_from AND @to_date
      AND recorded_at <= @as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY recorded_at) = 1
  ) AS posted
),

judged AS (
  SELECT
    recent.*,
    COALESCE(document_approved.amount, payee_approved.amount) IS NOT NULL
    AND SUM(recent.amount) OVER (
      PARTITION BY COALESCE(document_approved.covers, payee_approved.covers, recent.entry_id)
      ORDER BY recent.occurred_on, recent.entry_id
    ) <= 1.05 * COALESCE(document_approved.amount, payee_approved.amount) AS is_approved
  FROM recent
  LEFT JOIN approvals AS document_approved
    ON
      document_approved.covers = CONCAT('document|', recent.document_number)
      AND recent.occurred_on BETWEEN document_approved.valid_from AND document_approved.valid_to
  LEFT JOIN approvals AS payee_approved
    ON
      payee_approved.covers = CONCAT('payee|', recent.payee, '|', recent.category)
      AND recent.occurred_on BETWEEN payee_approved.valid_from AND payee_approved.valid_to
),

recent_days AS (
  SELECT
    series,
    lane,
    category,
    direction,
    occurred_on,
    SUM(open_amount) AS total,
    MAX(open_amount) AS largest,
    SUM(LN(open_amount)) AS sizes,
    SUM(LN(open_amount) * LN(open_amount)) AS sizes_squared,
    COUNT(*) AS postings,
    COUNTIF(recorded_at > @news_from) AS news,
    MAX(recorded_at) AS newest,
    ARRAY_AGG(entry_id ORDER BY ABS(open_amount) DESC, entry_id LIMIT 5) AS row_ids
  FROM (
    SELECT judged.*, IF(is_approved, 0, amount + LEAST(taken, 0)) AS open_amount
    FROM judged
    WHERE corrects IS NULL
  )
  WHERE open_amount > 0.005
  GROUP BY series, lane, category, direction, occurred_on
),

-- Long ago, by the day.
earlier_days AS (
  SELECT
    CONCAT(lane, '.', category, '.', direction) AS series,
    lane,
    category,
    direction,
    occurred_on,
    SUM(amount) AS total,
    MAX(amount) AS largest,
    SUM(LN(amount)) AS sizes,
    SUM(LN(amount) * LN(amount)) AS sizes_squared,
    COUNT(*) AS postings,
    COUNTIF(recorded_at > @news_from) AS news,
    MAX(recorded_at) AS newest,
    [''] AS row_ids
  FROM (
    SELECT
      entry_id,
      ANY_VALUE(lane) AS lane,
      ANY_VALUE(category) AS category,
      ANY_VALUE(direction) AS direction,
      ANY_VALUE(occurred_on) AS occurred_on,
      ANY_VALUE(CAST(amount AS FLOAT64)) AS amount,
      MIN(recorded_at) AS recorded_at
    FROM `ledger.money_entry_v1`
    WHERE
      tenant_id = @tenant_id
      AND occurred_on >= @from_date
      AND occurred_on < @recent_from
      AND recorded_at <= @as_of
      AND corrects IS NULL
      AND amount > 0
    GROUP BY entry_id
  )
  GROUP BY lane, category, direction, occurred_on
),

days AS (
  SELECT
    found.*,
    DATE_DIFF(found.occurred_on, DATE '2001-01-01', DAY) AS n,
    DATE_DIFF(LAST_DAY(found.occurred_on), found.occurred_on, DAY) <= 3 AS is_month_end,
    found.occurred_on < @watch_from AS is_base,
    COALESCE(tuning.accepted, 0) AS accepted,
    COALESCE(tuning.accepted_day, 0) AS accepted_day,
    COALESCE(tuning.accepted_four_weeks, 0) AS accepted_four_weeks,
    GREATEST(COALESCE(tuning.min_change, 0), @min_change_usd) AS min_change,
    COALESCE(tuning.muted_until >= @today, FALSE) AS is_muted
  FROM (
    SELECT * FROM earlier_days
    UNION ALL
    SELECT * FROM recent_days
  ) AS found
  LEFT JOIN tuning ON tuning.series = found.series
),

-- The week's rhythm, drawn towards none where few days speak for it.
by_weekday AS (
  SELECT
    days.*,
    n - LAG(n) OVER (PARTITION BY series ORDER BY n) AS gap,
    COUNTIF(is_base) OVER (PARTITION BY series) AS base_days,
    SUM(IF(is_base, postings, 0)) OVER (PARTITION BY category, direction) AS this_way,
    SUM(IF(is_base, postings, 0)) OVER (PARTITION BY category) AS both_ways,
    occurred_on >= @watch_from
    OR (
      news > 0
      AND occurred_on >= @recent_from
      AND 2 * SUM(news) OVER (PARTITION BY series) <= SUM(postings) OVER (PARTITION BY series)
    ) AS is_watched,
    MIN(n) OVER (PARTITION BY series) AS first_n,
    SUM(IF(direction = 'income', total, 0)) OVER (PARTITION BY n) AS day_income,
    COUNTIF(is_base) OVER (PARTITION BY series, MOD(n, 7)) AS weekday_days,
    PERCENTILE_CONT(IF(is_base, total, NULL), 0.5) OVER (PARTITION BY series, MOD(n, 7)) AS weekday_usual,
    PERCENTILE_CONT(IF(is_base, total, NULL), 0.5) OVER (PARTITION BY series) AS any_usual
  FROM days
),

weekday_free AS (
  SELECT
    by_weekday.*,
    IF(
      weekday_days >= 4 AND any_usual > 0,
      SAFE_DIVIDE(weekday_days * SAFE_DIVIDE(weekday_usual, any_usual) + 4, weekday_days + 4),
      1
    ) AS weekday_factor
  FROM by_weekday
),

by_month_end AS (
  SELECT
    weekday_free.*,
    COUNTIF(is_base AND is_month_end) OVER (PARTITION BY series) AS month_end_days,
    PERCENTILE_CONT(IF(is_base AND is_month_end, SAFE_DIVIDE(total, weekday_factor), NULL), 0.5)
      OVER (PARTITION BY series) AS month_end_usual,
    PERCENTILE_CONT(IF(is_base AND NOT is_month_end, SAFE_DIVIDE(total, weekday_factor), NULL), 0.5)
      OVER (PARTITION BY series) AS mid_month_usual,
    PERCENTILE_CONT(IF(is_base, CAST(gap AS FLOAT64), NULL), 0.75) OVER (PARTITION BY series) AS usual_gap,
    PERCENTILE_CONT(IF(is_base, day_income, NULL), 0.5) OVER () AS usual_income
  FROM weekday_free
),

seasonal AS (
  SELECT
    by_month_end.*,
    weekday_factor * IF(
      is_month_end AND month_end_days >= 4 AND mid_month_usual > 0,
      SAFE_DIVIDE(month_end_days * SAFE_DIVIDE(month_end_usual, mid_month_usual) + 4, month_end_days + 4),
      1
    ) AS factor,
    IF(is_month_end AND month_end_days >= 12, 'end', 'any') AS part,
    -- After days on which nothing came in, several days come at once.
    GREATEST(1, LEAST(7, COALESCE(SAFE_DIVIDE(gap, usual_gap), 1)))
    -- A day of much trade has more of everything.
    * GREATEST(1, LEAST(3, COALESCE(SAFE_DIVIDE(day_income, usual_income), 1))) AS busy
  FROM by_month_end
),

levels AS (
  SELECT
    seasonal.*,
    SAFE_DIVIDE(total, factor) AS level,
    LN(largest) AS size,
    SAFE_DIVIDE(total, factor) - AVG(CAST(SAFE_DIVIDE(total, factor) AS FLOAT64))
      OVER (PARTITION BY series ORDER BY n ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) AS step,
    COALESCE(SUM(total) OVER (PARTITION BY series ORDER BY n RANGE BETWEEN 30 PRECEDING AND 1 PRECEDING), 0)
      AS sum_30,
    COALESCE(
      SUM(total * total) OVER (PARTITION BY series ORDER BY n RANGE BETWEEN 30 PRECEDING AND 1 PRECEDING), 0
    ) AS squares_30,
    COUNT(*) OVER (PARTITION BY series ORDER BY n RANGE BETWEEN 30 PRECEDING AND 1 PRECEDING) AS days_30,
    -- The same place in earlier months, four days to either side.
    MAX(total) OVER (PARTITION BY series, part ORDER BY n RANGE BETWEEN 35 PRECEDING AND 26 PRECEDING)
      AS ago_1,
    MAX(total) OVER (PARTITION BY series, part ORDER BY n RANGE BETWEEN 66 PRECEDING AND 57 PRECEDING)
      AS ago_2,
    MAX(total) OVER (PARTITION BY series, part ORDER BY n RANGE BETWEEN 97 PRECEDING AND 87 PRECEDING)
      AS ago_3,
    MAX(total) OVER (PARTITION BY series, part ORDER BY n RANGE BETWEEN 189 PRECEDING AND 178 PRECEDING)
      AS ago_6,
    MAX(total) OVER (PARTITION BY series, part ORDER BY n RANGE BETWEEN 372 PRECEDING AND 358 PRECEDING)
      AS ago_12
  FROM seasonal
),

usual AS (
  SELECT
    levels.*,
    COUNTIF(is_base) OVER (PARTITION BY series, part) AS part_days,
    PERCENTILE_CONT(IF(is_base, level, NULL), 0.5) OVER (PARTITION BY series, part) AS level_mid,
    PERCENTILE_CONT(IF(is_base, level, NULL), 0.05) OVER (PARTITION BY series, part) AS level_low,
    PERCENTILE_CONT(IF(is_base, level, NULL), 0.95) OVER (PARTITION BY series, part) AS level_high,
    PERCENTILE_CONT(IF(is_base, level, NULL), 0.985) OVER (PARTITION BY series, part) AS level_top,
    PERCENTILE_CONT(IF(is_base, size, NULL), 0.5) OVER (PARTITION BY series, part) AS size_mid,
    PERCENTILE_CONT(IF(is_base, size, NULL), 0.05) OVER (PARTITION BY series, part) AS size_low,
    PERCENTILE_CONT(IF(is_base, size, NULL), 0.95) OVER (PARTITION BY series, part) AS size_high,
    PERCENTILE_CONT(IF(is_base, size, NULL), 0.985) OVER (PARTITION BY series, part) AS size_top,
    PERCENTILE_CONT(IF(is_base, step, NULL), 0.5) OVER (PARTITION BY series, part) AS step_mid,
    PERCENTILE_CONT(IF(is_base, step, NULL), 0.985) OVER (PARTITION BY series, part) AS step_top,
    SAFE_DIVIDE(sum_30, 30) AS mean_30,
    SQRT(GREATEST(0, SAFE_DIVIDE(squares_30 - SAFE_DIVIDE(sum_30 * sum_30, 30), 29))) AS deviation_30
  FROM levels
),

scaled AS (
  SELECT
    usual.*,
    GREATEST(
      1.4826 * PERCENTILE_CONT(IF(is_base, ABS(level - level_mid), NULL), 0.5) OVER (PARTITION BY series, part),
      0.1 * level_mid
    ) AS level_scale,
    GREATEST(
      1.4826 * PERCENTILE_CONT(IF(is_base, ABS(size - size_mid), NULL), 0.5) OVER (PARTITION BY series, part),
      0.1
    ) AS size_scale,
    GREATEST(
      1.4826 * PERCENTILE_CONT(IF(is_base, ABS(step - step_mid), NULL), 0.5) OVER (PARTITION BY series, part),
      0.1 * level_mid
    ) AS step_scale,
    CAST(FLOOR(SAFE_DIVIDE(DATE_DIFF(@settled_to, occurred_on, DAY), 28)) AS INT64) AS block
  FROM usual
),

-- Four weeks at a time, each with the same weekdays; block 0 ends where late postings have come in. What creeps is
-- the size of a posting: how many there are follows the trade.
blocks AS (
  SELECT
    scaled.*,
    SUM(IF(block = 0, total, 0)) OVER (PARTITION BY series) AS four_weeks,
    SUM(IF(block = 0, postings, 0)) OVER (PARTITION BY series) AS postings_0,
    SAFE_DIVIDE(
      SUM(IF(block = 0, sizes, 0)) OVER (PARTITION BY series),
      SUM(IF(block = 0, postings, 0)) OVER (PARTITION BY series)
    ) AS size_0,
    SAFE_DIVIDE(
      SUM(IF(block = 1, sizes, 0)) OVER (PARTITION BY series),
      SUM(IF(block = 1, postings, 0)) OVER (PARTITION BY series)
    ) AS size_1,
    SUM(IF(block BETWEEN 3 AND 8, postings, 0)) OVER (PARTITION BY series) AS postings_before,
    SAFE_DIVIDE(
      SUM(IF(block BETWEEN 3 AND 8, sizes, 0)) OVER (PARTITION BY series),
      SUM(IF(block BETWEEN 3 AND 8, postings, 0)) OVER (PARTITION BY series)
    ) AS size_before,
    SAFE_DIVIDE(
      SUM(IF(block BETWEEN 3 AND 8, sizes_squared, 0)) OVER (PARTITION BY series),
      SUM(IF(block BETWEEN 3 AND 8, postings, 0)) OVER (PARTITION BY series)
    ) AS square_before,
    SAFE_DIVIDE(
      SUM(IF(block BETWEEN 12 AND 13, sizes, 0)) OVER (PARTITION BY series),
      SUM(IF(block BETWEEN 12 AND 13, postings, 0)) OVER (PARTITION BY series)
    ) AS size_year_ago,
    ROW_NUMBER() OVER (PARTITION BY series ORDER BY n DESC) = 1 AS is_last,
    ROW_NUMBER() OVER (ORDER BY n DESC, series) = 1 AS is_summary,
    SUM(postings) OVER () AS all_postings,
    SUM(news) OVER () AS all_news,
    MAX(newest) OVER () AS all_newest,
    (
      IF(ago_1 * 1.35 >= total, 1, 0) + IF(ago_2 * 1.35 >= total, 1, 0) + IF(ago_3 * 1.35 >= total, 1, 0) >= 2
    )
    OR (COALESCE(ago_1 * 1.35 >= total, FALSE) AND n - first_n < 75)
    OR (COALESCE(ago_3 * 1.35 >= total, FALSE) AND COALESCE(ago_6 * 1.35 >= total, FALSE))
    OR COALESCE(base_days < 100 AND ago_12 * 1.35 >= total, FALSE) AS is_recurring
  FROM scaled
),

flags AS (
  SELECT
    blocks.*,
    is_watched
    AND category = @asked_category
    AND direction = 'expense'
    AND days_30 >= 8
    AND total > mean_30 + 2 * deviation_30
    AND (part_days < 12 OR total > factor * level_high)
    AND total - mean_30 >= GREATEST(@asked_floor_usd, mean_30, min_change) AS is_asked,
    is_watched
    AND part_days >= 12
    AND total > factor * busy * GREATEST(level_mid + @strictness * level_scale, IF(way > 0, 1.4, 2) * level_top)
    AND total - factor * level_mid >= min_change AS is_level,
    is_watched
    AND part_days >= 12
    AND step - (busy - 1) * level_mid > GREATEST(step_mid + @strictness * step_scale, IF(way > 0, 1.5, 2) * step_top)
    AND factor * step >= min_change AS is_step,
    is_watched
    AND part_days >= 12
    AND size > GREATEST(size_mid + @strictness * size_scale, size_top + LN(CAST(1.3 AS FLOAT64)))
    AND largest - EXP(size_mid) >= min_change AS is_size,
    is_watched
    AND base_days BETWEEN 3 AND 11
    AND n - first_n >= 90
    AND total > 1.6 * EXP(size_top)
    AND total - level_mid >= 4 * min_change AS is_rare_and_high,
    is_watched
    AND both_ways >= 20
    AND this_way <= 0.02 * both_ways
    AND largest >= 0.5 * min_change
    AND largest > 1.1 * accepted AS is_other_way,
    is_last
    AND postings_0 >= 8
    AND postings_before >= 32
    AND first_n <= DATE_DIFF(@settled_to, DATE '2001-01-01', DAY) - 140
    AND NOT (accepted_four_weeks > 0 AND four_weeks BETWEEN 0.83 * accepted_four_weeks AND 1.2 * accepted_four_weeks)
    AND (size_0 - size_before) * way >= LN(CAST(1.2 AS FLOAT64))
    AND (size_1 - size_before) * way >= LN(CAST(1.08 AS FLOAT64))
    AND (size_0 - size_before) * way
    >= 4 * SQRT(
      GREATEST(0.0025, square_before - size_before * size_before)
      * (SAFE_DIVIDE(1, postings_0) + SAFE_DIVIDE(1, postings_before))
    )
    AND COALESCE((size_0 - size_year_ago) * way >= LN(CAST(1.2 AS FLOAT64)), TRUE)
    AND ABS(four_weeks - SAFE_DIVIDE(four_weeks, EXP(size_0 - size_before))) >= min_change AS is_drift
  FROM (SELECT *, IF(direction = 'expense', 1, -1) AS way FROM blocks) AS blocks
),

day_findings AS (
  SELECT
    IF(is_muted, '', CONCAT(
      IF(is_asked AND is_odd, 'two_deviations,', ''),
      IF((is_level OR is_rare_and_high) AND is_odd, 'level,', ''),
      IF(is_step AND is_odd, 'difference,', ''),
      IF(is_size AND NOT is_recurring AND largest > 1.1 * accepted, 'posting,', ''),
      IF(is_other_way, 'direction,', ''),
      IF(is_drift, 'drift,', '')
    )) AS kinds,
    COUNTIF(is_last) OVER () AS all_series,
    COUNTIF(is_last AND base_days < 12 AND NOT (base_days >= 3 AND n - first_n >= 90)) OVER () AS learning_series,
    flags.*
  FROM (
    SELECT
      flags.*,
      NOT is_recurring
      -- An ordinary day may come on top of what was called expected.
      AND (accepted_day = 0 OR total > 1.1 * accepted_day + COALESCE(factor * level_high, 0)) AS is_odd
    FROM flags
  ) AS flags
),

papers AS (
  SELECT
    judged.*,
    LAG(entry_id) OVER same_paper AS earlier_id,
    n - LAG(n) OVER same_paper AS paper_gap,
    LAG(n) OVER same_paper - LAG(n, 2) OVER same_paper AS paper_gap_before,
    ROW_NUMBER() OVER same_paper AS paper_place,
    LAG(category) OVER same_paper AS earlier_category,
    LAG(payee) OVER same_paper AS earlier_payee,
    LAG(description) OVER same_paper AS earlier_description,
    COUNT(*) OVER (
      PARTITION BY IF(is_below_limit, COALESCE(payee, entry_id), entry_id)
      ORDER BY n RANGE BETWEEN 5 PRECEDING AND CURRENT ROW
    ) AS parts,
    SUM(amount) OVER (
      PARTITION BY IF(is_below_limit, COALESCE(payee, entry_id), entry_id)
      ORDER BY n RANGE BETWEEN 5 PRECEDING AND CURRENT ROW
    ) AS parts_total,
    MIN(amount) OVER (
      PARTITION BY IF(is_below_limit, COALESCE(payee, entry_id), entry_id)
      ORDER BY n RANGE BETWEEN 5 PRECEDING AND CURRENT ROW
    ) AS smallest_part,
    ARRAY_AGG(entry_id) OVER (
      PARTITION BY IF(is_below_limit, COALESCE(payee, entry_id), entry_id)
      ORDER BY n RANGE BETWEEN 5 PRECEDING AND CURRENT ROW
    ) AS part_ids,
    COUNT(*) OVER (
      PARTITION BY IF(is_below_limit, COALESCE(payee, entry_id), entry_id)
      ORDER BY n RANGE BETWEEN 75 PRECEDING AND 6 PRECEDING
    ) AS parts_before
  FROM (
    SELECT
      judged.*,
      COALESCE(CONCAT('document|', document_number), CONCAT('payee|', payee, '|', series)) AS paper,
      corrects IS NULL AND amount + taken > 0.005 AS stands,
      corrects IS NULL
      AND amount + taken > 0.005
      AND NOT is_approved
      AND direction = 'expense'
      AND amount >= 0.5 * @approval_limit_usd
      AND amount < @approval_limit_usd AS is_below_limit
    FROM judged
    -- Nothing smaller is told, and equal amounts are equally small.
    WHERE ABS(amount) >= 0.2 * @min_change_usd
  ) AS judged
  WINDOW
    same_paper AS (
      PARTITION BY IF(stands, COALESCE(paper, entry_id), entry_id), direction, cents
      ORDER BY occurred_on, recorded_at, entry_id
    )
),

row_findings AS (
  SELECT
    papers.*,
    CASE
      WHEN
        corrects IS NOT NULL AND original > 0 AND ABS(amount) >= 0.2 * @min_change_usd
        AND (amount >= 0.5 * original OR original + taken < -0.005)
        THEN 'correction'
      WHEN
        stands AND document_number IS NOT NULL AND paper_gap <= 20
        AND amount >= 0.2 * @min_change_usd
        AND (category = earlier_category OR payee = earlier_payee)
        AND NOT COALESCE(paper_gap >= 6 AND ABS(paper_gap - paper_gap_before) <= 4, FALSE)
        THEN 'posted_twice'
      WHEN
        stands AND document_number IS NULL AND paper_gap <= 3 AND paper_place = 2
        AND amount >= 0.5 * @min_change_usd
        AND description = earlier_description
        THEN 'posted_twice'
      WHEN
        is_below_limit AND parts >= 2 AND parts_before < 2
        AND parts_total > @approval_limit_usd
        AND (parts >= 3 OR smallest_part >= 0.75 * @approval_limit_usd)
        THEN 'split'
      ELSE ''
    END AS kinds
  FROM papers
  WHERE is_watched
)

SELECT
  kinds,
  lane,
  category,
  direction,
  occurred_on,
  CAST(ROUND(total, 2) AS NUMERIC) AS total_usd,
  CAST(ROUND(factor * level_low, 2) AS NUMERIC) AS total_low_usd,
  CAST(ROUND(factor * level_high, 2) AS NUMERIC) AS total_high_usd,
  CAST(ROUND(largest, 2) AS NUMERIC) AS largest_usd,
  CAST(ROUND(EXP(size_low), 2) AS NUMERIC) AS largest_low_usd,
  CAST(ROUND(EXP(size_high), 2) AS NUMERIC) AS largest_high_usd,
  CAST(ROUND(mean_30, 2) AS NUMERIC) AS mean_30_usd,
  CAST(ROUND(deviation_30, 2) AS NUMERIC) AS deviation_30_usd,
  CAST(ROUND(four_weeks, 2) AS NUMERIC) AS four_weeks_usd,
  CAST(ROUND(SAFE_DIVIDE(four_weeks, EXP(size_0 - size_before)), 2) AS NUMERIC) AS four_weeks_usual_usd,
  row_ids,
  '' AS about,
  is_summary,
  IF(is_summary, all_postings, 0) AS all_postings,
  IF(is_summary, all_news, 0) AS all_news,
  IF(is_summary, all_series, 0) AS all_series,
  IF(is_summary, learning_series, 0) AS learning_series,
  all_newest AS newest_recorded_at
FROM day_findings
WHERE kinds != '' OR is_summary
UNION ALL
SELECT
  kinds,
  lane,
  category,
  direction,
  occurred_on,
  CAST(ROUND(IF(kinds = 'split', parts_total, amount), 2) AS NUMERIC) AS total_usd,
  CAST(NULL AS NUMERIC) AS total_low_usd,
  CAST(ROUND(IF(kinds = 'correction', original, @approval_limit_usd), 2) AS NUMERIC) AS total_high_usd,
  CAST(ROUND(amount, 2) AS NUMERIC) AS largest_usd,
  CAST(NULL AS NUMERIC) AS largest_low_usd,
  CAST(NULL AS NUMERIC) AS largest_high_usd,
  CAST(NULL AS NUMERIC) AS mean_30_usd,
  CAST(NULL AS NUMERIC) AS deviation_30_usd,
  CAST(NULL AS NUMERIC) AS four_weeks_usd,
  CAST(NULL AS NUMERIC) AS four_weeks_usual_usd,
  CASE kinds
    WHEN 'split' THEN part_ids
    WHEN 'correction' THEN [entry_id, corrects]
    ELSE [entry_id, earlier_id]
  END AS row_ids,
  CASE kinds WHEN 'split' THEN payee WHEN 'correction' THEN entry_id ELSE paper END AS about,
  FALSE AS is_summary,
  0 AS all_postings,
  0 AS all_news,
  0 AS all_series,
  0 AS learning_series,
  recorded_at AS newest_recorded_at
FROM row_findings
LEFT JOIN tuning USING (series)
WHERE
  kinds != ''
  AND NOT COALESCE(tuning.muted_until >= @today, FALSE)
  AND CONCAT(kinds, '|', CASE kinds WHEN 'split' THEN payee WHEN 'correction' THEN entry_id ELSE paper END)
  NOT IN UNNEST(@accepted)
ORDER BY is_summary DESC, occurred_on DESC, lane, category, direction, kinds
LIMIT 200
