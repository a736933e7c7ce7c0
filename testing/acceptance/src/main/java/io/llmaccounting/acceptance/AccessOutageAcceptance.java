package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While the store is away, known keys stay good until they expire, and nobody else is refused. */
@Tag("engine")
@Timeout(60)
public class AccessOutageAcceptance extends OutageTest {
  private static final String WRONG = "sk-acc-" + "A".repeat(43);

  private void isUnavailable(LlmAccounting accounting, String secret) {
    assertThatThrownBy(() -> accounting.access().resolve(secret))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE));
    assertThat(accounting.access().resolveAsync(secret).toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class);
  }

  @Test
  final void knownKeysStayGoodUntilTheyExpireAndUnknownOnesAreNotRefused() {
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      AccessTerms terms = AccessTerms.named("ci");
      IssuedKey known =
          accounting.access().issue(terms.withExpiry(clock.instant().plusSeconds(60)));
      IssuedKey unused = accounting.access().issue(terms);
      accounting.access().resolve(known.secret());
      accounting.access().resolve(WRONG);
      breakDown(accounting);
      clock.advance(Duration.ofSeconds(5));

      assertThat(accounting.access().resolve(known.secret()))
          .isEqualTo(new Resolution.Valid(known.key()));
      assertThat(accounting.access().resolveAsync(known.secret()).toCompletableFuture().isDone())
          .isTrue();
      isUnavailable(accounting, unused.secret());
      isUnavailable(accounting, WRONG);
      clock.advance(Duration.ofSeconds(60));
      assertThat(accounting.access().resolve(known.secret()))
          .isEqualTo(new Resolution.Expired(known.key()));

      recover(accounting);
      assertThat(accounting.access().resolve(unused.secret()))
          .isEqualTo(new Resolution.Valid(unused.key()));
      assertThat(accounting.access().resolve(WRONG)).isEqualTo(new Resolution.Unknown());
    }
  }

  @Test
  final void anAbsenceThatNobodyHasNoticedYetRefusesNobodyEither() {
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      IssuedKey known = accounting.access().issue(AccessTerms.named("ci"));
      accounting.access().resolve(known.secret());
      accounting.access().resolve(WRONG);
      store().breakDown();
      clock.advance(Duration.ofSeconds(5));

      assertThat(accounting.access().resolve(known.secret()))
          .isEqualTo(new Resolution.Valid(known.key()));
      isUnavailable(accounting, WRONG);
      store().recover();
    }
  }

  @Test
  final void whatWasRevokedHereStaysRevokedWhileTheStoreIsAway() {
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      IssuedKey known = accounting.access().issue(AccessTerms.named("ci"));
      accounting.access().resolve(known.secret());
      accounting.access().revoke(known.key().id());
      breakDown(accounting);

      assertThat(accounting.access().resolve(known.secret()))
          .isInstanceOf(Resolution.Revoked.class);
    }
  }

  @Test
  final void aStoreThatHangsKeepsAKnownKeyWaitingNoLongerThanTheTimeout() {
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      IssuedKey known = accounting.access().issue(AccessTerms.named("ci"));
      accounting.access().resolve(known.secret());
      store().hang();
      clock.advance(Duration.ofSeconds(5));

      assertThat(accounting.access().resolveAsync(known.secret()).toCompletableFuture())
          .succeedsWithin(20, TimeUnit.SECONDS)
          .isEqualTo(new Resolution.Valid(known.key()));
      store().recover();
    }
  }
}
