package io.llmaccounting.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.FormerDigest;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Keys are found by id and by digest, listed page by page, and changed by one at a time. */
public abstract class AccessKeyContract extends BackendContract {
  private static final Instant NOW = ManualClock.START;
  private static final List<String> HOSTILE =
      List.of("'; DROP TABLE access_key; --", "%_\\", "a,b=c", "{\"x\":[]}", "ä\ud83d\ude80\uff5e");

  @Test
  final void everyFieldComesBack() {
    AccessTerms terms =
        new AccessTerms(
            "O'Brien \"ä\ud83d\ude80\" %_",
            "shop",
            "alice",
            Map.of("team", "red", "cost centre", "42"),
            Set.of("gpt-5*", "o\"3\\", "a,b", "new\nline"),
            Set.of("openai", "[\"azure\"]"),
            EnumSet.allOf(AccessRole.class),
            NOW.plusNanos(123_456_000));
    AccessKey full =
        new AccessKey(
            id(7),
            terms,
            digest(1),
            new FormerDigest(digest(2), NOW.plusSeconds(60)),
            "sk-acc-Ab3d…9xYz",
            NOW,
            NOW.plusSeconds(1),
            NOW.plusSeconds(2));

    assertThat(keys().add(full)).isTrue();

    assertThat(keys().find(full.id())).contains(full);
    assertThat(access(reopen()).find(digest(1))).contains(full);
    assertThat(keys().find(digest(2))).contains(full);
    assertThat(keys().list(AccessKeyQuery.first(10))).containsExactly(full);
  }

  @Test
  final void whatIsAbsentStaysAbsent() {
    AccessKey bare = key(1, "bare");
    keys().add(bare);

    assertThat(keys().find(bare.id())).contains(bare);
    assertThat(keys().find(digest(99))).isEmpty();
    assertThat(keys().find(id(99))).isEmpty();
  }

  @Test
  final void anIdAndADigestAreTakenOnce() {
    AccessKey first = key(1, "first");
    FormerDigest former = new FormerDigest(digest(7), NOW);
    AccessKey rotated = first.rotated(digest(1), "hint", former);
    keys().add(rotated);

    assertThat(keys().add(withDigest(key(1, "same id"), 3))).isFalse();
    assertThat(keys().add(withDigest(key(2, "same digest"), 1))).isFalse();
    assertThat(keys().add(withDigest(key(2, "digest of before"), 7))).isFalse();
    assertThat(keys().add(key(2, "first"))).isTrue();
    assertThat(keys().replace(key(2, "first"), withDigest(key(2, "first"), 1))).isFalse();
    assertThat(keys().replace(key(2, "first"), withDigest(key(2, "first"), 7))).isFalse();
    assertThat(keys().list(AccessKeyQuery.first(10))).containsExactly(rotated, key(2, "first"));
  }

  @Test
  final void keysAreListedByTheBytesOfTheirNamesAndThenById() {
    List<String> names = List.of("B", "a", "a b", "b", "b", "b", "ä", "\uff5e", "\ud83d\ude80");
    List<AccessKey> inOrder = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      inOrder.add(key(i, names.get(i)));
    }
    List<AccessKey> shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.forEach(keys()::add);

