-- id TEXT: id 
-- market TEXT: market 
-- as_of BIGINT: as_of 
-- disclosed BOOLEAN: signal disclosed
-- person.kind TEXT: signal person.kind
-- ai_extent TEXT: signal ai_extent
-- technique TEXT[]: signal technique
-- near_copies BIGINT: signal near_copies
-- width DOUBLE: signal width
-- detector.score DOUBLE: signal detector.score
-- caption TEXT: signal caption
-- uploaded_at BIGINT: signal uploaded_at
-- signed_at BIGINT: signal signed_at
-- length BIGINT: signal length
-- surface TEXT: signal surface
WITH "_placed" AS (
  SELECT
    "_source"."id" AS "id",
    "_source"."market" AS "market",
    "_source"."as_of" AS "as_of",
    COALESCE("_source"."market", '') AS "_market_class",
    "_source"."disclosed" AS "disclosed",
    "_source"."person.kind" AS "person.kind",
    "_source"."ai_extent" AS "ai_extent",
    "_source"."technique" AS "technique",
    "_source"."near_copies" AS "near_copies",
    "_source"."width" AS "width",
    "_source"."detector.score" AS "detector.score",
    "_source"."caption" AS "caption",
    "_source"."uploaded_at" AS "uploaded_at",
    "_source"."signed_at" AS "signed_at",
    "_source"."length" AS "length",
    "_source"."surface" AS "surface"
  FROM "trust"."items" AS "_source"
), "_item" AS (
  SELECT
    "_placed"."id" AS "id",
    "_placed"."market" AS "market",
    "_placed"."as_of" AS "as_of",
    "_placed"."_market_class" AS "_market_class",
    "_placed"."disclosed" AS "disclosed",
    "_placed"."person.kind" AS "person.kind",
    "_placed"."ai_extent" AS "ai_extent",
    "_placed"."technique" AS "technique",
    "_placed"."near_copies" AS "near_copies",
    "_placed"."caption" AS "caption",
    "_placed"."uploaded_at" AS "uploaded_at",
    "_placed"."signed_at" AS "signed_at",
    "_placed"."length" AS "length",
    "_placed"."surface" AS "surface",
    CASE WHEN ISNAN(["_placed"."width"][1]) THEN NULL ELSE "_placed"."width" END AS "width",
    CASE
      WHEN ISNAN(["_placed"."detector.score"][1])
      THEN NULL
      ELSE "_placed"."detector.score"
    END AS "detector.score",
    CASE
      WHEN "_placed"."_market_class" = 'FR'
      AND "_placed"."as_of" >= 1797638400000000
      AND "_placed"."as_of" < 1797811200000000
      THEN 'blackout'
      WHEN "_placed"."_market_class" = 'FR'
      AND "_placed"."as_of" >= 1797552000000000
      AND "_placed"."as_of" < 1797811200000000
      THEN 'campaign'
      ELSE 'none'
    END AS "election.phase",
    CASE
      WHEN "_placed"."_market_class" = 'FR' AND "_placed"."as_of" < 1797811200000000
      THEN 20807 - CAST((
        "_placed"."as_of" - (
          (
            (
              "_placed"."as_of" % 86400000000
            ) + 86400000000
          ) % 86400000000
        )
      ) / 86400000000 AS BIGINT)
      WHEN "_placed"."_market_class" = 'FR' AND "_placed"."as_of" < 1797897600000000
      THEN 20808 - CAST((
        "_placed"."as_of" - (
          (
            (
              "_placed"."as_of" % 86400000000
            ) + 86400000000
          ) % 86400000000
        )
      ) / 86400000000 AS BIGINT)
      ELSE CAST(NULL AS BIGINT)
    END AS "election.days_to"
  FROM "_placed"
), "_rule" AS (
  SELECT
    "_item"."id" AS "id",
    "_item"."market" AS "market",
    "_item"."as_of" AS "as_of",
    "_item"."as_of" >= 1796083200000000
    AND "_item"."as_of" < 1830643200000000
    AND "_item"."ai_extent" IN ('altered', 'generated')
    AND "_item"."person.kind" IN ('identifiable', 'minor')
    AND NOT "_item"."disclosed"
    AND NOT STARTS_WITH("_item"."caption", 'it''s satire\') AS "_rule_0",
    (
      (
        CASE
          WHEN "_item"."technique" IS NULL
          THEN NULL
          ELSE COALESCE(ARRAY_CONTAINS("_item"."technique", 'face_swap'), FALSE)
        END
        AND CASE
          WHEN "_item"."technique" IS NULL
          THEN NULL
          ELSE (
            CASE
              WHEN COALESCE(ARRAY_CONTAINS("_item"."technique", 'face_swap'), FALSE)
              THEN 1
              ELSE 0
            END + CASE
              WHEN COALESCE(ARRAY_CONTAINS("_item"."technique", 'voice_clone'), FALSE)
              THEN 1
              ELSE 0
            END + CASE
              WHEN COALESCE(ARRAY_CONTAINS("_item"."technique", 'inpainting'), FALSE)
              THEN 1
              ELSE 0
            END
          ) >= 2
        END
      )
      OR CASE
        WHEN "_item"."technique" IS NULL
        THEN NULL
        ELSE COALESCE(ARRAY_CONTAINS("_item"."technique", 'voice_clone'), FALSE)
      END
    )
    AND CASE
      WHEN "_item"."id" IS NULL
      THEN NULL
      ELSE SUBSTRING(
        SHA256(UNHEX('6c696b656e6573732f636f7069657300') || ENCODE(CAST("_item"."id" AS TEXT))),
        1,
        16
      ) < '199999999999a000'
    END AS "_rule_1",
    "_item"."_market_class" IN ('DE', 'FR')
    AND "_item"."election.phase" = 'blackout'
    AND "_item"."election.days_to" <= 1
    AND "_item"."detector.score" >= CAST('0.7' AS DOUBLE)
    AND "_item"."surface" = 'advert' AS "_rule_2",
    "_item"."_market_class" IN ('DE', 'rest')
    AND "_item"."near_copies" > 5
    AND "_item"."width" <> CAST('0.1' AS DOUBLE)
    AND ENDS_WITH("_item"."caption", 'AI')
    AND NOT (
      STRPOS("_item"."caption", 'ü%_') > 0
    ) AS "_rule_3",
    "_item"."uploaded_at" < "_item"."signed_at"
    OR "_item"."length" < 1500000
    OR LENGTH("_item"."caption") > 280 AS "_rule_4"
  FROM "_item"
)
SELECT
  "_rule"."id" AS "id",
  "_rule"."market" AS "market",
  "_rule"."as_of" AS "as_of",
  "_rule"."_rule_1" OR "_rule"."_rule_3" AS "blocked",
  "_rule"."_rule_0" AS "removed",
  "_rule"."_rule_2" OR "_rule"."_rule_3" OR "_rule"."_rule_4" AS "label:ai",
  "_rule"."as_of" >= 1798675200000000 AND "_rule"."_rule_0" AS "strike:severe",
  "_rule"."_rule_0" IS NULL AS "meanwhile:blocked",
  FALSE AS "meanwhile:removed",
  FALSE AS "meanwhile:label:ai",
  "_rule"."as_of" >= 1798675200000000 AND "_rule"."_rule_0" IS NULL AS "meanwhile:strike:severe",
  "_rule"."_rule_0" AS "rule:likeness/intimate",
  "_rule"."_rule_1" AS "rule:likeness/copies",
  "_rule"."_rule_2" AS "rule:civic/blackout",
  "_rule"."_rule_3" AS "rule:civic/spread",
  "_rule"."_rule_4" AS "rule:civic/late"
FROM "_rule"
