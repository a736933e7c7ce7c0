package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Standard output and error belong to the application. Run in a process of its own, so that what
 * libraries print when they are loaded is seen, too.
 */
class PrintsNothingTest {
  @TempDir Path folder;

  @Test
  void anApplicationThatUsesEverythingStaysQuiet() throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process program =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-classpath",
                    Repository.classPath(),
                    QuietProgram.class.getName(),
                    folder.resolve("usage.db").toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(program.waitFor(2, TimeUnit.MINUTES)).as("the program ends").isTrue();
    assertThat(Files.readString(output))
        .as("what it printed, log lines below WARN aside")
        .isEmpty();
    assertThat(program.exitValue()).as("it did its work").isEqualTo(QuietProgram.DENIED);
  }
}
