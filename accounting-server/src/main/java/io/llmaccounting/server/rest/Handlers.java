package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.health.HealthHandler;
import io.llmaccounting.server.rest.http.Handler;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who answers which operation: each of the contract, and no other. */
final class Handlers {
  private final Map<String, Handler> byOperation;

  Handlers(Contract contract) {
    this.byOperation = all();
    Set<String> asked = new HashSet<>();
    contract.operations().forEach(operation -> asked.add(operation.id()));
    if (!asked.equals(byOperation.keySet())) {
      throw new IllegalStateException(
          "the contract has %s, and there are handlers of %s"
              .formatted(asked, byOperation.keySet()));
    }
  }

  private static Map<String, Handler> all() {
    return Map.of("getHealth", new HealthHandler());
  }

  Handler of(Operation operation) {
    return Objects.requireNonNull(byOperation.get(operation.id()), operation.id());
  }
}
