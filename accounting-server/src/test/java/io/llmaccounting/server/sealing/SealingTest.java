package io.llmaccounting.server.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.server.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is sealed opens where it belongs, and nowhere else. */
class SealingTest {
  private static final long SEED = 20261130;

  private final Sealing sealing = new Sealing(new SecureRandom());
  private final Random random = new Random(SEED);
  private final SealingKey key = SealingKey.random(new SecureRandom());
  private final SealingKey other = SealingKey.random(new SecureRandom());

  private SealedFor somewhere() {
    return new SealedFor(
        new UUID(random.nextLong(), random.nextLong()),
        random.nextBoolean() ? null : text(),
        text());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(60) : 'a' + random.nextInt(26));
    }
    return text.toString();
  }

  @Test
  void everySecretOpensWhereItBelongs() {
    for (int i = 0; i < 500; i++) {
      Secret secret = Secret.of(text());
      SealedFor place = somewhere();

      SealedBytes sealed = sealing.seal(secret, place, key);

      assertThat(sealing.open(sealed, place, key))
          .as("seed %s, round %s", SEED, i)
          .isEqualTo(secret);
    }
  }

  @Test
  void anyChangedBitIsNoticed() {
    SealedFor place = somewhere();
    byte[] sealed = sealing.seal(Secret.of("sk-secret"), place, key).toBytes();

    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(changed, place, key);
    }
    for (int length = 1; length < sealed.length; length++) {
      assertRefused(Arrays.copyOf(sealed, length), place, key);
    }
  }

  private void assertRefused(byte[] sealed, SealedFor place, SealingKey with) {
    assertThatThrownBy(() -> sealing.open(SealedBytes.of(sealed), place, with))
        .isInstanceOf(SealingException.class)
        .hasMessageContaining("it was changed, or moved")
        .hasMessageNotContaining("secret");
  }

  @Test
  void itOpensNowhereElse() {
    UUID id = new UUID(1, 2);
    byte[] sealed = sealing.seal(Secret.of("x"), new SealedFor(id, "ab", "c"), key).toBytes();

    assertRefused(sealed, new SealedFor(new UUID(1, 3), "ab", "c"), key);
    assertRefused(sealed, new SealedFor(id, "a", "bc"), key);
    assertRefused(sealed, new SealedFor(id, null, "c"), key);
    assertRefused(sealed, new SealedFor(id, "", "c"), key);
    assertRefused(sealed, new SealedFor(id, "ab", "d"), key);
    assertRefused(sealed, new SealedFor(id, "ab", "c"), other);
  }

  @Test
  void theSameSecretIsNeverSealedTheSame() {
    SealedFor place = somewhere();
    Set<SealedBytes> all = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      all.add(sealing.seal(Secret.of("same"), place, key));
    }

    assertThat(all).hasSize(200);
    assertThat(new String(all.iterator().next().toBytes(), StandardCharsets.ISO_8859_1))
        .doesNotContain("same");
  }

  @Test
  void aKeyIsReadInEveryFormOfBase64() {
    String text = key.text();

    assertThat(SealingKey.parse(text)).isEqualTo(key);
    assertThat(SealingKey.parse(text.replace("=", "") + "\n")).isEqualTo(key);
    assertThat(SealingKey.parse(text.replace('+', '-').replace('/', '_'))).isEqualTo(key);
    assertThat(key.id()).hasSize(12).isNotEqualTo(other.id());
    assertThat(key.toString()).doesNotContain(text);
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutBeingShown() {
    assertThatThrownBy(() -> SealingKey.parse("c2hvcnQ="))
        .hasMessage(
            "the sealing key must have 32 bytes, had 5; make one with: openssl rand -base64 32");
    assertThatThrownBy(() -> SealingKey.parse("not*base64")).hasMessageNotContaining("not*base64");
    assertThatThrownBy(() -> SealingKeys.parse(" \n"))
        .hasMessageContaining("there is no sealing key");
  }

  @Test
  void formerKeysAreReadBehindTheCurrentOne() {
    SealingKeys keys = SealingKeys.parse(key.text() + ", " + other.text());

    assertThat(keys.current()).isEqualTo(key);
    assertThat(keys.find(other.id())).contains(other);
    assertThat(keys).hasToString("SealingKeys [%s, %s]".formatted(key.id(), other.id()));
  }
}
