package io.llmaccounting.cli.reports;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowingTest {
  private final ManualClock clock = ManualClock.create();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
          .clock(clock)
          .build();
  private final List<String> printed = new ArrayList<>();

  @AfterEach
  void close() {
    accounting.close();
  }

  private void track(String model, Duration ago) {
    accounting.track(aCall().on(model).at(clock.instant().minus(ago)).usage());
  }

  /** Follows, doing one step between any two looks, and ends after the last. */
  private List<String> follow(int count, UsageFilter filter, Runnable... steps) {
    List<Runnable> left = new ArrayList<>(List.of(steps));
    new Following(
            accounting,
            clock,
            record -> printed.add(record.usage().model()),
            () -> {
              if (left.isEmpty()) {
                return false;
              }
              left.remove(0).run();
              return true;
            })
        .print(filter, count);
    return printed;
  }

  @Test
  void beginsWithTheLastOldestFirst() {
    track("a", Duration.ofDays(9));
    track("b", Duration.ofDays(8));
    track("c", Duration.ofSeconds(1));

    assertThat(follow(2, UsageFilter.all())).containsExactly("b", "c");
  }

  @Test
  void eachCallIsPrintedOnceWhenItIsRecorded() {
    track("old", Duration.ofMinutes(1));

    follow(
        0,
        UsageFilter.all(),
        () -> {},
        () -> track("now", Duration.ZERO),
        () -> {},
        () -> track("begun long ago", Duration.ofMinutes(50)),
        () -> {
          clock.advance(Duration.ofMinutes(45));
          track("later", Duration.ZERO);
        },
        () -> clock.advance(Duration.ofHours(3)),
        () -> track("much later", Duration.ZERO),
        () -> {});

    assertThat(printed).containsExactly("now", "begun long ago", "later", "much later");
  }

  @Test
  void whatIsRecordedAtTheSameTimeComesInOrder() {
    follow(
        10,
        UsageFilter.all(),
        () -> {
          track("b", Duration.ofSeconds(1));
          track("a", Duration.ofSeconds(2));
        });

    assertThat(printed).containsExactly("a", "b");
  }

  @Test
  void onlyWhatIsMeant() {
    follow(
        0,
        UsageFilter.all().user("alice"),
        () -> accounting.track(aCall().on("hers").by("alice").at(clock.instant()).usage()),
        () -> accounting.track(aCall().on("his").by("bob").at(clock.instant()).usage()));

    assertThat(printed).containsExactly("hers");
  }
}
