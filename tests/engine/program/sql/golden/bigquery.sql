-- id STRING: id 
-- market STRING: market 
-- as_of INT64: as_of 
-- disclosed BOOL: signal disclosed
-- person_kind STRING: signal person.kind
-- ai_extent STRING: signal ai_extent
-- technique ARRAY<STRING>: signal technique
-- technique__known BOOL: known technique
-- near_copies INT64: signal near_copies
-- width FLOAT64: signal width
-- detector_score FLOAT64: signal detector.score
-- caption STRING: signal caption
-- uploaded_at INT64: signal uploaded_at
-- signed_at INT64: signal signed_at
-- length INT64: signal length
-- surface STRING: signal surface
WITH `_placed` AS (
  SELECT
    `_source`.`id` AS `id`,
    `_source`.`market` AS `market`,
    `_source`.`as_of` AS `as_of`,
    COALESCE(`_source`.`market`, '') AS `_market_class`,
    `_source`.`disclosed` AS `disclosed`,
    `_source`.`person_kind` AS `person_kind`,
    `_source`.`ai_extent` AS `ai_extent`,
    `_source`.`technique` AS `technique`,
    `_source`.`technique__known` AS `technique__known`,
    `_source`.`near_copies` AS `near_copies`,
    `_source`.`width` AS `width`,
    `_source`.`detector_score` AS `detector_score`,
    `_source`.`caption` AS `caption`,
    `_source`.`uploaded_at` AS `uploaded_at`,
    `_source`.`signed_at` AS `signed_at`,
    `_source`.`length` AS `length`,
    `_source`.`surface` AS `surface`
  FROM `trust`.`items` AS `_source`
), `_item` AS (
  SELECT
    `_placed`.`id` AS `id`,
    `_placed`.`market` AS `market`,
    `_placed`.`as_of` AS `as_of`,
    `_placed`.`_market_class` AS `_market_class`,
    `_placed`.`disclosed` AS `disclosed`,
    `_placed`.`person_kind` AS `person_kind`,
    `_placed`.`ai_extent` AS `ai_extent`,
    `_placed`.`technique` AS `technique`,
    `_placed`.`technique__known` AS `technique__known`,
    `_placed`.`near_copies` AS `near_copies`,
    `_placed`.`caption` AS `caption`,
    `_placed`.`uploaded_at` AS `uploaded_at`,
    `_placed`.`signed_at` AS `signed_at`,
    `_placed`.`length` AS `length`,
    `_placed`.`surface` AS `surface`,
    CASE WHEN IS_NAN(`_placed`.`width`) THEN NULL ELSE `_placed`.`width` END AS `width`,
    CASE
      WHEN IS_NAN(`_placed`.`detector_score`)
      THEN NULL
      ELSE `_placed`.`detector_score`
    END AS `detector_score`,
    CASE
      WHEN `_placed`.`_market_class` = 'FR'
      AND `_placed`.`as_of` >= 1797638400000000
      AND `_placed`.`as_of` < 1797811200000000
      THEN 'blackout'
      WHEN `_placed`.`_market_class` = 'FR'
      AND `_placed`.`as_of` >= 1797552000000000
      AND `_placed`.`as_of` < 1797811200000000
      THEN 'campaign'
      ELSE 'none'
    END AS `election_phase`,
    CASE
      WHEN `_placed`.`_market_class` = 'FR' AND `_placed`.`as_of` < 1797811200000000
      THEN 20807 - CAST((
        `_placed`.`as_of` - (
          MOD((
            MOD(`_placed`.`as_of`, 86400000000)
          ) + 86400000000, 86400000000)
        )
      ) / 86400000000 AS INT64)
      WHEN `_placed`.`_market_class` = 'FR' AND `_placed`.`as_of` < 1797897600000000
      THEN 20808 - CAST((
        `_placed`.`as_of` - (
          MOD((
            MOD(`_placed`.`as_of`, 86400000000)
          ) + 86400000000, 86400000000)
        )
      ) / 86400000000 AS INT64)
      ELSE CAST(NULL AS INT64)
    END AS `election_days_to`
  FROM `_placed`
), `_rule` AS (
  SELECT
    `_item`.`id` AS `id`,
    `_item`.`market` AS `market`,
    `_item`.`as_of` AS `as_of`,
    `_item`.`as_of` >= 1796083200000000
    AND `_item`.`as_of` < 1830643200000000
    AND `_item`.`ai_extent` IN ('altered', 'generated')
    AND `_item`.`person_kind` IN ('identifiable', 'minor')
    AND NOT `_item`.`disclosed`
    AND NOT STARTS_WITH(`_item`.`caption`, 'it\'s satire\\') AS `_rule_0`,
    (
      (
        CASE
          WHEN NOT COALESCE(`_item`.`technique__known`, FALSE)
          THEN NULL
          ELSE COALESCE('face_swap' IN UNNEST(`_item`.`technique`), FALSE)
        END
        AND CASE
          WHEN NOT COALESCE(`_item`.`technique__known`, FALSE)
          THEN NULL
          ELSE (
            CASE
              WHEN COALESCE('face_swap' IN UNNEST(`_item`.`technique`), FALSE)
              THEN 1
              ELSE 0
            END + CASE
              WHEN COALESCE('voice_clone' IN UNNEST(`_item`.`technique`), FALSE)
              THEN 1
              ELSE 0
            END + CASE
              WHEN COALESCE('inpainting' IN UNNEST(`_item`.`technique`), FALSE)
              THEN 1
              ELSE 0
            END
          ) >= 2
        END
      )
      OR CASE
        WHEN NOT COALESCE(`_item`.`technique__known`, FALSE)
        THEN NULL
        ELSE COALESCE('voice_clone' IN UNNEST(`_item`.`technique`), FALSE)
      END
    )
    AND CASE
      WHEN `_item`.`id` IS NULL
      THEN NULL
      ELSE SUBSTRING(
        TO_HEX(
          SHA256(
            CONCAT(
              FROM_HEX('6c696b656e6573732f636f7069657300'),
              CAST(CAST(`_item`.`id` AS STRING) AS BYTES)
            )
          )
        ),
        1,
        16
      ) < '199999999999a000'
    END AS `_rule_1`,
    `_item`.`_market_class` IN ('DE', 'FR')
    AND `_item`.`election_phase` = 'blackout'
    AND `_item`.`election_days_to` <= 1
    AND `_item`.`detector_score` >= CAST('0.7' AS FLOAT64)
    AND `_item`.`surface` = 'advert' AS `_rule_2`,
    `_item`.`_market_class` IN ('DE', 'rest')
    AND `_item`.`near_copies` > 5
    AND `_item`.`width` <> CAST('0.1' AS FLOAT64)
    AND ENDS_WITH(`_item`.`caption`, 'AI')
    AND NOT (
      INSTR(`_item`.`caption`, 'ü%_') > 0
    ) AS `_rule_3`,
    `_item`.`uploaded_at` < `_item`.`signed_at`
    OR `_item`.`length` < 1500000
    OR LENGTH(`_item`.`caption`) > 280 AS `_rule_4`
  FROM `_item`
)
SELECT
  `_rule`.`id` AS `id`,
  `_rule`.`market` AS `market`,
  `_rule`.`as_of` AS `as_of`,
  `_rule`.`_rule_1` OR `_rule`.`_rule_3` AS `blocked`,
  `_rule`.`_rule_0` AS `removed`,
  `_rule`.`_rule_2` OR `_rule`.`_rule_3` OR `_rule`.`_rule_4` AS `label_ai`,
  `_rule`.`as_of` >= 1798675200000000 AND `_rule`.`_rule_0` AS `strike_severe`,
  `_rule`.`_rule_0` IS NULL AS `meanwhile_blocked`,
  FALSE AS `meanwhile_removed`,
  FALSE AS `meanwhile_label_ai`,
  `_rule`.`as_of` >= 1798675200000000 AND `_rule`.`_rule_0` IS NULL AS `meanwhile_strike_severe`,
  `_rule`.`_rule_0` AS `rule_likeness_intimate`,
  `_rule`.`_rule_1` AS `rule_likeness_copies`,
  `_rule`.`_rule_2` AS `rule_civic_blackout`,
  `_rule`.`_rule_3` AS `rule_civic_spread`,
  `_rule`.`_rule_4` AS `rule_civic_late`
FROM `_rule`
