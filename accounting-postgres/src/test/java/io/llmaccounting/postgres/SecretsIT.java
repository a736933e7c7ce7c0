package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.testing.postgres.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsIT {
  private static final String SECRET = "s3cr3t-pa55";

  static Stream<String> urls() {
    String with = "?user=someone&password=" + SECRET;
    String served = PostgresServer.shared().url().replaceAll("\\?.*", "");
    return Stream.of(
        "jdbc:postgres://localhost/db" + with,
        "postgresql://someone:" + SECRET + "@localhost/db",
        "jdbc:postgresql://localhost:notaport/db" + with,
        "jdbc:postgresql://127.0.0.1:1/db" + with,
        served.replaceAll("/[^/]*$", "/no_such_database") + with);
  }

  @ParameterizedTest
  @MethodSource("urls")
  void neverGetIntoExceptionsOrLogLines(String url) {
    PrintStream before = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    Throwable failure;
    try {
      failure = catchThrowable(() -> PostgresBackend.connect(url, "someone", SECRET));
    } finally {
      System.setErr(before);
    }

    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(SECRET);
    assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(SECRET);
  }
}
