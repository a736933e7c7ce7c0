package io.llmaccounting.server.rest.events;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.server.rest.contract.Fault;
import io.llmaccounting.server.rest.contract.Schema;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.http.Problems;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.reach.UsageReach;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Records calls, each by itself: one that is wrong stops no other. */
public final class RecordEvents implements Handler {
  /** More of them take an event loop too long. */
  private static final int FEW = 16;

  private final Schema schema;
  private final Workers workers;

  /** Reads calls that are as {@code schema} says. */
  public RecordEvents(Schema schema, Workers workers) {
    this.schema = schema;
    this.workers = workers;
  }

  private record Result(@Nullable Receipt receipt, @Nullable Problem problem) {
    void write(JsonWriter to, int index) throws IOException {
      to.beginObject().number("index", index);
      if (receipt != null) {
        to.word("status", receipt.status())
            .text("id", receipt.id())
            .text("cost", receipt.cost().map(cost -> cost.toString().substring(1)).orElse(null));
      }
      if (problem != null) {
        to.text("status", "refused").beginObject("problem");
        problem.write(to, null);
        to.endObject();
      }
      to.endObject();
    }
  }

  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    List<JsonFields> events = asked.body().objects("events");
    CompletionStage<List<CompletableFuture<Result>>> begun =
        events.size() <= FEW
            ? CompletableFuture.completedFuture(begin(asked, events))
            : workers.work(() -> begin(asked, events)).toCompletionStage();
    return begun.thenCompose(RecordEvents::answer);
  }

  private List<CompletableFuture<Result>> begin(Asked asked, List<JsonFields> events) {
    Instant now = asked.reach().now();
    List<CompletableFuture<Result>> results = new ArrayList<>();
    for (JsonFields event : events) {
      results.add(
          record(asked.reach().usage(), event, now)
              .handle(
                  (receipt, failure) ->
                      failure == null
                          ? result(receipt)
                          : new Result(null, Problems.of(failure, asked.id())))
              .toCompletableFuture());
    }
    return results;
  }

  private CompletionStage<Receipt> record(UsageReach reach, JsonFields event, Instant now) {
    List<Fault> faults = schema.check(event.values(), "");
    if (!faults.isEmpty()) {
      return CompletableFuture.failedFuture(new ProblemException(Problem.of(faults)));
    }
    try {
      Usage usage = reach.read(event, now);
      return reach.track(usage);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Result result(Receipt receipt) {
    return receipt.status() == Receipt.Status.NOT_RECORDED
        ? new Result(null, Problem.of(Problem.Code.UNAVAILABLE, "it could not be stored"))
        : new Result(receipt, null);
  }

  private static CompletionStage<Answer> answer(List<CompletableFuture<Result>> results) {
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(done -> answered(results.stream().map(CompletableFuture::join).toList()));
  }

  private static Answer answered(List<Result> results) {
    Problem first = results.get(0).problem();
    boolean away =
        results.stream()
            .allMatch(
                one -> one.problem() != null && one.problem().code() == Problem.Code.UNAVAILABLE);
    if (away && first != null) {
      throw new ProblemException(first);
    }
    return Answer.ok(
        to -> {
          to.beginList("results");
          for (int i = 0; i < results.size(); i++) {
            results.get(i).write(to, i);
          }
          to.endList();
        });
  }
}
