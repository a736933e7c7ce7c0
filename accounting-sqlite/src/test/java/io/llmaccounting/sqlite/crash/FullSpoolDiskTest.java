package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.sqlite.SqliteSpool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the spool is full: told at once, and nothing that was kept is lost. */
class FullSpoolDiskTest {
  @TempDir Path folder;

  @Test
  void aFullDiskIsToldAndLosesNothing() throws Exception {
    String mount = "mount -t tmpfs -o size=1m tmpfs '" + folder + "'";
    assumeTrue(
        run("unshare -Urm sh -c \"" + mount + "\"").code() == 0, "no file systems can be mounted");
    Path kept = Files.createTempDirectory("kept");

    Ended ended =
        run(
            "unshare -Urm sh -c \"%s && %s '%s' && cp '%s'/* '%s'\""
                .formatted(mount, filling(), folder, folder, kept));

    assertThat(ended.lines()).contains("all kept");
    assertThat(ended.told())
        .startsWith("UNAVAILABLE ")
        .contains("is full; free disk space", "[SQLITE_FULL]");
    assertKept(kept, ended.ids());
    try (var files = Files.list(kept)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(kept);
  }

  @Test
  void aDiskThatRefusesToWriteIsToldAndLosesNothing() throws Exception {
    Ended ended = run("ulimit -f 4000; %s '%s'".formatted(filling(), folder));

    assertThat(ended.lines()).contains("all kept");
    assertThat(ended.told())
        .startsWith("UNAVAILABLE ")
        .contains("could not be used; check its disk");
    assertKept(folder, ended.ids());
  }

  private static void assertKept(Path folder, List<UUID> acknowledged) {
    assertThat(acknowledged).hasSizeGreaterThan(50);
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      List<SpoolEntry> kept = spool.read(0, Integer.MAX_VALUE);
      assertThat(kept.stream().map(entry -> entry.call().usage().id()))
          .containsExactlyElementsOf(acknowledged);
      spool.append(List.of(SpoolingMain.call("bob")), Map.of());
      assertThat(spool.state().setAside()).isEmpty();
    }
  }

  private static String filling() {
    return "'%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp '%s' %s"
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            FillingMain.class.getName());
  }

  private record Ended(int code, List<String> lines) {
    List<UUID> ids() {
      return lines.stream().filter(line -> !line.contains(" ")).map(UUID::fromString).toList();
    }

    String told() {
      return lines.stream().filter(line -> line.contains("db ")).findFirst().orElse("nothing");
    }
  }

  private static Ended run(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), printed.lines().toList());
  }
}
