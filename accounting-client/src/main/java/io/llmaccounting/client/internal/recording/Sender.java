package io.llmaccounting.client.internal.recording;

import io.llmaccounting.client.internal.recording.Results.Result;
import io.llmaccounting.client.internal.wire.ProblemException;
import io.llmaccounting.client.internal.wire.Question;
import io.llmaccounting.client.internal.wire.Reach;
import io.llmaccounting.client.internal.wire.Wire;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.UsageLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends records, a bounded number of requests at a time, and tells what became of each. */
final class Sender {
  private static final int MOST_SETTLEMENTS = 16;

  /** Is told what became of records. */
  interface Outcome {
    /** The server has said what became of it. */
    void told(Pending one, Result result);

    /** Nobody knows; all are to be sent again. */
    void notSent(List<Pending> records, ProblemException why);

    /** A request has ended, so that another may be sent. */
    void ended();
  }

  private final Wire wire;
  private final Reach reach;
  private final Duration patience;
  private final int mostRequests;
  private final Outcome outcome;
  private final AtomicInteger batches = new AtomicInteger();
  private final AtomicInteger settlements = new AtomicInteger();

  Sender(Wire wire, Reach reach, Duration patience, int mostRequests, Outcome outcome) {
    this.wire = wire;
    this.reach = reach;
    this.patience = patience;
    this.mostRequests = mostRequests;
    this.outcome = outcome;
  }

  boolean takesBatches() {
    return batches.get() < mostRequests;
  }

  boolean takesSettlements() {
    return settlements.get() < MOST_SETTLEMENTS;
  }

  boolean isIdle() {
    return batches.get() == 0 && settlements.get() == 0;
  }

  /** Asks how the server fares, only to find out whether it answers. */
  void probe() {
    batches.incrementAndGet();
    boolean unused =
        wire.ask(Question.get("/v1/meter/health"), patience)
            .whenComplete(
                (answer, failure) -> {
                  batches.decrementAndGet();
                  reached(failure);
                  outcome.ended();
                })
            .isDone();
  }

  private @Nullable ProblemException reached(@Nullable Throwable failure) {
    if (failure == null) {
      reach.worked();
      return null;
    }
    Throwable reason = Wire.reason(failure);
    ProblemException problem = reason instanceof ProblemException known ? known : strange(reason);
    if (problem.isOutage()) {
      reach.failed(problem);
    } else {
      reach.worked();
    }
    return problem;
  }

  private static ProblemException strange(Throwable reason) {
    return ProblemException.of(
        ProblemException.Kind.UNSURE, "the answer was not understood: " + reason, reason);
  }

  /** Sends records together. */
  void send(List<Pending> batch) {
    batches.incrementAndGet();
    boolean unused =
        wire.ask(Question.post("/v1/meter/events", body(batch)), patience)
            .thenApply(answer -> results(batch, answer))
            .whenComplete(
                (results, failure) -> {
                  try {
                    answered(batch, results, failure);
                  } finally {
                    batches.decrementAndGet();
                    outcome.ended();
                  }
                })
            .isDone();
  }

  private static byte[] body(List<Pending> batch) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(batch.size() * 512);
    body.writeBytes("{\"events\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < batch.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(batch.get(i).json);
    }
    body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static List<Result> results(List<Pending> batch, JsonFields answer) {
    List<JsonFields> results = answer.objects("results");
    if (results.size() != batch.size()) {
      throw ProblemException.of(
          ProblemException.Kind.UNSURE,
          "the server told of %d records, of %d that were sent"
              .formatted(results.size(), batch.size()),
          null);
    }
    List<Result> told = new java.util.ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      told.add(Results.of(results.get(i), batch.get(i).usage));
    }
    return told;
  }

  private void answered(
      List<Pending> batch, @Nullable List<Result> results, @Nullable Throwable failure) {
    ProblemException problem = reached(failure);
    if (results != null) {
      for (int i = 0; i < batch.size(); i++) {
        outcome.told(batch.get(i), results.get(i));
      }
    } else if (problem != null && problem.isOutage()) {
      outcome.notSent(batch, problem);
    } else if (problem != null && batch.size() > 1) {
      // one of them is the reason: the others must not suffer
      send(batch.subList(0, batch.size() / 2));
      send(batch.subList(batch.size() / 2, batch.size()));
    } else if (problem != null) {
      refuse(batch.get(0), problem);
    }
  }

  private void refuse(Pending one, ProblemException problem) {
    Result refused =
        Results.refused(one.usage, problem.code(), String.valueOf(problem.getMessage()));
    outcome.told(one, new Result(null, refused.refused(), 1));
  }

  /** Sends the end of a call that room is held for. */
  void settle(Pending one) {
    settlements.incrementAndGet();
    Question question =
        Question.post(
            "/v1/meter/reservations/" + one.usage.id() + "/settle",
            to -> UsageLine.writeContent(to, one.usage));
    boolean unused =
        wire.ask(question, patience)
            .thenApply(answer -> Results.of(answer, one.usage))
            .whenComplete(
                (result, failure) -> {
                  try {
                    settled(one, result, failure);
                  } finally {
                    settlements.decrementAndGet();
                    outcome.ended();
                  }
                })
            .isDone();
  }

  private void settled(Pending one, @Nullable Result result, @Nullable Throwable failure) {
    ProblemException problem = reached(failure);
    if (result != null) {
      outcome.told(one, result);
    } else if (problem != null && problem.isOutage()) {
      outcome.notSent(List.of(one), problem);
    } else if (problem != null && problem.kind() == ProblemException.Kind.GONE) {
      outcome.notSent(List.of(one.withoutHold()), problem);
    } else if (problem != null) {
      refuse(one, problem);
    }
  }
}
