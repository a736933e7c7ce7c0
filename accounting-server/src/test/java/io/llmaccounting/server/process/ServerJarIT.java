package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that operators get, each command a process of its own. */
class ServerJarIT {
  private static final Path JAR = Path.of("target", "llm-accounting-server.jar").toAbsolutePath();
  private static final long PATIENCE_SECONDS = 300;

  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private Ran run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LLM_ACCOUNTING"));
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), Files.readString(out), Files.readString(err));
  }

  @Test
  void commandsRunInAnEmptyFolder() throws Exception {
    Files.writeString(folder.resolve("key.txt"), "sk-upstream\n");

    Ran checked = run("check-config");
    Ran created = run("-q", "keys", "create", "laptop", "--limit", "requests=60/1m");
    Ran listed = run("keys", "list", "--format", "csv");
    Ran added = run("projects", "add-credential", "openai", "--file", "key.txt");

    assertThat(List.of(checked, created, listed, added)).allMatch(ran -> ran.exit() == 0);
    assertThat(created.out().strip()).matches("sk-acc-[A-Za-z0-9_-]{43}");
    assertThat(created.err()).isEmpty();
    assertThat(listed.out()).contains("laptop").doesNotContain(created.out().strip());
    assertThat(folder.resolve("llm-accounting.db")).exists();
    assertThat(folder.resolve("llm-accounting.db.sealing-key")).exists();
  }

  @Test
  void wrongSettingsEndWithTwo() throws Exception {
    Files.writeString(folder.resolve("llm-accounting-server.yaml"), "listen:\n  prot: 80\n");

    Ran ran = run();

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .contains("llm-accounting-server.yaml:2: \"listen.prot\" is no setting", "'listen.port'?");
  }
}
