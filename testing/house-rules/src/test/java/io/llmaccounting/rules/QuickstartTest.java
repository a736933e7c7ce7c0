package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example is a project apart that no other build looks at: it compiles, runs and succeeds. */
class QuickstartTest {
  private static final Path EXAMPLE = Repository.root().resolve("examples/quickstart/src/main");

  @TempDir Path folder;

  @Test
  void compilesAndRuns() throws Exception {
    Path classes = compiled();
    Path output = folder.resolve("output.txt");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                String.join(
                    System.getProperty("path.separator"),
                    classes.toString(),
                    EXAMPLE.resolve("resources").toString(),
                    Repository.classPath()),
                "io.llmaccounting.examples.Quickstart")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(program.waitFor(2, TimeUnit.MINUTES)).as("the program ends").isTrue();
    assertThat(program.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output)).contains("gpt-5-mini", "billing", "denied");
  }

  private Path compiled() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of("-proc:none", "-Xlint:all,-path", "-Werror", "-d", classes.toString()));
    arguments.addAll(List.of("-classpath", Repository.classPath()));
    try (Stream<Path> files = Files.walk(EXAMPLE.resolve("java"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> arguments.add(file.toString()));
    }

    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));

    assertThat(failed).as("errors and warnings, printed above").isZero();
    return classes;
  }
}
