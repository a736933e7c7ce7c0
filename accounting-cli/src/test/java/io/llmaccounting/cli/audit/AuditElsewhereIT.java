package io.llmaccounting.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.postgres.ServerSchema;
import io.llmaccounting.testkit.ManualClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Usage in one database and its audit log in another. */
class AuditElsewhereIT {
  @TempDir Path folder;
  @RegisterExtension final ServerSchema schema = ServerSchema.create();

  private UsageBackend server() {
    return PostgresBackend.connect(
        schema.server().url(),
        schema.server().user(),
        schema.server().password(),
        PostgresSettings.defaults().schema(schema.name()).clock(ManualClock.create()).poolSize(4));
  }

  @Test
  void usageInAFileAndAuditOnAServer() {
    keepApart(SqliteBackend.open(folder.resolve("usage.db")), server());
  }

  @Test
  void usageOnAServerAndAuditInAFile() {
    keepApart(server(), SqliteBackend.open(folder.resolve("audit.db")));
  }

  @Test
  void usageAndAuditInTwoFiles() {
    keepApart(
        SqliteBackend.open(folder.resolve("usage.db")),
        SqliteBackend.open(folder.resolve("audit.db")));
  }

  /** Chains are the same wherever they lie. */
  @Test
  void sealedEntriesVerifyOnTheServerAsInTheFile() {
    try (SqliteBackend file = SqliteBackend.open(folder.resolve("audit.db"));
        UsageBackend server = server();
        LlmAccounting writer =
            LlmAccounting.builder(SqliteBackend.open(folder.resolve("usage.db")))
                .audit(AuditSettings.defaults().log(file.audit()).sealed())
                .build();
        LlmAccounting reader =
            LlmAccounting.builder(SqliteBackend.open(folder.resolve("other.db")))
                .audit(server.audit())
                .build()) {
      for (int i = 0; i < 20; i++) {
        writer
            .audit()
            .prompt("h\u00e4 \ud83d\ude80 '\\ \" {}\n" + i)
            .attribute("k'", "\"v")
            .write();
      }
      AuditHead head = writer.audit().head();

      server
          .audit()
          .append(
              file.audit().scan(AuditScan.byId(1_000)).stream().map(ScannedEntry::stored).toList());

      assertThat(reader.audit().verify(head)).isEqualTo(writer.audit().verify(head));
      assertThat(reader.audit().verify(head).isIntact()).isTrue();
    }
  }

  private static void keepApart(UsageBackend usage, UsageBackend elsewhere) {
    try (elsewhere;
        LlmAccounting accounting =
            LlmAccounting.builder(usage)
                .audit(AuditSettings.defaults().log(elsewhere.audit()).sealed())
                .build()) {
      accounting.limits().save(Limit.named("one").requests(1).lifetime());
      accounting.track().model("m").inputTokens(1).outputTokens(1).record();
      accounting.audit().prompt("p").write();

      assertThat(accounting.audit().verify().sealed()).isEqualTo(2);
      assertThat(accounting.audit().verify().damages()).isEmpty();
      assertThat(usage.audit().find(AuditQuery.latest(9))).isEmpty();
      assertThat(accounting.tail()).hasSize(1);
    }
  }
}
