package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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

/** The example application compiles, and shows a report and a denial. */
class ExampleTest {
  private static final String EXCLUDED = "spring.autoconfigure.exclude";
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path folder;

  @Test
  void showsAReportAndADenial() throws Exception {
    Path example = example();
    Path output = folder.resolve("output.txt");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-D" + EXCLUDED + "=" + System.getProperty(EXCLUDED, ""),
                "-classpath",
                String.join(
                    File.pathSeparator,
                    compiled(example.resolve("java")).toString(),
                    example.resolve("resources").toString(),
                    CLASS_PATH),
                "io.llmaccounting.examples.shop.ShowShop",
                folder.resolve("usage.db").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(program.waitFor(2, TimeUnit.MINUTES)).as("the program ends").isTrue();
    assertThat(program.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output))
        .contains("alice asks, 2: 200", "alice asks, 3: 429 (Retry-After: ", "no-room")
        .containsPattern("shop +alice +gpt-5-mini");
  }

  private static Path example() {
    Path below = Path.of("examples/spring-boot/src/main");
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(below))) {
      root = root.getParent();
    }
    return root.resolve(below);
  }

  private Path compiled(Path sources) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-classpath", CLASS_PATH));
    try (Stream<Path> files = Files.walk(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }

    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));

    assertThat(failed).as("errors, printed above").isZero();
    return classes;
  }
}
