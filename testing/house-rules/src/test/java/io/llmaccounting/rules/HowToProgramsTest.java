package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The complete programs of pages about adapters run, against a provider on loopback. */
class HowToProgramsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "meter-anthropic.md, AskAnthropic, '', claude-sonnet-4-5",
    "meter-any-http-client.md, AskByJdk, '', gpt-5-mini",
    "meter-bedrock.md, AskBedrock, '', anthropic.claude-sonnet-4-5-20250929-v1:0",
    "meter-google-genai.md, AskGemini, '', gemini-2.5-flash",
    "meter-langchain4j.md, AskLangChain4j, /v1, gpt-5-mini",
    "meter-openai.md, AskOpenAi, /v1, gpt-5-mini",
    "meter-spring-ai.md, AskSpringAi, '', gpt-5-mini"
  })
  void compilesRunsAndRecordsItsCall(String page, String program, String path, String model)
      throws Exception {
    Path source = folder.resolve(program + ".java");
    Files.writeString(source, codeOf(page, program));
    Path output = folder.resolve("output.txt");
    try (FakeProvider provider = FakeProvider.start()) {
      int failed =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-classpath", Repository.classPath(), source.toString());
      assertThat(failed).as("errors, printed above").isZero();

      Process running = run(program, provider.uri() + path, output);

      assertThat(running.waitFor(2, TimeUnit.MINUTES)).as("the program ends").isTrue();
      assertThat(running.exitValue()).as(Files.readString(output)).isZero();
      assertThat(provider.count()).isEqualTo(1);
      assertThat(Files.readString(output)).contains(model, "alice");
    }
  }

  @Test
  void theProgramOfMetersShowsThem() throws Exception {
    assertThat(printed("watch-with-micrometer.md", "ShowMeters"))
        .contains(
            "llm_accounting_calls_total{model=\"gpt-5-mini\",outcome=\"succeeded\",provider=\"openai\"} 1.0",
            "llm_accounting_breaker{state=\"closed\"} 1.0");
  }

  @Test
  void theProgramOfSpansRecordsOne() throws Exception {
    assertThat(printed("use-opentelemetry.md", "RecordSpans")).contains("1 call");
  }

  /** What a program prints that is given a database and nothing else. */
  private String printed(String page, String program) throws Exception {
    Path source = folder.resolve(program + ".java");
    Files.writeString(source, codeOf(page, program));
    Path output = folder.resolve("output.txt");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-classpath", Repository.classPath(), source.toString());
    assertThat(failed).as("errors, printed above").isZero();

    Process running = run(program, folder.resolve("shown.db").toString(), output);

    assertThat(running.waitFor(2, TimeUnit.MINUTES)).as("the program ends").isTrue();
    assertThat(running.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  private static String codeOf(String page, String program) {
    return new MarkdownPage(Repository.root().resolve("docs/how-to").resolve(page))
        .blocks().stream()
            .map(CodeBlock::code)
            .filter(code -> code.contains("class " + program + " {"))
            .findFirst()
            .orElseThrow();
  }

  private Process run(String program, String provider, Path output) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                folder + System.getProperty("path.separator") + Repository.classPath(),
                program,
                provider,
                folder.resolve("usage.db").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().put("AWS_ACCESS_KEY_ID", "none");
    command.environment().put("AWS_SECRET_ACCESS_KEY", "none");
    command.environment().put("ANTHROPIC_API_KEY", "none");
    command.environment().put("GOOGLE_API_KEY", "none");
    command.environment().put("OPENAI_API_KEY", "none");
    return command.start();
  }
}
