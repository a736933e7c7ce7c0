package io.llmaccounting.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Commands as processes of their own, on databases of a test. */
abstract class JarProcesses {
  @TempDir Path folder;

  final Jar jar(TestDatabase database) {
    return new Jar(folder, database.environment());
  }

  static Ran done(Jar jar, List<String> database, List<String> words)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(database);
    all.addAll(words);
    Ran ran = jar.start(all).end().exits(Exit.DONE);
    assertThat(ran.err()).as("errors of %s", words).doesNotContain("SLF4J", "Exception", "WARN");
    return ran;
  }

  final void holdsOutliveTheirProcess(Jar jar, List<String> database) throws Exception {
    List<String> reserve = List.of("-q", "reserve", "--model", "m");
    String settled = done(jar, database, reserve).out().strip();
    String released = done(jar, database, reserve).out().strip();

    done(jar, database, List.of("settle", settled, "--input-tokens", "3"));
    done(jar, database, List.of("release", released));
  }
}
