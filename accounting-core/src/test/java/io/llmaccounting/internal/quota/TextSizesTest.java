package io.llmaccounting.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSizesTest {
  private final TextSizes sizes = new TextSizes();

  @Test
  void assumesFourCharactersATokenUntilEnoughIsKnown() {
    sizes.learn("m", 2_000, 999);

    assertThat(sizes.tokens("m", 0)).isZero();
    assertThat(sizes.tokens("m", 4)).isEqualTo(1);
    assertThat(sizes.tokens("m", 5)).isEqualTo(2);
    assertThat(sizes.tokens("m", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE / 4 + 1);
  }

  @Test
  void roundsUpExactlyWhateverTheSize() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      String model = "m" + i;
      long tokens = 1_000 + random.nextInt(999_001);
      long characters = tokens * (1 + random.nextInt(15)) + random.nextInt(1_000);
      long text = random.nextLong(Long.MAX_VALUE) >> random.nextInt(63);
      sizes.learn(model, characters, tokens);

      BigInteger[] exact =
          BigInteger.valueOf(text)
              .multiply(BigInteger.valueOf(tokens))
              .divideAndRemainder(BigInteger.valueOf(characters));
      assertThat(sizes.tokens(model, text))
          .as("%d of %d in %d", text, characters, tokens)
          .isEqualTo(exact[0].longValueExact() + exact[1].signum());
    }
  }

  @Test
  void whatIsImplausibleTeachesNothing() {
    sizes.learn("m", 1_000, 2_000);
    sizes.learn("m", 1_000_000, 2_000);

    assertThat(sizes.tokens("m", 400)).isEqualTo(100);
  }
}
