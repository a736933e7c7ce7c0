package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditVerification.Damage;
import io.llmaccounting.audit.AuditVerification.Kind;
import io.llmaccounting.backend.BackendException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plain SQL can do to an entry, column by column, is found and named. */
class MeddledAuditTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type = 'event'",
        "actor = 'mallory'",
        "outcome = 'fine'",
        "model = 'm2'",
        "project = 'p2'",
        "user_name = 'bob'",
        "caller = 'c2'",
        "session = 's2'",
        "usage_id = randomblob(16)",
        "response_id = 'r2'",
        "prompt = NULL",
        "prompt = prompt || ' '",
        "response = ''",
        "attributes = '{\"k\":\"w\"}'",
        "attributes = NULL",
        "marks = '{\"prompt.cut\":5}'",
        "seal_key = 'k'",
        "seal_version = 1",
        "hash = '" + "ab" + "' || substr(hash, 3)"
      })
  void everyColumnIsSealed(String change) throws Exception {
    assertThat(meddled(change)).isIn(Kind.ALTERED, Kind.UNKNOWN_KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at = at + 1000000",
        "type = ''",
        "id = CAST(substr(id, 1, 6) || x'4fff' || substr(id, 9) AS BLOB)",
        "attributes = 'no JSON'",
        "attributes = '[1]'",
        "hash = NULL",
        "hash = 'short'",
        "seal_version = NULL"
      })
  void whatIsNoEntryAnyMoreIsNamedToo(String change) throws Exception {
    assertThat(meddled(change)).isEqualTo(Kind.UNREADABLE);
  }

  /** faults G3: what reads as the sealed entry but is not what SQL shows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes = '{\"k\":\"EVIL\",\"k\":\"v\"}'",
        "attributes = '{\"n\":1,\"k\":\"v\"}'",
        "attributes = '{ \"k\":\"v\"}'",
        "attributes = attributes || char(10)",
        "attributes = '{\"\\u006b\":\"v\"}'",
        "marks = '{}'",
        "marks = ' '",
        "response = CAST(x'ff' AS TEXT)",
        "prompt = 'p' || char(0)",
        "model = CAST(x'6dff' AS TEXT)"
      })
  void whatIsStoredOtherwiseThanItIsWrittenIsNamed(String change) throws Exception {
    assertThat(meddled(change)).isIn(Kind.UNREADABLE, Kind.ALTERED);
  }

  /** faults G3. */
  @Test
  void bytesThatAreReadAsASealedTextAreNamed() throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = open(file)) {
      accounting.audit().prompt("\uFFFD").write();
      assertThat(accounting.audit().verify().damages()).isEmpty();

      RawDatabase.run(file, "UPDATE audit_entry SET prompt = CAST(x'ff' AS TEXT)");

      assertThat(accounting.audit().verify().damages())
          .singleElement()
          .satisfies(damage -> assertThat(damage.kind()).isEqualTo(Kind.UNREADABLE));
    }
  }

  /** faults G3. */
  @Test
  void marksAreProvenAsTheyAreStored() throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = open(file)) {
      accounting.audit().prompt("a\0b").write();
      assertThat(accounting.audit().verify().damages()).isEmpty();

      RawDatabase.run(
          file, "UPDATE audit_entry SET marks = '{\"prompt.repaired\":7,\"prompt.repaired\":1}'");

      assertThat(accounting.audit().verify().damages()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream = NULL", "sequence = 7", "sequence = -1"})
  void whatLeftItsPlaceIsMissed(String change) throws Exception {
    assertThat(meddled(change)).isIn(Kind.MISSING, Kind.UNREADABLE);
  }

  @Test
  void readingADamagedEntrySaysSo() throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = open(file)) {
      write(accounting);
      RawDatabase.run(file, "UPDATE audit_entry SET type = '' WHERE sequence = 3");

      assertThatThrownBy(() -> accounting.audit().find(AuditQuery.latest(9)))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNUSABLE))
          .hasMessageContaining("is damaged");
    }
  }

  private Kind meddled(String change) throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = open(file)) {
      write(accounting);
      assertThat(accounting.audit().verify().damages()).isEmpty();

      RawDatabase.run(file, "UPDATE audit_entry SET " + change + " WHERE sequence = 3");

      assertThat(accounting.audit().verify().damages()).hasSize(1);
      Damage damage = accounting.audit().verify().damages().get(0);
      assertThat(damage.sequence()).isIn(3L, 4L, -1L);
      return damage.kind();
    }
  }

  private static void write(LlmAccounting accounting) {
    for (int i = 0; i < 5; i++) {
      accounting
          .audit()
          .prompt("p")
          .model("m")
          .user("alice")
          .project("search")
          .caller("c")
          .session("s")
          .usage(accounting.newId())
          .responseId("r")
          .attribute("k", "v")
          .write();
    }
  }

  private static LlmAccounting open(Path file) {
    return LlmAccounting.builder(SqliteBackend.open(file))
        .audit(AuditSettings.defaults().sealed())
        .build();
  }
}
