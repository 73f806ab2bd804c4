-- small 1.0.0, sha256:bea87332e11fb1d8551a0a57a7e0a380a33da5446bc71a1d37da0884c37b3ce1
-- items, one row a market; the table's columns:
--   id VARCHAR: the id, which shares of items are drawn by
--   market VARCHAR: the market
--   ai_extent VARCHAR: NULL where it is unknown
--   consent VARCHAR: NULL where it is unknown
--   nudity BOOLEAN: NULL where it is unknown
--   disclosed BOOLEAN: NULL where it is unknown
-- of each measure: true, false, or NULL for unknown, which is never to be taken for false
WITH "_placed" AS (
  SELECT
    "_source"."id" AS "id",
    "_source"."market" AS "market",
    COALESCE("_source"."market", '') AS "_market_class",
    "_source"."ai_extent" AS "ai_extent",
    "_source"."consent" AS "consent",
    "_source"."nudity" AS "nudity",
    "_source"."disclosed" AS "disclosed"
  FROM "trust"."items" AS "_source"
), "_item" AS (
  SELECT
    "_placed"."id" AS "id",
    "_placed"."market" AS "market",
    "_placed"."_market_class" AS "_market_class",
    "_placed"."ai_extent" AS "ai_extent",
    "_placed"."consent" AS "consent",
    "_placed"."nudity" AS "nudity",
    "_placed"."disclosed" AS "disclosed"
  FROM "_placed"
), "_rule" AS (
  SELECT
    "_item"."id" AS "id",
    "_item"."market" AS "market",
    1796083200000000 >= 1767225600000000
    AND "_item"."ai_extent" IN ('altered', 'generated')
    AND "_item"."nudity"
    AND "_item"."consent" <> 'documented' AS "_rule_0",
    1796083200000000 >= 1767225600000000
    AND "_item"."ai_extent" IN ('altered', 'generated')
    AND NOT "_item"."disclosed" AS "_rule_1"
  FROM "_item"
)
SELECT
  "_rule"."id" AS "id",
  "_rule"."market" AS "market",
  FALSE AS "not_recommended",
  "_rule"."_rule_0" AS "removed",
  "_rule"."_rule_1" AS "label:ai",
  FALSE AS "meanwhile:not_recommended",
  FALSE AS "meanwhile:removed",
  FALSE AS "meanwhile:label:ai",
  "_rule"."_rule_0" AS "rule:likeness/intimate",
  "_rule"."_rule_1" AS "rule:likeness/label"
FROM "_rule"
