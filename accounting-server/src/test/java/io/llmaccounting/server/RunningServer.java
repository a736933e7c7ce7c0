package io.llmaccounting.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.server.process.ServerProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server in this process, started from a file of settings as operators write it. */
final class RunningServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final String key;

  RunningServer(Path folder, String yaml) throws IOException {
    Files.writeString(folder.resolve(SettingsReader.FILE), yaml);
    process =
        ServerProcess.start(
            SettingsReader.read(
                    new SettingSources(
                        Map.of("listen.port", "0", "notice", "0s"), Map.of(), null, folder))
                .settings(),
            new DatabaseStores(),
            new GatewayFront(),
            InstantSource.system());
    key = key(AccessTerms.named("all"));
  }

  String key(AccessTerms terms) {
    return process
        .accounting()
        .access()
        .issue(terms.withRoles(AccessRole.INGEST, AccessRole.READ))
        .secret();
  }

  /** Records so many calls, whose keys begin with {@code prefix}. */
  void record(String prefix, int count) throws Exception {
    JsonArray events = new JsonArray();
    for (int i = 0; i < count; i++) {
      events.add(
          new JsonObject()
              .put("key", prefix + i)
              .put("model", "m")
              .put("user", "alice")
              .put("input_tokens", 10)
              .put("output_tokens", 20)
              .put("cost", "0.01"));
    }
    HttpResponse<String> told =
        send(
            asking("/v1/meter/events", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject().put("events", events).encode())));
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
  }

  JsonObject health(String secret) {
    return new JsonObject(page("/v1/meter/health", secret));
  }

  /** How a sink stands, as the health answer says. */
  JsonObject sink(String name) {
    return health(key).getJsonArray("sinks").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  String metrics() {
    return page("/metrics", key);
  }

  private String page(String path, String secret) {
    try {
      return send(asking(path, secret)).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder asking(String path, String secret) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.port() + path))
        .header("Authorization", "Bearer " + secret);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Waits as long as it takes; the test has a timeout. */
  static void until(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
