package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Faults name the field, what would be right, and what was there. */
class SchemaTest {
  private final Contract contract = Contract.load();

  private List<String> faults(String schema, String json) {
    return contract.schema(schema).check(Json.read(json), "").stream()
        .map(Fault::toString)
        .toList();
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThat(
            faults(
                "Problem",
                "{\"type\":1,\"title\":\"x\",\"status\":4.5,\"code\":\"what\",\"detial\":\"x\"}"))
        .containsExactlyInAnyOrder(
            "/type must be a text, was 1",
            "/status must be a whole number, was 4.5",
            "/detail must be given, was absent",
            "/detial must be left out. Did you mean 'detail'?, was \"given\"",
            "/code must be one of [unreadable-body, invalid-request, no-key, missing-role,"
                + " other-project, not-found, method-not-allowed, too-slow, conflict,"
                + " changed-meanwhile, too-large, wrong-media-type, if-match-needed,"
                + " too-many-requests, internal, unavailable], was \"what\"");
  }

  @Test
  void numbersThatAreTooLongToWriteDownAreNoWholeNumbers() {
    assertThat(
            faults(
                "Problem",
                "{\"type\":\"a\",\"title\":\"x\",\"status\":1e999999999,\"code\":\"conflict\","
                    + "\"detail\":\"x\"}"))
        .singleElement()
        .asString()
        .startsWith("/status must be a whole number");
    assertThat(contract.schema("Fault").check(Map.of(), "/faults/0")).hasSize(3);
  }
}
