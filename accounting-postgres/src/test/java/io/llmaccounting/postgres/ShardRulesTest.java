package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardRulesTest {
  private final ShardRules rules = rules(false);

  private static ShardRules rules(boolean overServers) {
    return new ShardRules(Set.of("usage_event", "usage_key", "settings"), overServers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a list of columns that is empty | SELECT EXISTS (SELECT FROM usage_event WHERE shard_key = 0)
          a lock on rows of many shards | SELECT e.id FROM usage_event e WHERE e.shard_key = ANY (?) FOR UPDATE
          a lock on rows of many shards | SELECT e.id FROM usage_event e FOR UPDATE
          a lock on rows of many shards | SELECT name FROM settings WHERE name = ? FOR KEY SHARE
          a select inside of VALUES | UPDATE usage_event SET x = 1; INSERT INTO usage_event (x) VALUES (?, (SELECT max(a.x) FROM usage_event a WHERE a.shard_key = 0))
          a volatile function in a change | UPDATE settings SET value = random() WHERE shard_key = 0
          not joined on shard_key | DELETE FROM usage_key AS k WHERE k.shard_key = ? AND NOT EXISTS (SELECT 1 FROM usage_event e WHERE e.shard_key = ANY (?) AND e.id = k.usage_id)
          not joined on shard_key | SELECT 1 FROM usage_key k JOIN usage_event e ON e.id = k.usage_id
          a temporary table | CREATE TEMPORARY TABLE t (x bigint)
          """)
  void eachIsBrokenByAStatement(String rule, String sql) {
    assertThat(rules.broken(sql, false)).anyMatch(broken -> broken.contains(rule));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT e.id FROM usage_event e WHERE e.shard_key = ? AND e.id = ? FOR UPDATE",
        "SELECT value FROM settings WHERE shard_key = 0 AND name = ? FOR SHARE",
        "DELETE FROM usage_key AS k WHERE k.shard_key = ? AND NOT EXISTS (SELECT 1 FROM usage_event"
            + " e WHERE e.shard_key = k.shard_key AND e.id = k.usage_id)",
        "SELECT e.model FROM usage_event e WHERE e.shard_key = ANY (?) AND e.model IN (SELECT k.key"
            + " FROM usage_key k WHERE k.shard_key = 0 OFFSET 0)",
        "SELECT 'random() FOR UPDATE' FROM usage_event e WHERE e.shard_key = ANY (?)"
      })
  void noneIsBrokenByWhatOneServerAnswersOrAllAnswerApart(String sql) {
    assertThat(rules.broken(sql, false)).isEmpty();
  }

  @Test
  void allShardsAreAskedOnlyWhereNobodyWaits() {
    String sql = "SELECT e.model FROM usage_event e WHERE e.shard_key = ANY (?)";

    assertThat(rules.broken(sql, false)).isEmpty();
    assertThat(rules.broken(sql, true)).hasSize(1);
  }

  @Test
  void rowsAreHandedOnWhereOtherServersHoldThem() {
    String sql = "INSERT INTO usage_event (shard_key, id) SELECT unnest(?), unnest(?)";

    assertThat(rules(false).broken(sql, true)).isEmpty();
    assertThat(rules(true).broken(sql, true)).hasSize(1);
    assertThat(rules(true).broken("INSERT INTO usage_event (shard_key, id) VALUES (?, ?)", true))
        .isEmpty();
    assertThat(
            rules(true)
                .broken(
                    "INSERT INTO usage_event (shard_key, id) SELECT s.shard_key, unnest(?) FROM"
                        + " settings s WHERE s.shard_key = ? AND s.name = 'limit_revision'",
                    true))
        .isEmpty();
  }

  @Test
  void rowsOfAnInsertThatMayBeThereAreNotCounted() {
    assertThat(
            ShardRules.isCountedWrong("INSERT INTO t (x) SELECT unnest(?) ON CONFLICT DO NOTHING"))
        .isTrue();
    assertThat(ShardRules.isCountedWrong("INSERT INTO t (x) VALUES (?)")).isFalse();
  }
}
