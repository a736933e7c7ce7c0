package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.AccessKeys;
import io.llmaccounting.Credentials;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.access.UnknownKeyException;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.retention.ErasureKind;
import io.llmaccounting.retention.ErasureReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys are issued, recognised, changed and revoked, here and in other processes. */
public class AccessKeysAcceptance extends AcceptanceTest {
  private static final AccessTerms CI = AccessTerms.named("ci").withProject("shop");
  private static final String WRONG = "sk-acc-" + "A".repeat(43);

  private AccessKeys keys() {
    return accounting().access();
  }

  /** What another process would change by: nobody here hears of it. */
  private AccessKeyStore elsewhere() {
    return ((AccessBackend) backend()).accessKeys();
  }

  private static Resolution valid(IssuedKey issued) {
    return new Resolution.Valid(issued.key());
  }

  @Test
  final void theSecretThatWasShownOnceIsRecognised() {
    IssuedKey issued = keys().issue(CI);

    assertThat(issued.secret()).matches("sk-acc-[A-Za-z0-9_-]{43}");
    assertThat(issued.toString()).doesNotContain(issued.secret());
    assertThat(issued.key().hint())
        .isEqualTo(issued.secret().substring(0, 11) + "…" + issued.secret().substring(46));
    assertThat(keys().resolve(issued.secret())).isEqualTo(valid(issued));
    assertThat(keys().list(AccessKeyQuery.first(10).ofProject("shop")))
        .containsExactly(issued.key());
    assertThat(keys().find(issued.key().id())).contains(issued.key());
  }

  @Test
  final void whatIsNoSecretOrNobodysIsUnknown() {
    IssuedKey issued = keys().issue(CI);
    String secret = issued.secret();

    for (String other :
        List.of(
            WRONG,
            "",
            secret + "x",
            " " + secret,
            secret.substring(0, 49),
            issued.key().digest(),
            "Bearer " + secret,
            "sk-acc-" + "ä".repeat(43),
            "' OR digest LIKE '%")) {
      assertThat(keys().resolve(other)).isEqualTo(new Resolution.Unknown());
      assertThat(keys().resolveAsync(other).toCompletableFuture().join())
          .isEqualTo(new Resolution.Unknown());
    }
  }

  @Test
  final void whatIsKnownIsSaidAtOnce() {
    IssuedKey issued = keys().issue(CI);
    assertThat(keys().resolveAsync(issued.secret()).toCompletableFuture())
        .succeedsWithin(20, TimeUnit.SECONDS)
        .isEqualTo(valid(issued));

    assertThat(keys().resolveAsync(issued.secret()).toCompletableFuture().isDone()).isTrue();
    assertThat(keys().resolveAsync("no secret").toCompletableFuture().isDone()).isTrue();
  }

  @Test
  final void revokedAndExpiredKeysAreRefusedAtOnceInThisProcess() {
    IssuedKey revoked = keys().issue(CI);
    IssuedKey expiring = keys().issue(CI.withExpiry(clock.instant().plusSeconds(60)));
    AccessKeys others = another().access();
    assertThat(keys().resolve(revoked.secret()).valid()).isPresent();
    assertThat(keys().resolve(expiring.secret()).valid()).isPresent();

    assertThat(others.revoke(revoked.key().id())).isTrue();
    assertThat(keys().revoke(revoked.key().id())).isFalse();
    assertThat(keys().resolve(revoked.secret())).isInstanceOf(Resolution.Revoked.class);
    clock.advance(Duration.ofSeconds(60));
    assertThat(keys().resolve(expiring.secret())).isInstanceOf(Resolution.Expired.class);
  }

  @Test
  final void whatAnotherProcessChangesIsSeenWithinTheStaleness() {
    IssuedKey issued = keys().issue(CI);
    AccessKey key = issued.key();
    assertThat(keys().resolve(issued.secret()).valid()).isPresent();
    assertThat(keys().resolve(WRONG)).isEqualTo(new Resolution.Unknown());

    assertThat(elsewhere().replace(key, key.revoked(clock.instant()))).isTrue();
    assertThat(keys().resolve(issued.secret()).valid()).isPresent();
    clock.advance(Duration.ofSeconds(1).plusNanos(1_000));

    assertThat(keys().resolve(issued.secret())).isInstanceOf(Resolution.Revoked.class);
    assertThat(keys().resolveAsync(issued.secret()).toCompletableFuture().join())
        .isInstanceOf(Resolution.Revoked.class);
  }

