package io.llmaccounting.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credentials come back byte by byte, and nobody's change of one is lost. */
public abstract class CredentialContract extends BackendContract {
  @Test
  final void everyByteComesBack() {
    byte[] all = new byte[512];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    ProviderCredential full =
        new ProviderCredential(
            id(1),
            "'; DROP TABLE provider_credential; --",
            "openai ä\ud83d\ude80",
            "O'Brien's",
            SealedBytes.of(all),
            "key %_\\ 1",
            ManualClock.START.plusNanos(123_456_000));
    ProviderCredential largest =
        one(2, null).resealed(SealedBytes.of(new byte[SealedBytes.MAX_BYTES]), "k");

    assertThat(credentials().add(full)).isTrue();
    assertThat(credentials().add(largest)).isTrue();
    assertThat(credentials().add(one(1, null))).isFalse();

    assertThat(credentials().find(id(1))).contains(full);
    assertThat(credentials(reopen()).find(id(2))).contains(largest);
    assertThat(credentials().find(id(3))).isEmpty();
    assertThat(full.toString()).contains("512 sealed bytes");
  }

  @Test
  final void theyAreListedByUpstreamNameAndId() {
    ProviderCredential first = of("anthropic", "z", one(4, null));
    ProviderCredential second = of("openai", "B", one(3, "shop"));
    ProviderCredential third = of("openai", "a", one(1, "search"));
    ProviderCredential fourth = of("openai", "a", one(2, null));
    List.of(fourth, third, second, first).forEach(credentials()::add);

    assertThat(credentials().list(null, null)).containsExactly(first, second, third, fourth);
    assertThat(credentials().list("shop", null)).containsExactly(first, second, fourth);
    assertThat(credentials().list("shop", "openai")).containsExactly(second, fourth);
    assertThat(credentials().list(null, "openai")).containsExactly(second, third, fourth);
    assertThat(credentials().list("nobody's", "openai")).containsExactly(fourth);
  }

  @Test
  final void replacingNeedsTheCredentialAsItIsStored() {
    ProviderCredential before = one(1, null);
    ProviderCredential after = before.resealed(SealedBytes.of(new byte[] {9}), "key 2");
    credentials().add(before);
    credentials().add(one(2, "shop"));

    assertThat(credentials().replace(before, after)).isTrue();
    assertThat(credentials().replace(before, before)).isFalse();
    assertThat(credentials().replace(one(3, null), one(3, null))).isFalse();
    assertThat(credentials().find(id(1))).contains(after);
    assertThat(credentials().find(id(2))).contains(one(2, "shop"));
  }

  @Test
  final void removingIsDoneOnce() {
    credentials().add(one(1, null));

    assertThat(credentials().remove(id(1))).isTrue();
    assertThat(credentials().remove(id(1))).isFalse();
    assertThat(credentials().replace(one(1, null), one(1, null))).isFalse();
    assertThat(credentials().list(null, null)).isEmpty();
  }

  @Test
  final void theRevisionGrowsWithEveryChangeAndIsSeenByOtherInstances() {
    CredentialStore other = credentials(another());
    ProviderCredential before = one(1, null);
    ProviderCredential after = before.resealed(SealedBytes.of(new byte[] {9}), "key 2");
    long revision = other.revision();

    for (Runnable change :
        List.<Runnable>of(
            () -> credentials().add(before),
            () -> credentials().replace(before, after),
            () -> credentials().remove(id(1)))) {
      change.run();
      assertThat(other.revision()).isGreaterThan(revision);
      revision = other.revision();
      change.run();
      assertThat(other.revision()).isEqualTo(revision);
    }
  }

  @Test
  final void oneOfManyWhoReplaceAtOnceSucceeds() {
    ProviderCredential before = one(1, null);
    credentials().add(before);
    List<CredentialStore> stores = List.of(credentials(), credentials(another()));

    List<Boolean> replaced =
        ParallelRun.of(
            8,
            thread ->
                () ->
                    stores
                        .get(thread % 2)
                        .replace(before, before.resealed(before.sealed(), "by " + thread)));

    assertThat(replaced).containsOnlyOnce(true);
    assertThat(credentials().find(id(1)).orElseThrow().sealedBy())
        .isEqualTo("by " + replaced.indexOf(true));
  }

  private CredentialStore credentials() {
    return credentials(backend());
  }

  private static CredentialStore credentials(UsageBackend backend) {
    return ((AccessBackend) backend).credentials();
  }

  private static ProviderCredential one(int number, @Nullable String project) {
    return new ProviderCredential(
        id(number),
        project,
        "openai",
        "credential",
        SealedBytes.of(new byte[] {0, (byte) number, -1}),
        "key 1",
        ManualClock.START);
  }

  private static ProviderCredential of(String upstream, String name, ProviderCredential like) {
    return new ProviderCredential(
        like.id(),
        like.project(),
        upstream,
        name,
        like.sealed(),
        like.sealedBy(),
        like.createdAt());
  }

  private static UUID id(int number) {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + number);
  }
}
