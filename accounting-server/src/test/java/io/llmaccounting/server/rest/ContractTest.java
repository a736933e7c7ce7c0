package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract keeps its own rules. */
class ContractTest {
  private final Contract contract = Contract.load();

  @Test
  void everyOperationNeedsAKeyAndSaysWhatProblemsLookLike() {
    for (Operation operation : contract.operations()) {
      assertThat(operation.roles()).as(operation.id()).isNotEmpty();
      Operation.Answered problem = operation.answers().get(Operation.OTHERWISE);
      assertThat(problem).as(operation.id()).isNotNull();
      assertThat(problem.type()).isEqualTo("application/problem+json");
      assertThat(operation.path()).startsWith("/v1/" + operation.tag());
    }
  }

  @Test
  void everyExampleIsAsItsSchemaSays() {
    List<String> wrong = new ArrayList<>();
    for (Operation operation : contract.operations()) {
      Operation.Body body = operation.body();
      if (body != null) {
        body.examples()
            .forEach(
                (name, value) ->
                    body.schema()
                        .check(Json.of(value), "")
                        .forEach(fault -> wrong.add(operation.id() + " " + name + fault)));
      }
      operation
          .answers()
          .forEach(
              (status, answer) ->
                  answer
                      .examples()
                      .forEach(
                          (name, value) -> {
                            if (answer.schema() != null) {
                              answer
                                  .schema()
                                  .check(Json.of(value), "")
                                  .forEach(fault -> wrong.add(operation.id() + " " + name + fault));
                            }
                          }));
    }
    assertThat(wrong).isEmpty();
  }
}