  @Test
  final void aKeyIssuedAfterItsSecretWasRefusedIsSeen() {
    IssuedKey issued = another().access().issue(CI);
    assertThat(keys().resolve(issued.secret())).isEqualTo(valid(issued));
    assertThat(keys().resolve(WRONG)).isEqualTo(new Resolution.Unknown());
    IssuedKey next = keys().issue(CI);

    assertThat(keys().resolve(next.secret())).isEqualTo(valid(next));
    assertThat(keys().resolve(WRONG)).isEqualTo(new Resolution.Unknown());
  }

  @Test
  final void allKeysOfAProjectAreRevokedAndNoOthers() {
    List<IssuedKey> shops =
        IntStream.range(0, 7).mapToObj(i -> keys().issue(CI.withName("k" + i % 3))).toList();
    IssuedKey other = keys().issue(AccessTerms.named("k0").withProject("search"));
    IssuedKey nobodys = keys().issue(AccessTerms.named("k0"));
    keys().revoke(shops.get(3).key().id());

    assertThat(keys().revokeAll("shop")).isEqualTo(6);

    assertThat(keys().revokeAll("shop")).isZero();
    assertThat(shops)
        .allSatisfy(
            one -> assertThat(keys().resolve(one.secret())).isInstanceOf(Resolution.Revoked.class));
    assertThat(keys().resolve(other.secret())).isEqualTo(valid(other));
    assertThat(keys().resolve(nobodys.secret())).isEqualTo(valid(nobodys));
  }

  @Test
  final void aSecretThatWasRotatedIsGoodForItsGraceAndNoLonger() {
    IssuedKey first = keys().issue(CI);
    assertThat(keys().resolve(first.secret()).valid()).isPresent();

    IssuedKey second = keys().rotate(first.key().id(), Duration.ofHours(1));

    assertThat(second.key().id()).isEqualTo(first.key().id());
    assertThat(second.key().terms()).isEqualTo(CI);
    assertThat(keys().resolve(first.secret())).isEqualTo(valid(second));
    assertThat(keys().resolve(second.secret())).isEqualTo(valid(second));
    clock.advance(Duration.ofHours(1));
    assertThat(keys().resolve(first.secret())).isEqualTo(new Resolution.Expired(second.key()));
    assertThat(keys().resolve(second.secret())).isEqualTo(valid(second));

    IssuedKey third = keys().rotate(first.key().id());
    assertThat(keys().resolve(second.secret()).valid()).isEmpty();
    assertThat(keys().resolve(first.secret()).valid()).isEmpty();
    assertThat(keys().resolve(third.secret())).isEqualTo(valid(third));
  }

  @Test
  final void aRevokedKeyGetsNoOtherSecretAndAnUnknownOneNothing() {
    UUID revoked = keys().issue(CI).key().id();
    keys().revoke(revoked);
    UUID unknown = UUID.randomUUID();

    assertThatThrownBy(() -> keys().rotate(revoked))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("issue another one");
    assertThatThrownBy(() -> keys().rotate(revoked, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    for (Runnable act :
        List.<Runnable>of(
            () -> keys().revoke(unknown),
            () -> keys().rotate(unknown),
            () -> keys().change(unknown, terms -> terms))) {
      assertThatThrownBy(act::run)
          .isInstanceOf(UnknownKeyException.class)
          .hasMessageContaining(unknown.toString());
    }
  }

  @Test
  final void noneOfManyChangesAtOnceIsLost() {
    UUID id = keys().issue(CI).key().id();
    List<AccessKeys> all = List.of(keys(), another().access());

    CompletableFuture<?>[] changes =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> all.get(i % 2).change(id, terms -> tagged(terms, "t" + i))))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(changes).join();

    assertThat(keys().find(id).orElseThrow().terms().tags()).hasSize(8);
  }

  private static AccessTerms tagged(AccessTerms terms, String tag) {
    return terms.withTags(terms.attribution().withTag(tag, "1").tags());
  }

  @Test
  final void namesMustBeKnownWhereTheyAreEnforced() {
    AccessKeys strict = another(settings -> settings.enforceNames()).access();

    assertThatThrownBy(() -> strict.issue(CI)).isInstanceOf(UnknownNameException.class);
    accounting().directory().addProject("shop");
    UUID id = strict.issue(CI).key().id();
    assertThatThrownBy(() -> strict.change(id, terms -> terms.withUser("bob")))
        .isInstanceOf(UnknownNameException.class);
    assertThat(strict.list(AccessKeyQuery.first(10))).hasSize(1);
  }

