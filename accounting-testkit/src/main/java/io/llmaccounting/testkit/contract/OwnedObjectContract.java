package io.llmaccounting.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever owns an object first keeps it until it has expired, and every instance knows that. */
public abstract class OwnedObjectContract extends BackendContract {
  private static final Instant NOW = ManualClock.START;
  private static final Instant LATER = NOW.plusSeconds(60).plusNanos(1_000);

  @Test
  final void everyInstanceFindsWhatIsKept() {
    OwnedObject odd =
        new OwnedObject("x".repeat(64), "project:O'Brien \u00e4\ud83d\ude80", "c %_\\", LATER);

    store().keep(List.of(odd, one("a", "ann", LATER)), NOW);

    assertThat(store(another()).find(List.of("x".repeat(64), "a", "b", "a")))
        .containsExactlyInAnyOrder(odd, one("a", "ann", LATER));
    assertThat(store(reopen()).find(List.of("a"))).containsExactly(one("a", "ann", LATER));
    assertThat(store().find(List.of())).isEmpty();
  }

  @Test
  final void theFirstOwnerKeepsIt() {
    store().keep(List.of(one("a", "ann", LATER)), NOW);
    store(another()).keep(List.of(one("a", "bob", LATER.plusSeconds(9))), NOW);

    assertThat(store().find(List.of("a"))).containsExactly(one("a", "ann", LATER));
  }

  @Test
  final void whatHasExpiredMayHaveAnotherOwner() {
    store().keep(List.of(one("a", "ann", LATER)), NOW);
    OwnedObject next = one("a", "bob", LATER.plusSeconds(9));

    store().keep(List.of(next), LATER.minusNanos(1_000));
    assertThat(store().find(List.of("a"))).containsExactly(one("a", "ann", LATER));
    store().keep(List.of(next), LATER);
    assertThat(store().find(List.of("a"))).containsExactly(next);
  }

  @Test
  final void anOwnerMovesTheExpiryFurtherAwayOnly() {
    store().keep(List.of(one("a", "ann", LATER)), NOW);
    store().keep(List.of(one("a", "ann", NOW)), NOW);
    assertThat(store().find(List.of("a"))).containsExactly(one("a", "ann", LATER));

    Instant last = LATER.plus(Duration.ofDays(400));
    store().keep(List.of(one("a", "ann", last)), NOW);
    assertThat(store().find(List.of("a"))).containsExactly(one("a", "ann", last));
  }

  @Test
  final void onlyWhatHasExpiredIsRemovedAndSoManyAtOnce() {
    store()
        .keep(
            List.of(one("a", "ann", NOW), one("b", "ann", NOW), one("c", "ann", LATER)),
            NOW.minusSeconds(1));

    assertThat(store().removeExpired(NOW.minusNanos(1_000), 10)).isZero();
    assertThat(store().removeExpired(NOW, 1)).isEqualTo(1);
    assertThat(store().removeExpired(NOW, 10)).isEqualTo(1);
    assertThat(store().find(List.of("a", "b", "c"))).containsExactly(one("c", "ann", LATER));
  }

  @Test
  final void whatIsRemovedIsNobodys() {
    store().keep(List.of(one("a", "ann", LATER), one("b", "ann", LATER)), NOW);

    store().remove(List.of("a", "z"));
    store().keep(List.of(one("a", "bob", LATER)), NOW);

    assertThat(store().find(List.of("a", "b")))
        .containsExactlyInAnyOrder(one("a", "bob", LATER), one("b", "ann", LATER));
  }

  private OwnedObjectStore store() {
    return store(backend());
  }

  private static OwnedObjectStore store(UsageBackend backend) {
    return ((AccessBackend) backend).ownedObjects();
  }

  private static OwnedObject one(String handle, String owner, Instant expiry) {
    return new OwnedObject(handle, owner, "credential", expiry);
  }
}
