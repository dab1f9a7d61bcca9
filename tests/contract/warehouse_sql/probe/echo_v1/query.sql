SELECT
  @text AS text,
  @whole AS whole,
  @broken AS broken,
  @money AS money,
  @is_on AS is_on,
  @day AS day,
  @instant AS instant,
  DATE(@instant) AS instant_day,
  @money + 0 > 0 AS is_positive
