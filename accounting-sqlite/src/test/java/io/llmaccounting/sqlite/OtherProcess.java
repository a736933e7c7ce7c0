package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.usage.UsageQuery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second Java virtual machine that opens a file, records calls, and says what it did. */
final class OtherProcess {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path errors;

  private OtherProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** What the other process runs: waits for a line, so that all start at once, then records. */
  public static void main(String[] arguments) throws IOException {
    if (System.in.read() < 0) {
      throw new IOException("nobody gave the start");
    }
    Path file = Path.of(arguments[0]);
    int calls = Integer.parseInt(arguments[1]);
    SecureRandom random = new SecureRandom();
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      for (int call = 0; call < calls; call++) {
        Usage any = aCall().usage();
        Usage usage = aCall().id(UsageId.create(any.occurredAt(), random)).usage();
        Bookings.record(backend, usage);
      }
      // jOOQ greets at the first statement that it runs; nobody may see that.
      if (backend.usage().latest(UsageQuery.latest(1)).isEmpty()) {
        throw new IOException("nothing was recorded");
      }
    }
    System.exit(0);
  }

  static OtherProcess prepared(Path file, int calls) throws IOException {
    Path errors = Files.createTempFile(file.getParent(), "errors", ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                file.toString(),
                Integer.toString(calls))
            .redirectError(errors.toFile())
            .start();
    return new OtherProcess(process, errors);
  }

  void start() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Everything it printed, on both streams; fails unless it ended well. */
  List<String> printed() throws IOException, InterruptedException {
    String out;
    try (InputStream stream = process.getInputStream()) {
      out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String printed = out + Files.readString(errors);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the other process failed: " + printed);
    }
    return printed.lines().toList();
  }
}
