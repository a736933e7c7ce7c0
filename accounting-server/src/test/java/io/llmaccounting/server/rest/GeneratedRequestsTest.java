package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.UsageFilter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked, there is an answer of the contract, never one that says that the server
 * failed, and what was refused has changed nothing; {@code -Drequests.count} and {@code
 * -Drequests.seed} ask more.
 */
class GeneratedRequestsTest extends RestTest {
  private static final int COUNT = Integer.getInteger("requests.count", 400);
  private static final long SEED = Long.getLong("requests.seed", 4711);

  @TempDir Path folder;

  @Override
  UsageBackend backend(ManualClock clock) {
    return SqliteBackend.open(folder.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }

  @Test
  void everyRequestHasAnAnswerOfTheContract() throws Exception {
    Contract contract = Contract.load();
    Random random = new Random(SEED);
    RandomRequests requests = new RandomRequests(random);
    List<Operation> operations = contract.operations();
    List<String> keys =
        List.of(
            scene().key(null, AccessRole.INGEST, AccessRole.READ, AccessRole.MANAGE),
            scene().key("apollo", AccessRole.INGEST, AccessRole.READ, AccessRole.MANAGE));
    for (int i = 0; i < COUNT; i++) {
      Operation operation = operations.get(random.nextInt(operations.size()));
      RandomRequests.Made made = requests.of(operation);
      String before = Standing.of(scene().accounting);

      HttpResponse<String> told =
          scene()
              .ask(
                  operation.method(),
                  made.path(),
                  keys.get(random.nextInt(keys.size())),
                  made.body());

      String asked = "request %d of seed %d: %s %s".formatted(i, SEED, operation.id(), made);
      assertThat(told.statusCode()).as(asked + " " + told.body()).isLessThan(500);
      Operation.Answered answered = operation.answered(told.statusCode());
      assertThat(answered).as(asked).isNotNull();
      if (answered.schema() != null) {
        assertThat(answered.schema().check(Json.read(told.body()), ""))
            .as(asked + " " + told.body())
            .isEmpty();
      }
      if (told.statusCode() == 202) {
        String job = told.headers().firstValue("Location").orElseThrow();
        while (!scene().ask("GET", job, keys.get(0), null).body().contains("ended_at")) {
          Thread.onSpinWait();
        }
      }
      if (told.statusCode() >= 400 || operation.method().equals("GET")) {
        assertThat(Standing.of(scene().accounting)).as(asked).isEqualTo(before);
      }
    }
  }

  /** What a request could change, as a text. */
  private static final class Standing {
    static String of(io.llmaccounting.LlmAccounting accounting) {
      return accounting.tail(UsageFilter.all(), 2_000).size()
          + " "
          + accounting.limits().owned()
          + accounting.directory().projects()
          + accounting.directory().users()
          + accounting.admin().openHolds().size()
          + accounting.access().list(io.llmaccounting.access.AccessKeyQuery.first(500)).stream()
              .map(key -> key.usedAt(null))
              .toList();
    }
  }
}