    for (int size = 1; size <= names.size() + 1; size++) {
      assertThat(paged(AccessKeyQuery.first(size))).isEqualTo(inOrder);
    }
  }

  @Test
  final void aPageBeginsAfterAKeyThatIsGone() {
    keys().add(key(2, "b"));
    keys().add(key(4, "d"));

    assertThat(keys().list(AccessKeyQuery.first(5).after(new AccessKeyQuery.Position("b", id(3)))))
        .containsExactly(key(4, "d"));
    assertThat(keys().list(AccessKeyQuery.first(5).after(new AccessKeyQuery.Position("b", id(1)))))
        .containsExactly(key(2, "b"), key(4, "d"));
  }

  @Test
  final void keysOfAProjectAndOfAUserAreListedAlone() {
    List<AccessKey> shops = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      AccessKey key = key(i, i % 2 == 0 ? "even" : "odd");
      AccessTerms terms = key.terms().withProject(i < 6 ? "shop" : null);
      AccessKey mine = key.withTerms(terms.withUser(i % 3 == 0 ? "alice" : "bob"));
      keys().add(mine);
      if (i < 6) {
        shops.add(mine);
      }
    }

    assertThat(paged(AccessKeyQuery.first(2).ofProject("shop")))
        .containsExactlyInAnyOrderElementsOf(shops)
        .isSortedAccordingTo(Comparator.comparing(AccessKey::name).thenComparing(key -> key.id()));
    assertThat(paged(AccessKeyQuery.first(1).ofUser("alice")))
        .extracting(AccessKey::id)
        .containsExactly(id(0), id(6), id(3), id(9));
    assertThat(paged(AccessKeyQuery.first(1).ofProject("shop").ofUser("alice")))
        .extracting(AccessKey::id)
        .containsExactly(id(0), id(3));
    assertThat(keys().list(AccessKeyQuery.first(5).ofProject("Shop"))).isEmpty();
  }

  @Test
  final void hostileNamesAreNamesLikeAnyOther() {
    for (int i = 0; i < HOSTILE.size(); i++) {
      String name = HOSTILE.get(i);
      AccessKey plain = key(i, name);
      AccessKey hostile =
          plain.withTerms(
              plain
                  .terms()
                  .withProject(name)
                  .withUser(name)
                  .withTags(Map.of(name, name))
                  .withModels(name)
                  .withProviders(name));
      keys().add(hostile);

      assertThat(keys().list(AccessKeyQuery.first(5).ofProject(name).ofUser(name)))
          .containsExactly(hostile);
      assertThat(keys().find(hostile.digest())).contains(hostile);
      assertThat(hostile.allowsModel(name)).isTrue();
    }
  }

  @Test
  final void replacingNeedsTheKeyAsItIsStored() {
    AccessKey before = key(1, "before");
    AccessKey revoked = before.revoked(NOW.plusSeconds(5));
    keys().add(before);

    assertThat(keys().replace(before, revoked)).isTrue();
    assertThat(keys().replace(before, before.withTerms(before.terms().withName("lost")))).isFalse();
    assertThat(keys().replace(key(2, "unknown"), key(2, "unknown"))).isFalse();
    assertThat(keys().find(before.id())).contains(revoked);
  }

  @Test
  final void aFormerSecretIsForgottenWithTheNextOne() {
    AccessKey first = key(1, "k");
    AccessKey second =
        first.rotated(digest(2), "two", new FormerDigest(first.digest(), NOW.plusSeconds(60)));
    AccessKey third = second.rotated(digest(3), "three", null);
    keys().add(first);

    keys().replace(first, second);
    assertThat(keys().find(first.digest())).contains(second);
    assertThat(keys().find(digest(2))).contains(second);
    keys().replace(second, third);
    assertThat(keys().find(first.digest())).isEmpty();
    assertThat(keys().find(digest(2))).isEmpty();
    assertThat(keys().find(digest(3))).contains(third);
  }

  @Test
  final void lastUsesOnlyMoveForwardAndMoveNoRevision() {
    AccessKey key = key(1, "k");
    keys().add(key);
    keys().add(key(2, "other"));
    long revision = keys().revision();
    Instant later = NOW.plusSeconds(60);

    keys().used(Map.of(key.id(), later, id(99), later));
    keys().used(Map.of(key.id(), NOW));
    keys().used(Map.of());

    assertThat(keys().find(key.id())).contains(key.usedAt(later));
    assertThat(keys().find(id(2))).contains(key(2, "other"));
    assertThat(keys().revision()).isEqualTo(revision);
    assertThat(keys().replace(key, key.revoked(NOW))).isTrue();
    assertThat(keys().find(key.id())).contains(key.usedAt(later).revoked(NOW));
  }

  @Test
  final void theRevisionGrowsWithEveryChangeAndIsSeenByOtherInstances() {
    AccessKeyStore other = access(another());
    AccessKey key = key(1, "k");
    AccessKey revoked = key.revoked(NOW);
    long before = other.revision();

    keys().add(key);
    long added = other.revision();
    keys().add(key);
    keys().replace(revoked, key);
    assertThat(added).isGreaterThan(before);
    assertThat(other.revision()).isEqualTo(added);
    keys().replace(key, revoked);
    assertThat(other.revision()).isGreaterThan(added);
  }

  @Test
  final void oneOfManyWhoChangeAKeyAtOnceSucceeds() {
    AccessKey key = key(1, "k");
    keys().add(key);
    List<AccessKeyStore> stores = List.of(keys(), access(another()));

    List<Boolean> replaced =
        ParallelRun.of(
            8,
            thread ->
                () ->
                    stores
                        .get(thread % 2)
                        .replace(key, key.withTerms(key.terms().withName("by " + thread))));

    assertThat(replaced).containsOnlyOnce(true);
    assertThat(keys().find(key.id()).orElseThrow().name())
        .isEqualTo("by " + replaced.indexOf(true));
  }

  private List<AccessKey> paged(AccessKeyQuery query) {
    List<AccessKey> all = new ArrayList<>();
    for (List<AccessKey> page = keys().list(query);
        !page.isEmpty();
        page = keys().list(query.after(page.get(page.size() - 1).position()))) {
      assertThat(page).hasSizeLessThanOrEqualTo(query.limit());
      all.addAll(page);
    }
    return all;
  }

  private AccessKeyStore keys() {
    return access(backend());
  }

  private static AccessKeyStore access(UsageBackend backend) {
    return ((AccessBackend) backend).accessKeys();
  }

  private static AccessKey key(int number, String name) {
    return new AccessKey(
        id(number), AccessTerms.named(name), digest(number), null, "hint", NOW, null, null);
  }

  private static AccessKey withDigest(AccessKey key, int number) {
    return key.rotated(digest(number), key.hint(), key.former());
  }

  private static UUID id(int number) {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + number);
  }

  private static String digest(int number) {
    return "%064x".formatted(number + 1);
  }
}
