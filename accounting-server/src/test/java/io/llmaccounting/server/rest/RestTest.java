package io.llmaccounting.server.rest;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.RestSettings;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server with its accounting in memory. */
abstract class RestTest {
  private @Nullable RestScene scene;

  @BeforeEach
  void open() throws Exception {
    scene = new RestScene(this::backend, settings(), rates());
  }

  UsageBackend backend(ManualClock clock) {
    return InMemoryBackend.create(clock);
  }

  RestSettings settings() {
    return RestSettings.DEFAULTS;
  }

  RequestRates rates() {
    return RequestRates.UNBOUNDED;
  }

  @AfterEach
  void close() throws Exception {
    scene().close();
  }

  RestScene scene() {
    return java.util.Objects.requireNonNull(scene);
  }

  static String code(HttpResponse<String> told) {
    return String.valueOf(Json.read(told.body()).get("code"));
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(HttpResponse<String> told, String name) {
    return (List<Map<String, Object>>) Json.read(told.body()).getOrDefault(name, List.of());
  }
}
