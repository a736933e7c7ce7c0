package io.llmaccounting.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An application that logs everything from INFO on, and that has settings of its own for the
 * libraries that we bring along.
 *
 * @param folder where its settings lie
 */
public record LoudHost(Path folder) {
  /** What {@code main} prints and logs in it; fails unless it ends well. */
  public List<String> lines(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path pool = folder.resolve("hikari.properties");
    Files.writeString(pool, "driverClassName=com.example.NoSuchDriver\n");
    Files.writeString(folder.resolve("jooq-settings.xml"), "<settings><renderSchema>maybe");
    List<String> options =
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            "-Dhikaricp.configurationFile=" + pool);
    try (ChildProcess host = ChildProcess.overheard(options, folder, main, arguments)) {
      return host.rest();
    }
  }
}
