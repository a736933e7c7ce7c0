package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.internal.access.LastUses;
import io.llmaccounting.internal.calls.Chores;
import io.llmaccounting.internal.calls.PastCalls;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** faults H1: what an operator reads of the second incident, after it had worked between. */
class LoggedRecoveriesTest extends RecordingIncidents {
  @ParameterizedTest
  @EnumSource(Consequence.class)
  @DisplayName("faults H1: a failure after it had worked is as loud as the first")
  void theSecondIncidentIsAsLoudAsTheFirst(Consequence consequence) {
    Incident incident = incident(consequence);

    incident.happens().run();
    eventually("the first is logged", () -> loud(incident.text()) >= 1);
    incident.ends().run();
    assertThat(loud(incident.text())).isEqualTo(1);

    incident.happens().run();
    eventually("the second is logged", () -> loud(incident.text()) >= 2);
    incident.ends().run();
    assertThat(loud(incident.text())).isEqualTo(2);
  }

  private Incident incident(Consequence consequence) {
    return switch (consequence) {
      case NOT_MADE -> notMade();
      case NOT_STORED -> notStored();
      case NOT_SETTLED -> notSettled();
      case OTHER_CALL -> otherCall();
      case NOT_GROWN -> notGrown();
      case ANSWER_NOT_READ -> answerNotRead();
      case END_NOT_STORED -> endNotStored();
      case FLUSH_WAITS -> flushWaits();
      case NOT_FLUSHED -> notFlushed();
      case REFUSED_LATER -> refusedLater();
      case NOT_REPLAYED -> notReplayed();
      case NOT_REMOVED -> notRemoved();
      case AUDIT_NOT_WRITTEN -> auditNotWritten();
      case TEXT_WITHHELD -> textWithheld();
      case DENIALS_NOT_AUDITED -> denialsNotAudited();
      case ALERTS_WAIT -> alertsWait();
      case NOT_RENEWED -> notRenewed();
      case NOT_PRICED -> notPriced();
      case USES_NOT_WRITTEN -> usesNotWritten();
      case DENIALS_WAIT -> denialsWait();
      case NOT_HANDED_OVER -> notHandedOver();
      case NOT_EXPIRED -> notExpired();
      case NOT_LEARNED -> notLearned();
      case SPOOL_NOT_SEEN -> spoolNotSeen();
      case THREAD_BROKE_OFF -> threadBrokeOff();
    };
  }

  private Incident notHandedOver() {
    AtomicBoolean refuses = new AtomicBoolean();
    start(
        settings ->
            settings.executor(
                task -> {
                  if (refuses.get()) {
                    throw new RejectedExecutionException("as the test asked");
                  }
                  ForkJoinPool.commonPool().execute(task);
                }));
    return new Incident(
        "the executor of stages refused one",
        () -> {
          refuses.set(true);
          trackAsync();
        },
        () -> {
          refuses.set(false);
          trackAsync();
        });
  }

  private void trackAsync() {
    accounting.trackAsync(aCall().usage()).toCompletableFuture().join();
  }

  private Incident auditNotWritten() {
    startAuditing();
    return new Incident(
        "is in force, but its audit entry was not written",
        () -> {
          auditStore.breakDown();
          accounting.limits().save(Limit.named(newName()).requests(1_000).lifetime());
        },
        () -> {
          auditStore.recover();
          accounting.limits().save(Limit.named(newName()).requests(1_000).lifetime());
        });
  }

  private Incident textWithheld() {
    startAuditing();
    return new Incident(
        "a text was withheld from the audit log",
        () -> accounting.audit().prompt("bad").write(),
        () -> accounting.audit().prompt("good").write());
  }

  private Incident denialsNotAudited() {
    save(Limit.named("none").requests(0).lifetime());
    startAuditing();
    return new Incident(
        "denial waits to be written to the audit log",
        () -> {
          auditStore.breakDown();
          accounting.quotas().reserve(REQUEST);
        },
        () -> {
          auditStore.recover();
          accounting.audit().flush();
        });
  }

  private Incident alertsWait() {
    save(Limit.named("calls").eachUser().requests(2).lifetime().alertingAt(50));
    start(
        settings ->
            settings.listener(
                new AccountingListener() {
                  @Override
                  public void alerted(Alert alert) {
                    if (alert.subject().contains("poison")) {
                      store().breakDown();
                    }
                  }
                }));
    return new Incident(
        "alerts could not be delivered",
        () -> accounting.track(aCall().by("poison" + newName()).usage()),
        () -> {
          store().recover();
          eventually("the store is back", () -> isReached(accounting));
          String subject = "user=" + newName();
          accounting.track(aCall().by(subject.substring(5)).usage());
          eventually(
              "its alert is delivered",
              () ->
                  backend().ledger().alerts(true).stream()
                      .noneMatch(alert -> alert.subject().equals(subject)));
        });
  }

