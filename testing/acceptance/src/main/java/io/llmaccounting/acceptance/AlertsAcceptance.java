package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Thresholds that are crossed. */
public class AlertsAcceptance extends AcceptanceTest {
  private final Heard heard = new Heard();

  private static final class Heard implements AccountingListener {
    private final BlockingQueue<Alert> alerts = new LinkedBlockingQueue<>();

    @Override
    public void alerted(Alert alert) {
      alerts.add(alert);
    }

    Alert next() throws InterruptedException {
      Alert alert = alerts.poll(20, TimeUnit.SECONDS);
      assertThat(alert).as("an alert within 20 s").isNotNull();
      return alert;
    }
  }

  private LlmAccounting listened(AccountingListener listener) {
    return another(settings -> settings.listener(listener));
  }

  private List<Integer> firedPercents() {
    return backend().ledger().alerts(false).stream().map(Alert::percent).toList();
  }

  private static Limit daily(long requests) {
    return Limit.named("daily").requests(requests).calendar(1, CalendarUnit.DAY, UTC);
  }

  /** Each threshold is told once for each crossing. */
  @Test
  final void eachThresholdFiresOnce() throws Exception {
    save(daily(10).alertingAt(50, 80, 100));
    LlmAccounting listened = listened(heard);
    for (int i = 0; i < 20; i++) {
      listened.track(aCall().at(clock.instant()).usage());
    }

    Alert half = heard.next();
    assertThat(half.percent()).isEqualTo(50);
    assertThat(half.limit()).isEqualTo("daily");
    assertThat(half.used()).isEqualTo(5);
    assertThat(half.maximum()).isEqualTo(10);
    assertThat(half.firedAt()).isEqualTo(clock.instant());
    assertThat(heard.next().percent()).isEqualTo(80);
    assertThat(heard.next().percent()).isEqualTo(100);
    listened.close();
    assertThat(heard.alerts).isEmpty();
    assertThat(backend().ledger().alerts(true)).isEmpty();
    assertThat(backend().ledger().alerts(false)).hasSize(3);
  }

  /** One call may cross several thresholds; each counter has its own. */
  @Test
  final void eachCounterHasItsOwnThresholds() {
    save(Limit.named("each").eachUser().totalTokens(100).lifetime().alertingAt(50, 80));

    track(aCall().by("ann").tokens(90, 0));
    track(aCall().by("bob").tokens(50, 0));

    assertThat(backend().ledger().alerts(false))
        .extracting(alert -> alert.subject() + " " + alert.percent())
        .containsExactlyInAnyOrder("user=ann 50", "user=ann 80", "user=bob 50");
  }

  /** Two accountings on one storage fire a crossing once between them. */
  @Test
  final void aCrossingFiresOnceAcrossInstances() throws Exception {
    save(daily(100).alertingAt(50));
    List<LlmAccounting> instances = List.of(listened(heard), listened(heard));

    Crowd.run(
        4,
        number -> {
          for (int i = 0; i < 20; i++) {
            instances.get(number % 2).track().model("m").record();
          }
        });

    Alert first = heard.next();
    instances.forEach(LlmAccounting::close);
    assertThat(heard.alerts).allMatch(again -> again.id().equals(first.id()));
    assertThat(firedPercents()).containsExactly(50);
  }

  /** What was not delivered comes again after a restart, under the same id; nothing else does. */
  @Test
  final void whatWasNotDeliveredComesAgainAfterARestart() throws Exception {
    save(daily(2).alertingAt(50));
    List<Alert> refused = new ArrayList<>();
    LlmAccounting deaf =
        listened(
            new AccountingListener() {
              @Override
              public void alerted(Alert alert) {
                refused.add(alert);
                throw new IllegalStateException("mail server is down");
              }
            });
    deaf.track().model("m").record();
    deaf.close();
    assertThat(refused).isNotEmpty();
    assertThat(deaf.containedFailures()).isEqualTo(refused.size());

    LlmAccounting restarted = listened(heard);
    assertThat(heard.next()).isEqualTo(refused.get(0));
    restarted.close();
    listened(heard).close();

    assertThat(heard.alerts).isEmpty();
    assertThat(firedPercents()).containsExactly(50);
  }

  /** What fired while nobody listened is told to the first who does. */
  @Test
  final void whatFiredUnheardIsToldToTheFirstListener() throws Exception {
    save(daily(2).alertingAt(50));
    track(aCall());

    listened(heard);

    assertThat(heard.next().percent()).isEqualTo(50);
  }

  /** A calendar limit re-arms with its next window. */
  @Test
  final void aCalendarLimitRearmsWithItsNextWindow() {
    save(daily(2).alertingAt(50));
    track(2, aCall());
    clock.advance(ofDays(1));
    track(2, aCall());

    assertThat(firedPercents()).containsExactly(50, 50);
  }

  /** A rolling limit re-arms when its length has passed since it fired. */
  @Test
  final void aRollingLimitRearmsOnceItsLengthHasPassed() {
    save(Limit.named("hour").requests(4).rolling(ofHours(1)).alertingAt(50));
    track(2, aCall());
    clock.advance(ofMinutes(59));
    track(aCall());
    assertThat(firedPercents()).containsExactly(50);

    clock.advance(ofMinutes(1));
    track(aCall());

    assertThat(firedPercents()).containsExactly(50, 50);
  }

  /** A raised maximum re-arms only once use has fallen below the threshold. */
  @Test
  final void aRaisedMaximumRearmsOnlyBelowItsThreshold() {
    save(daily(10).alertingAt(50));
    track(8, aCall());
    assertThat(firedPercents()).containsExactly(50);

    save(daily(12).alertingAt(50));
    track(aCall());
    assertThat(firedPercents()).containsExactly(50);
    save(daily(40).alertingAt(50));
    track(10, aCall());
    assertThat(firedPercents()).containsExactly(50);
    track(aCall());
    assertThat(firedPercents()).containsExactly(50, 50);
  }

  /** A lowered maximum fires nothing anew. */
  @Test
  final void aLoweredMaximumFiresNothingAnew() {
    save(daily(10).alertingAt(50));
    track(5, aCall());
    save(daily(4).alertingAt(50));
    track(aCall());

    assertThat(firedPercents()).containsExactly(50);
  }

  /** Counting a limit anew for an exemption's sake fires nothing anew. */
  @Test
  final void anExemptionForOthersFiresNothingAnew() {
    save(daily(10).alertingAt(50));
    track(6, aCall());
    save(Limit.named("bob").user("bob").unlimited(Metric.REQUESTS));
    track(aCall());

    assertThat(firedPercents()).containsExactly(50);
  }

  /** A new limit that finds itself above a threshold says so with the next call. */
  @Test
  final void aNewLimitAboveItsThresholdFiresWithTheNextCall() {
    track(6, aCall());
    save(daily(10).alertingAt(50));
    assertThat(firedPercents()).isEmpty();
    track(aCall());

    assertThat(firedPercents()).containsExactly(50);
  }
}
