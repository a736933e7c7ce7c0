package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of the pages, compiled as they stand there and run against the fake provider. */
class PageTest {
  private static final Path PAGES = Path.of("../../docs/how-to");
  private static final Pattern JAVA = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern PROGRAM = Pattern.compile("(?m)^class (\\w+) \\{");

  @TempDir Path folder;

  static List<String> programs() throws Exception {
    return JAVA.matcher(
            Files.readString(PAGES.resolve("meter-any-http-client.md"))
                + Files.readString(PAGES.resolve("meter-okhttp-and-apache.md")))
        .results()
        .map(block -> block.group(1))
        .filter(code -> PROGRAM.matcher(code).find())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aProgramOfAPageIsMetered(String code) throws Exception {
    Matcher name = PROGRAM.matcher(code);
    assertThat(name.find()).isTrue();
    Path source = folder.resolve(name.group(1) + ".java");
    Files.writeString(source, code);
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertThat(compiled).isZero();

    try (FakeProvider provider = FakeProvider.start()) {
      String printed = run(name.group(1), provider);

      assertThat(provider.count()).isEqualTo(1);
      assertThat(printed).contains("gpt-5-mini-2025-08-07", "reportedTotal=12323");
    }
  }

  private String run(String program, FakeProvider provider) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> type = loader.loadClass(program);
      java.lang.reflect.Method main = type.getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(
          null,
          (Object) new String[] {provider.uri().toString(), folder.resolve("usage.db").toString()});
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
