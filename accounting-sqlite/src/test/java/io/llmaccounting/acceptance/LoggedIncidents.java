package io.llmaccounting.acceptance;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An accounting whose failures are read from its log. */
abstract class LoggedIncidents extends OutageTest {
  static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  static final TokenUsage SOME = TokenUsage.of(1, 1);

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  BreakableBackend auditStore;
  LlmAccounting accounting;
  LlmCall call;
  private int names;

  @Override
  final BackendUnderTest underTest() {
    return new InMemoryUnderTest();
  }

  @BeforeEach
  void listen() {
    auditStore = new BreakableBackend(backend());
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setErr(before);
    if (accounting != null) {
      accounting.close();
    }
  }

  final long loud(String text) {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("] ERROR ") || line.contains("] WARN "))
        .filter(line -> line.contains(text))
        .count();
  }

  final void start(UnaryOperator<LlmAccountingBuilder> settings) {
    accounting =
        fragile(
            builder ->
                settings.apply(
                    builder.continueOnError(handled::add).timeout(Duration.ofSeconds(1))));
  }

  final void start() {
    start(settings -> settings);
  }

  final String newName() {
    return "n" + names++;
  }

  final void poison() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
  }

  final void startFlushing() {
    start(settings -> settings.buffered(Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1))));
  }

  final void flushed(Usage usage) {
    accounting.track(usage);
    accounting.flush();
  }

  final void startSpooling() {
    start(settings -> settings.spool(spool()));
  }

  final void startAuditing() {
    start(
        settings ->
            // the trail tries again once a second only
            settings
                .timeout(Duration.ofSeconds(30))
                .audit(
                    AuditSettings.defaults()
                        .log(auditStore.audit())
                        .redact(LoggedIncidents::redacted)
                        .denials()));
  }

  private static String redacted(String text) {
    if (text.contains("bad")) {
      throw new IllegalStateException("cannot redact this");
    }
    return text;
  }
}
