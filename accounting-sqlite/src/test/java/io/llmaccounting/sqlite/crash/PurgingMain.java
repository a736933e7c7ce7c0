package io.llmaccounting.sqlite.crash;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import java.nio.file.Path;
import java.time.Instant;

/** Purges a file in small batches, and prints after each how many records are gone. */
final class PurgingMain {
  private PurgingMain() {}

  public static void main(String[] arguments) {
    try (LlmAccounting accounting =
        LlmAccounting.create(SqliteBackend.open(Path.of(arguments[0])))) {
      accounting
          .admin()
          .purge(Instant.parse(arguments[1]))
          .keysToo()
          .inBatchesOf(20)
          .onProgress(progress -> System.out.println(progress.kind() + " " + progress.removed()))
          .run();
    }
  }
}
