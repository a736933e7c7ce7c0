package io.llmaccounting.sinks;

import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Delivers from a file to a webhook until it is killed: file, URL, seconds that its clock is ahead.
 */
final class DeliveringMain {
  private DeliveringMain() {}

  public static void main(String[] arguments) throws Exception {
    Duration ahead = Duration.ofSeconds(Long.parseLong(arguments[2]));
    SqliteBackend backend =
        SqliteBackend.open(
            Path.of(arguments[0]),
            SqliteSettings.defaults().clock(() -> Instant.now().plus(ahead)));
    WebhookSink sink =
        new WebhookSink(
            "hook",
            URI.create(arguments[1]),
            List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            Duration.ofSeconds(30));
    Sinks sinks = Sinks.of(backend).add(sink, SinkSettings.defaults().batch(10)).start();
    int ended = System.in.read();
    sinks.close();
    backend.close();
    System.out.println(ended);
  }
}
