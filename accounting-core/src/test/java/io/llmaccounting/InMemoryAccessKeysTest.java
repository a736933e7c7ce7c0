package io.llmaccounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryAccessKeysTest {
  private static final AccessTerms CI = AccessTerms.named("ci").withProject("shop");

  private final ManualClock clock = ManualClock.create();
  private final InMemoryBackend backend = InMemoryBackend.create(clock);
  private final LlmAccounting accounting = LlmAccounting.builder(backend).clock(clock).build();
  private final AccessKeys keys = accounting.access();

  @AfterEach
  void close() {
    backend.recover();
    accounting.close();
  }

  @Test
  void resolvesTheSecretThatWasShownOnce() {
    IssuedKey issued = keys.issue(CI);

    assertThat(issued.secret()).matches("sk-acc-[A-Za-z0-9_-]{43}");
    assertThat(issued.toString()).doesNotContain(issued.secret());
    assertThat(keys.resolve(issued.secret())).isEqualTo(new Resolution.Valid(issued.key()));
    assertThat(keys.resolve(issued.secret() + "x")).isEqualTo(new Resolution.Unknown());
    assertThat(keys.resolve("sk-acc-" + "A".repeat(43))).isEqualTo(new Resolution.Unknown());
    assertThat(keys.list(AccessKeyQuery.first(10).ofProject("shop"))).containsExactly(issued.key());
  }

  @Test
  void answersAtOnceForKeysThatAreKnown() {
    IssuedKey issued = keys.issue(CI);
    assertThat(keys.resolveAsync(issued.secret()).toCompletableFuture())
        .succeedsWithin(10, TimeUnit.SECONDS)
        .isEqualTo(new Resolution.Valid(issued.key()));

    assertThat(keys.resolveAsync(issued.secret()).toCompletableFuture()).isDone();
    assertThat(keys.resolveAsync("sk-acc-short").toCompletableFuture())
        .isCompletedWithValue(new Resolution.Unknown());
  }

  @Test
  void refusesRevokedAndExpiredKeysAtOnce() {
    IssuedKey revoked = keys.issue(CI);
    IssuedKey expiring = keys.issue(CI.withExpiry(clock.instant().plusSeconds(60)));
    keys.resolve(revoked.secret());
    keys.resolve(expiring.secret());

    assertThat(keys.revoke(revoked.key().id())).isTrue();
    assertThat(keys.revoke(revoked.key().id())).isFalse();
    clock.advance(Duration.ofSeconds(60));

    assertThat(keys.resolve(revoked.secret())).isInstanceOf(Resolution.Revoked.class);
    assertThat(keys.resolve(expiring.secret())).isInstanceOf(Resolution.Expired.class);
    assertThat(keys.revokeAll("shop")).isEqualTo(1);
    assertThat(keys.revokeAll("shop")).isZero();
  }

  @Test
  void aSecretThatWasRotatedIsGoodForItsGrace() {
    IssuedKey first = keys.issue(CI);

    IssuedKey second = keys.rotate(first.key().id(), Duration.ofHours(1));

    assertThat(second.key().id()).isEqualTo(first.key().id());
    assertThat(keys.resolve(first.secret())).isEqualTo(new Resolution.Valid(second.key()));
    assertThat(keys.resolve(second.secret())).isEqualTo(new Resolution.Valid(second.key()));
    clock.advance(Duration.ofHours(1));
    assertThat(keys.resolve(first.secret())).isEqualTo(new Resolution.Expired(second.key()));
    assertThat(keys.resolve(second.secret())).isEqualTo(new Resolution.Valid(second.key()));
  }

  @Test
  void knownKeysCountWhileTheStoreIsAwayAndUnknownOnesFail() {
    IssuedKey known = keys.issue(CI.withExpiry(clock.instant().plusSeconds(60)));
    IssuedKey neverUsed = keys.issue(CI);
    String wrong = "sk-acc-" + "A".repeat(43);
    keys.resolve(known.secret());
    keys.resolve(wrong);
    backend.breakDown();
    clock.advance(Duration.ofSeconds(5));

    assertThat(keys.resolve(known.secret())).isEqualTo(new Resolution.Valid(known.key()));
    assertThatThrownBy(() -> keys.resolve(neverUsed.secret())).isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> keys.resolve(wrong))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE));
    assertThat(keys.resolveAsync(wrong).toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class);
    clock.advance(Duration.ofSeconds(60));
    assertThat(keys.resolve(known.secret())).isEqualTo(new Resolution.Expired(known.key()));
  }

  @Test
  void lastUsesAreWrittenAtTheClose() {
    IssuedKey issued = keys.issue(CI);
    clock.advance(Duration.ofHours(1));
    keys.resolve(issued.secret());

    accounting.close();

    AccessKey stored =
        InMemoryBackend.open(backend.storage(), clock)
            .accessKeys()
            .find(issued.key().id())
            .orElseThrow();
    assertThat(stored.lastUsedAt()).isEqualTo(clock.instant());
  }
}
