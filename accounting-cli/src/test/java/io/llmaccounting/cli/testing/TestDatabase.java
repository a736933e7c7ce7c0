package io.llmaccounting.cli.testing;

import io.llmaccounting.testing.postgres.ServerSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A database of its own for one test. */
public interface TestDatabase extends AutoCloseable {
  /** The options that name it. */
  List<String> options();

  /** The variables of the environment that it needs. */
  Map<String, String> environment();

  @Override
  void close();

  /** Makes one, given a folder for files. */
  interface Maker {
    /** A new database. */
    TestDatabase in(Path folder);
  }

  /** A file in {@code folder} that is not there yet. */
  static TestDatabase sqlite(Path folder) {
    return new TestDatabase() {
      @Override
      public List<String> options() {
        return List.of("--db", folder.resolve("usage.db").toString());
      }

      @Override
      public Map<String, String> environment() {
        return Map.of();
      }

      @Override
      public void close() {}
    };
  }

  /** A schema of the server that tests run on, with our tables. */
  static TestDatabase postgres(Path folder) {
    ServerSchema schema = ServerSchema.create();
    return new TestDatabase() {
      @Override
      public List<String> options() {
        return List.of(
            "--db",
            schema.server().url(),
            "--db-user",
            schema.server().user(),
            "--db-schema",
            schema.name());
      }

      @Override
      public Map<String, String> environment() {
        return Map.of("LLM_ACCOUNTING_DB_PASSWORD", schema.server().password());
      }

      @Override
      public void close() {
        schema.close();
      }
    };
  }
}
