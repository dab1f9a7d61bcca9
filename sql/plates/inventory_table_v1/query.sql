-- The newest row of a vehicle is its present state; the filters look at that one only.
WITH vehicles AS (
  SELECT *
  FROM `twins.inventory_master_v1`
  WHERE tenant_id = @tenant_id AND recorded_at <= @as_of
  QUALIFY ROW_NUMBER() OVER (PARTITION BY vin ORDER BY recorded_at DESC) = 1
),

fitting AS (
  SELECT
    vin,
    stock_number,
    year,
    make,
    model,
    trim,
    body,
    fuel,
    color,
    mileage,
    status,
    condition,
    lane,
    price,
    acquired_on,
    DATE_DIFF(@today, acquired_on, DAY) AS days_in_stock,
    location,
    digital_twin_flags,
    recorded_at
  FROM vehicles
  WHERE
    COALESCE(removed, FALSE) = FALSE
    AND (@status IS NULL OR status = @status)
    AND (@is_present IS NULL OR @is_present = (status IN ('in_stock', 'reserved', 'in_transit')))
    AND (@vin IS NULL OR vin = @vin)
    AND (@stock_number IS NULL OR UPPER(stock_number) = UPPER(@stock_number))
    AND (@make IS NULL OR LOWER(make) = LOWER(@make))
    AND (@model IS NULL OR LOWER(model) = LOWER(@model))
    AND (@body IS NULL OR COALESCE(body, 'not recorded') = LOWER(@body))
    AND (@fuel IS NULL OR COALESCE(fuel, 'not recorded') = LOWER(@fuel))
    AND (@year_from IS NULL OR year >= @year_from)
    AND (@year_to IS NULL OR year <= @year_to)
    AND (@color IS NULL OR LOWER(REPLACE(color, 'Gray', 'Grey')) = LOWER(@color))
    AND (@condition IS NULL OR condition = @condition OR (@condition = 'used' AND condition = 'certified'))
    AND (@lane IS NULL OR lane = @lane)
    AND (@price_from IS NULL OR price >= @price_from)
    AND (@price_to IS NULL OR price <= @price_to)
    AND (@mileage_from IS NULL OR mileage >= @mileage_from)
    AND (@mileage_to IS NULL OR mileage <= @mileage_to)
    AND (@acquired_from IS NULL OR acquired_on >= @acquired_from)
    AND (@acquired_to IS NULL OR acquired_on <= @acquired_to)
),

counted AS (
  SELECT
    *,
    COUNT(*) OVER () AS total_count,
    ROW_NUMBER() OVER (ORDER BY COALESCE(acquired_on, @today), vin) AS place
  FROM fitting
)

SELECT
  vin,
  stock_number,
  year,
  make,
  model,
  trim,
  body,
  fuel,
  color,
  mileage,
  status,
  condition,
  lane,
  price,
  acquired_on,
  days_in_stock,
  location,
  digital_twin_flags,
  recorded_at,
  total_count
FROM counted
WHERE place <= @row_limit
ORDER BY place