  @Test
  final void lastUsesAreWrittenAtTheClose() {
    LlmAccounting using = another();
    IssuedKey issued = keys().issue(CI);
    using.access().resolve(issued.secret());
    clock.advance(Duration.ofHours(1));
    using.access().resolve(issued.secret());

    using.close();

    AccessKey stored = keys().find(issued.key().id()).orElseThrow();
    assertThat(stored.lastUsedAt()).isEqualTo(clock.instant());
    assertThat(stored.isSameAs(issued.key())).isTrue();
  }

  @Test
  final void everyActLeavesAnEntryAndNoneASecret() {
    AccessKeys byAnn = keys().by("ann");
    IssuedKey issued = byAnn.issue(CI.withUser("alice"));
    UUID id = issued.key().id();
    byAnn.change(id, terms -> terms.withRoles(AccessRole.READ));
    byAnn.change(id, terms -> terms);
    IssuedKey rotated = byAnn.rotate(id, Duration.ofHours(1));
    byAnn.revokeAll("shop");
    Credentials credentials = accounting().credentials().by("ann");
    ProviderCredential credential = credential("canary-of-a-provider");
    assertThat(credentials.add(credential)).isTrue();
    SealedBytes again = SealedBytes.of(new byte[] {1});
    assertThat(credentials.reseal(credential, again, "key 2")).isTrue();
    assertThat(credentials.reseal(credential, again, "key 2")).isFalse();
    assertThat(credentials.remove(credential.id())).isTrue();
    assertThat(credentials.remove(credential.id())).isFalse();

    List<AuditEntry> acts = new ArrayList<>(accounting().audit().find(AuditQuery.latest(100)));
    assertThat(acts)
        .extracting(AuditEntry::outcome)
        .containsExactlyInAnyOrder(
            "key issued",
            "key changed",
            "key rotated",
            "key revoked",
            "credential added",
            "credential changed",
            "credential removed");
    assertThat(acts).allMatch(act -> "ann".equals(act.actor()));
    assertThat(acts.toString())
        .contains("roles=READ", id.toString())
        .doesNotContain(issued.secret(), rotated.secret(), "canary-of-a-provider");
  }

  private ProviderCredential credential(String text) {
    return new ProviderCredential(
        accounting().credentials().newId(),
        "shop",
        "openai",
        "main",
        SealedBytes.of(text.getBytes(StandardCharsets.UTF_8)),
        "key 1",
        clock.instant());
  }

  @Test
  final void aProjectMayUseItsOwnCredentialsAndThoseOfAll() {
    ProviderCredential own = credential("own");
    ProviderCredential all =
        new ProviderCredential(
            accounting().credentials().newId(),
            null,
            "openai",
            "spare",
            own.sealed(),
            "key 1",
            clock.instant());
    accounting().credentials().add(own);
    accounting().credentials().add(all);

    assertThat(accounting().credentials().usable("shop", "openai")).containsExactly(own, all);
    assertThat(accounting().credentials().usable("search", "openai")).containsExactly(all);
    assertThat(accounting().credentials().usable(null, "openai")).containsExactly(all);
    assertThat(accounting().credentials().usable("shop", "mistral")).isEmpty();
    assertThat(accounting().credentials().list()).containsExactly(own, all);
  }

  @Test
  final void keysOfAnErasedPersonAreRevokedAndHoldThePseudonym() {
    IssuedKey alices = keys().issue(CI.withName("alice").withUser("alice"));
    IssuedKey reviewed =
        keys().issue(CI.withName("for alice").withUser("bob").withTags(Map.of("by", "alice")));
    IssuedKey others = keys().issue(CI.withUser("Alice"));
    keys().resolve(alices.secret());

    ErasureReport preview = accounting().admin().erase("alice").preview();
    ErasureReport erased = accounting().admin().erase("alice").run();

    assertThat(preview.changed(ErasureKind.KEYS)).isEqualTo(2);
    assertThat(erased.changed(ErasureKind.KEYS)).isEqualTo(2);
    AccessKey key = keys().find(alices.key().id()).orElseThrow();
    assertThat(key.user()).isEqualTo(erased.pseudonym());
    assertThat(key.name()).isEqualTo(erased.pseudonym());
    assertThat(keys().resolve(alices.secret())).isEqualTo(new Resolution.Revoked(key));
    AccessKey bobs = keys().resolve(reviewed.secret()).valid().orElseThrow();
    assertThat(bobs.terms().tags()).isEqualTo(Map.of("by", erased.pseudonym()));
    assertThat(keys().resolve(others.secret())).isEqualTo(valid(others));
    assertThat(accounting().audit().find(AuditQuery.latest(100)).toString())
        .doesNotContain("=alice,", "=alice}");
    assertThat(accounting().admin().erase("alice").preview().changed(ErasureKind.KEYS)).isZero();
  }
}
