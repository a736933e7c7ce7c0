package io.llmaccounting.testing.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A schema of its own for one test, made by running the migrations as plain SQL, as shops do that
 * run them themselves. Dropped when closed.
 */
public final class ServerSchema implements AutoCloseable, AfterEachCallback {
  private static final String FOLDER = "io/llmaccounting/postgres/migration";

  private static final class Migrations {
    static final String TEXT = read();

    // As a folder while the module is built, else in a jar.
    private static String read() {
      URL folder = ServerSchema.class.getClassLoader().getResource(FOLDER);
      if (folder == null) {
        throw new IllegalStateException("no migrations on the class path at " + FOLDER);
      }
      try {
        URI place = folder.toURI();
        if (!"jar".equals(place.getScheme())) {
          return all(Path.of(place));
        }
        try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
          return all(jar.getPath(FOLDER));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String all(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> inOrder = files.sorted().toList();
        return inOrder.stream().map(Migrations::text).collect(Collectors.joining("\n"));
      }
    }

    private static String text(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final PostgresServer server;
  private final String name = PostgresServer.newSchema();

  private ServerSchema(PostgresServer server) {
    this.server = server;
  }

  /** One on the server that tests share. */
  public static ServerSchema create() {
    return create(PostgresServer.shared());
  }

  /** One on a server of a test's own. */
  public static ServerSchema create(PostgresServer server) {
    ServerSchema schema = new ServerSchema(server);
    server.run("CREATE SCHEMA " + schema.name, "SET search_path = " + schema.name, Migrations.TEXT);
    return schema;
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** Where it is. */
  public PostgresServer server() {
    return server;
  }

  /** Rows of a query that finds our tables without naming the schema. */
  public List<List<String>> rows(String sql) {
    return server.rows(name, sql);
  }

  /** Runs a statement that finds our tables without naming the schema. */
  public void run(String sql) {
    server.run("SET search_path = " + name, sql);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    server.run("DROP SCHEMA " + name + " CASCADE");
  }
}
