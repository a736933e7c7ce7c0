package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.contract.Operation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is there before an example is asked, and with which values. */
final class ExampleScenes {
  private final RestScene scene;

  /**
   * How an example is asked.
   *
   * @param path path and query
   * @param project the project of the key, or null
   * @param headers further headers
   */
  record Asking(String path, @Nullable String project, Map<String, String> headers) {}

  ExampleScenes(RestScene scene) {
    this.scene = scene;
  }

  Asking prepare(Operation operation, String name) throws Exception {
    return new Asking(operation.path(), null, Map.of());
  }
}
