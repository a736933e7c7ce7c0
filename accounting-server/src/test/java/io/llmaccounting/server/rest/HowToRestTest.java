package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's commands, one after the other, as they are typed. */
class HowToRestTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");
  private static final long PATIENCE_SECONDS = 300;

  @TempDir Path folder;

  @Test
  void thePagesCommandsWork() throws Exception {
    assumeThat(isThere("curl") && isThere("bash")).as("curl and bash are here").isTrue();
    try (RestScene scene =
        new RestScene(
            clock ->
                SqliteBackend.open(
                    folder.resolve("usage.db"), SqliteSettings.defaults().clock(clock)))) {
      String key = scene.key(null, AccessRole.READ, AccessRole.INGEST, AccessRole.MANAGE);
      String commands =
          BLOCK
              .matcher(Files.readString(page()))
              .results()
              .map(block -> block.group(1))
              .collect(Collectors.joining("\n"))
              .replace("http://127.0.0.1:8181", scene.at("").toString());
      Path script = folder.resolve("page.sh");
      Files.writeString(
          script,
          """
          set -euo pipefail
          curl() { command curl --fail-with-body --max-time 120 "$@"; echo; }
          llm-accounting-server() { echo %s; }
          %s
          """
              .formatted(key, commands));
      Path out = folder.resolve("out.txt");
      Process bash =
          new ProcessBuilder("bash", script.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();

      assertThat(bash.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(bash.exitValue()).as(Files.readString(out)).isZero();
      assertThat(Files.readString(out)).contains("\"status\":\"well\"");
    }
  }

  private static boolean isThere(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
  }

  private static Path page() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("accounting-api"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs/how-to/use-the-rest-interface.md");
  }
}
