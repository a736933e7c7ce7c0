package io.llmaccounting.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessKeyTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00.123456Z");
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final AccessTerms CI = AccessTerms.named("ci");

  private static AccessKey key(AccessTerms terms) {
    return new AccessKey(new UUID(1, 2), terms, DIGEST, null, "sk-acc-Ab3d…9xYz", NOW, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-5, gpt-5, true",
    "gpt-5, gpt-5-mini, false",
    "gpt-5*, gpt-5, true",
    "gpt-5*, gpt-5-mini, true",
    "gpt-5*, GPT-5, false",
    "*, anything, true",
    "*-mini, gpt-5-mini, true",
    "*-mini, gpt-5-mini-x, false",
    "a*b*c, abc, true",
    "a*b*c, a-bb-cc, true",
    "a*b*c, acb, false",
    "a**c, abc, true",
    "org/*:free, org/model:free, true",
    "gpt.5, gpt-5, false"
  })
  void aStarStandsForAnyCharacters(String pattern, String model, boolean allowed) {
    assertThat(key(CI.withModels("other", pattern)).allowsModel(model)).isEqualTo(allowed);
  }

  @Test
  void aPatternOfManyStarsIsMatchedWithoutTryingEveryWay() {
    AccessKey key = key(CI.withModels("*a".repeat(120)));

    assertThat(key.allowsModel("a".repeat(119))).isFalse();
    assertThat(key.allowsModel("b".repeat(10_000) + "a".repeat(120))).isTrue();
  }

  @Test
  void whatIsNotNamedIsAllowed() {
    assertThat(key(CI).allowsModel("m")).isTrue();
    assertThat(key(CI).allowsProvider("p")).isTrue();
    assertThat(key(CI.withProviders("openai")).allowsProvider("openai")).isTrue();
    assertThat(key(CI.withProviders("openai")).allowsProvider("open*")).isFalse();
    assertThat(key(CI).has(AccessRole.CALL)).isTrue();
    assertThat(key(CI.withRoles(AccessRole.READ)).has(AccessRole.CALL)).isFalse();
  }

  @Test
  void isValidUntilItExpiresOrIsRevoked() {
    AccessKey expiring = key(CI.withExpiry(NOW.plusSeconds(1)));

    assertThat(expiring.isValidAt(NOW)).isTrue();
    assertThat(expiring.isValidAt(NOW.plusSeconds(1))).isFalse();
    assertThat(key(CI).isValidAt(NOW.plusSeconds(1_000_000))).isTrue();
    assertThat(key(CI).revoked(NOW.plusSeconds(9)).isValidAt(NOW)).isFalse();
    assertThat(key(CI).revoked(NOW).revoked(NOW.plusSeconds(9)).revokedAt()).isEqualTo(NOW);
  }

  @Test
  void aFormerSecretOpensItForAWhile() {
    String next = "f".repeat(64);
    AccessKey rotated =
        key(CI).rotated(next, "hint", new FormerDigest(DIGEST, NOW.plusSeconds(60)));

    assertThat(rotated.isOpenedBy(next, NOW.plusSeconds(60))).isTrue();
    assertThat(rotated.isOpenedBy(DIGEST, NOW.plusSeconds(59))).isTrue();
    assertThat(rotated.isOpenedBy(DIGEST, NOW.plusSeconds(60))).isFalse();
    assertThat(rotated.isOpenedBy("e".repeat(64), NOW)).isFalse();
  }

  @Test
  void isTheSameWheneverItWasUsed() {
    assertThat(key(CI).isSameAs(key(CI).usedAt(NOW))).isTrue();
    assertThat(key(CI).isSameAs(key(CI.withName("other")))).isFalse();
    assertThat(key(CI.withProject("shop").withUser(" ")).attribution().project()).isEqualTo("shop");
    assertThat(key(CI.withUser(" ")).user()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "sk-acc-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void aDigestIsADigestAndIsNotShownWhereItIsNot(String digest) {
    assertThatThrownBy(() -> key(CI).rotated(digest, "hint", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("digest must be 64 lower-case hexadecimal digits")
        .hasMessageNotContaining("AAAA");
    assertThatThrownBy(() -> key(CI).rotated(DIGEST.toUpperCase(java.util.Locale.ROOT), "h", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> key(CI).rotated(DIGEST, "h", new FormerDigest(DIGEST, NOW)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAndNumbersAreBounded() {
    Map<String, String> tags = tags(AccessTerms.MAX_TAGS);
    assertThat(CI.withTags(tags).tags()).hasSize(15);
    assertThat(AccessTerms.named("ä".repeat(127)).name()).hasSize(127);
    String[] many = IntStream.range(0, 101).mapToObj(i -> "m" + i).toArray(String[]::new);

    for (Runnable wrong :
        java.util.List.<Runnable>of(
            () -> CI.withTags(tags(16)),
            () -> CI.withModels(many),
            () -> CI.withProviders(many),
            () -> CI.withName("ä".repeat(128)),
            () -> CI.withName("nul\0"),
            () -> CI.withName(" "),
            () -> CI.withModels(""),
            () -> new AccessTerms("n", null, null, Map.of(), Set.of(), Set.of(), Set.of(), null),
            () -> AccessKeyQuery.first(0),
            () -> AccessKeyQuery.first(1_001))) {
      assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Map<String, String> tags(int count) {
    return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "t" + i, i -> "v"));
  }

  @Test
  void secretsAndSealedBytesAreNotShown() {
    IssuedKey issued = new IssuedKey(key(CI), "sk-acc-canary");
    byte[] bytes = "canary".getBytes(StandardCharsets.US_ASCII);
    SealedBytes sealed = SealedBytes.of(bytes);
    ProviderCredential credential =
        new ProviderCredential(new UUID(1, 2), null, "openai", "main", sealed, "k1", NOW);
    bytes[0] = 0;

    assertThat(issued.toString()).doesNotContain("canary");
    assertThat(credential.toString()).doesNotContain("canary").contains("6 sealed bytes");
    assertThat(sealed.toBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("canary");
    assertThat(sealed)
        .isEqualTo(SealedBytes.of(sealed.toBytes()))
        .hasSameHashCodeAs(SealedBytes.of(sealed.toBytes()));
    assertThatThrownBy(() -> SealedBytes.of(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SealedBytes.of(new byte[SealedBytes.MAX_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
