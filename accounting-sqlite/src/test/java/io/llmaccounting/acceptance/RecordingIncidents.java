package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.Set;

/** How recording fails, is told, and works again. */
abstract class RecordingIncidents extends LoggedIncidents {
  /** What goes wrong, and what makes it work again. */
  record Incident(String text, Runnable happens, Runnable ends) {}

  final Incident notMade() {
    start();
    return new Incident(
        "a call was not recorded",
        () -> accounting.track().inputTokens(1).record(),
        () -> accounting.track().model("m").inputTokens(1).record());
  }

  final Incident notStored() {
    start();
    poison();
    return new Incident(
        "usage of a call was not stored; ",
        () -> accounting.track(aCall().by("poison").usage()),
        () -> accounting.track(aCall().usage()));
  }

  final Incident notSettled() {
    start();
    poison();
    return new Incident(
        "its hold stays until it expires",
        () -> accounting.begin(REQUEST.user("poison")).succeeded(SOME),
        () -> accounting.begin(REQUEST).succeeded(SOME));
  }

  final Incident otherCall() {
    start();
    accounting.begin(REQUEST.key("k")).succeeded(SOME);
    return new Incident(
        "another call has its id or key",
        () -> accounting.begin(REQUEST.key("k")).succeeded(TokenUsage.of(2, 2)),
        () -> accounting.begin(REQUEST).succeeded(SOME));
  }

  final Incident notGrown() {
    save(Limit.named("tokens").totalTokens(10_000_000).lifetime());
    start();
    call = accounting.begin(REQUEST.inputTokens(1).maxOutputTokens(1));
    return new Incident(
        "could not keep up with the answer",
        () -> {
          store().refuseHolds(Set.of(call.id()));
          call.progress(TokenUsage.of(1, 1_000_000));
        },
        () -> {
          store().refuseHolds(Set.of());
          call.progress(TokenUsage.of(1, 2));
        });
  }

  final Incident answerNotRead() {
    start();
    return new Incident(
        "usage was not found in an answer",
        () ->
            accounting.call(
                REQUEST,
                () -> "answer",
                answer -> {
                  throw new IllegalStateException("nothing in " + answer);
                }),
        () -> accounting.call(REQUEST, () -> "answer", answer -> ModelAnswer.of(SOME)));
  }

  final Incident endNotStored() {
    start();
    return new Incident(
        "what a call told of its end was not stored",
        () -> accounting.begin(REQUEST).describe(more -> more.attempts(-1)).succeeded(SOME),
        () -> accounting.begin(REQUEST).succeeded(SOME));
  }

  final Incident flushWaits() {
    start(LlmAccountingBuilder::buffered);
    return new Incident(
        "cannot be stored for now",
        () -> {
          store().breakDown();
          accounting.track(aCall().usage());
        },
        () -> {
          store().recover();
          accounting.flush();
        });
  }

  final Incident notFlushed() {
    startFlushing();
    poison();
    return new Incident(
        "usage that was accepted into memory was not stored",
        () -> flushed(aCall().by("poison").usage()),
        () -> flushed(aCall().usage()));
  }

  final Incident refusedLater() {
    startFlushing();
    flushed(aCall().key("k").tokens(1, 1).usage());
    return new Incident(
        "usage that was accepted earlier was refused by the store",
        () -> flushed(aCall().key("k").tokens(2, 2).usage()),
        () -> flushed(aCall().usage()));
  }

  final Incident notReplayed() {
    startSpooling();
    return new Incident(
        "the spool could not be read",
        () -> spool().breakDown(),
        () -> {
          spool().recover();
          roundTrip();
        });
  }

  final Incident notRemoved() {
    startSpooling();
    return new Incident(
        "the spool could not be rid of calls",
        () -> {
          breakDown(accounting);
          accounting.track(aCall().usage());
          spool().fillDisk();
          store().recover();
        },
        () -> {
          spool().freeDisk();
          eventually("the spool is empty", () -> spool().state().waiting() == 0);
          roundTrip();
        });
  }

  // through the spool and out of it again
  final void roundTrip() {
    breakDown(accounting);
    accounting.track(aCall().usage());
    recover(accounting);
    eventually("the spool is empty", () -> spool().state().waiting() == 0);
  }
}