  private Incident notRenewed() {
    save(Limit.named("calls").requests(1_000).lifetime());
    start();
    return new Incident(
        "holds of calls under way could not be renewed",
        () -> {
          call = accounting.begin(REQUEST.holdFor(Duration.ofSeconds(60)));
          store().refuseHolds(Set.of(call.id()));
          clock.advance(Duration.ofSeconds(40));
        },
        () -> {
          store().refuseHolds(Set.of());
          eventually("it is renewed", () -> isRenewed(call.id()));
          call.succeeded(SOME);
        });
  }

  private boolean isRenewed(UUID id) {
    return accounting.admin().openHolds().stream()
        .filter(hold -> hold.id().equals(id))
        .anyMatch(hold -> hold.expiresAt().isAfter(hold.admittedAt().plusSeconds(61)));
  }

  private Incident notPriced() {
    AtomicBoolean fails = new AtomicBoolean();
    start(
        settings ->
            settings.pricing(
                call -> {
                  if (fails.get()) {
                    throw new IllegalStateException("no prices");
                  }
                  return Optional.empty();
                }));
    return new Incident(
        "the cost of a call could not be computed",
        () -> {
          expireWhere(() -> fails.set(true));
          fails.set(false);
        },
        () -> expireWhere(() -> fails.set(false)));
  }

  private Incident notExpired() {
    start();
    return new Incident(
        "calls whose hold has expired could not be booked",
        () -> {
          hold();
          clock.advance(Duration.ofSeconds(62));
          store().refuse(usage -> usage.outcome() == Outcome.UNFINISHED);
          accounting.tail();
        },
        () -> {
          store().refuse(usage -> false);
          accounting.tail();
        });
  }

  // an accounting reads it once
  private Incident notLearned() {
    Meters meters = new Meters(clock);
    Failures failures = new Failures(ErrorPolicy.CONTINUE, handled::add, meters, clock);
    Chores chores = new Chores(failures, "chores");
    closing(() -> chores.close(Duration.ofSeconds(10)));
    PastCalls past = new PastCalls(store().usage(), chores);
    return new Incident(
        "what calls used before could not be read",
        () -> {
          store().breakDown();
          past.accept(new TokenEstimates(nobody -> {}));
        },
        () -> {
          store().recover();
          past.accept(new TokenEstimates(nobody -> {}));
          AtomicBoolean later = new AtomicBoolean();
          chores.every(
              1,
              Consequence.THREAD_BROKE_OFF,
              () -> CompletableFuture.completedFuture(later.getAndSet(true)));
          eventually("it was read", later::get);
        });
  }

  private Incident usesNotWritten() {
    Failures failures = new Failures(ErrorPolicy.CONTINUE, handled::add, new Meters(clock), clock);
    Chores chores = new Chores(failures, "chores");
    closing(() -> chores.close(Duration.ofSeconds(10)));
    Breaker breaker =
        new Breaker(clock, Ticker.SYSTEM, new Random(), Duration.ofSeconds(1), state -> {});
    UUID id = another().access().issue(AccessTerms.named("ci")).key().id();
    LastUses uses = new LastUses(store().accessKeys(), breaker, chores, 1);
    return new Incident(
        "when keys were last used could not be written",
        () -> {
          store().breakDown();
          clock.advance(Duration.ofSeconds(1));
          uses.note(id, clock.instant());
        },
        () -> {
          store().recover();
          breaker.answered();
          eventually(
              "it is written",
              () ->
                  clock.instant().equals(store().accessKeys().find(id).orElseThrow().lastUsedAt()));
        });
  }

  private Incident spoolNotSeen() {
    startSpooling();
    return new Incident(
        "the spool cannot tell how full it is",
        () -> {
          spool().breakDown();
          accounting.health();
        },
        () -> {
          spool().recover();
          accounting.health();
        });
  }

  private UUID hold() {
    return accounting
        .quotas()
        .reserve(REQUEST.inputTokens(1).maxOutputTokens(1).holdFor(Duration.ofSeconds(60)))
        .hold()
        .orElseThrow()
        .id();
  }

  private void expireWhere(Runnable change) {
    UUID held = hold();
    change.run();
    clock.advance(Duration.ofSeconds(62));
    accounting.tail();
    assertThat(backend().usage().find(held)).isPresent();
  }

  private Incident denialsWait() {
    save(Limit.named("none").requests(0).lifetime());
    start(settings -> settings.rememberDenials(Duration.ofMillis(5)));
    return new Incident(
        "denials could not be counted",
        () -> {
          for (int i = 0; i < 1_000; i++) {
            accounting.quotas().reserve(REQUEST);
          }
          store().breakDown();
          accounting.quotas().hold(accounting.newId()).release();
        },
        () -> {
          store().recover();
          long denied = accounting.health().counts().denied();
          eventually("all are counted", () -> countedDenials() == denied);
        });
  }

  private long countedDenials() {
    return backend().ledger().denials(TimeRange.always()).stream()
        .mapToLong(DenialCount::count)
        .sum();
  }

  // nothing has to work between: each time is news
  private Incident threadBrokeOff() {
    Failures failures = new Failures(ErrorPolicy.CONTINUE, handled::add, new Meters(clock), clock);
    return new Incident(
        "a thread of the accounting broke off",
        () -> failures.brokeOff(new IllegalStateException("as the test asked")),
        () -> {});
  }
}
