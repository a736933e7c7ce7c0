package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.testkit.ManualClock;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every example of the contract, asked of a server. */
abstract class ExamplesContract {
  private static final Pattern ANY_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Contract contract = Contract.load();

  abstract UsageBackend open(ManualClock clock);

  /** Forgets everything, so that the next example begins anew. */
  abstract void clear();

  @TestFactory
  List<DynamicTest> examples() {
    List<DynamicTest> examples = new ArrayList<>();
    for (Operation operation : contract.operations()) {
      TreeSet<String> names = new TreeSet<>();
      operation.answers().values().forEach(answer -> names.addAll(answer.examples().keySet()));
      if (operation.answers().containsKey(204)) {
        names.add("done");
      }
      assertThat(names).as("examples of " + operation.id()).isNotEmpty();
      for (String name : names) {
        examples.add(
            DynamicTest.dynamicTest(operation.id() + ": " + name, () -> run(operation, name)));
      }
    }
    return examples;
  }

  private void run(Operation operation, String name) throws Exception {
    clear();
    try (RestScene scene = new RestScene(this::open)) {
      ExampleScenes.Asking asking = new ExampleScenes(scene).prepare(operation);
      Operation.Body body = operation.body();
      Object sent = body == null ? null : body.examples().get(name);

      HttpResponse<String> told =
          scene.ask(
              operation.method(),
              asking.path(),
              scene.key(asking.project(), AccessRole.INGEST, AccessRole.READ, AccessRole.MANAGE),
              sent == null ? null : Json.text(Json.of(sent)),
              asking.headers());

      if (name.equals("done")) {
        assertThat(told.statusCode()).as(told.body()).isEqualTo(204);
        return;
      }
      Operation.Answered answered = operation.answered(told.statusCode());
      assertThat(answered).as("answer " + told.statusCode() + " " + told.body()).isNotNull();
      assertThat(answered.examples()).as(told.statusCode() + " " + told.body()).containsKey(name);
      if (answered.schema() == null) {
        assertThat(ANY_ID.matcher(told.body().replace("\r\n", "\n")).replaceAll("ID"))
            .as("%s: %s %s", operation.id(), name, told.body())
            .isEqualTo(
                ANY_ID.matcher(String.valueOf(answered.examples().get(name))).replaceAll("ID"));
        return;
      }
      Object expected = Json.general(Json.of(answered.examples().get(name)));
      Map<String, Object> got = Json.read(told.body());
      assertThat(Json.general(got))
          .as("%s: %s %s", operation.id(), name, told.body())
          .isEqualTo(expected);
      assertThat(answered.schema()).isNotNull();
      assertThat(answered.schema().check(got, "")).isEmpty();
    }
  }
}
