package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileAnswerTest {
  private static final byte[] USAGE =
      "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}".getBytes(UTF_8);

  private final UsageReader reader = UsageReader.create();

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> reader.read("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessageContaining("depth");
    assertThatThrownBy(() -> reader.read("{\"usage\":" + "{\"a\":".repeat(100_000)))
        .isInstanceOf(UnreadableAnswerException.class);
  }

  @Test
  void refusesEndlessNumbers() {
    assertThatThrownBy(() -> reader.read("{\"a\":" + "9".repeat(100_000) + "}"))
        .isInstanceOf(UnreadableAnswerException.class);
  }

  @Test
  void refusesUsageOfTooManyValues() {
    assertThatThrownBy(() -> reader.read("{\"usage\":{\"a\":[" + "1,".repeat(1_001) + "1]}}"))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessageContaining("1000 values");
  }

  @Test
  void refusesMoreBytesThanAnyAnswerHas() {
    AnswerStream stream = reader.stream();
    byte[] comment = new byte[1 << 20];
    Arrays.fill(comment, (byte) ':');
    for (int i = 0; i < AnswerStream.MAX_BYTES >> 20; i++) {
      stream.feed(comment);
    }

    assertThatThrownBy(() -> stream.feed(comment))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessageContaining("268435456 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: ", ""})
  void skipsTextsOfAnyLengthWithoutKeepingThem(String prefix) {
    AnswerStream stream = reader.stream();
    stream.feed(
        (prefix + "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"").getBytes(UTF_8));
    byte[] text = "\\\"é😀\\u00e9\\\\".repeat(4_000).getBytes(UTF_8);
    long before = used();
    for (int i = 0; i < 1_000; i++) {
      stream.feed(text);
    }
    long grown = used() - before;
    stream.feed("\"},\"finish_reason\":\"stop\"}],".getBytes(UTF_8));
    stream.feed(USAGE);

    assertThat(stream.finish().answer().tokens()).isEqualTo(TokenUsage.of(7, 5));
    assertThat(grown).isLessThan(8_000_000);
  }

  @Test
  void cutsLongTextsWithoutTearingCharactersOrEscapes() {
    for (String unit : List.of("é", "😀", "\\u00e9", "\\ud83d\\ude00", "\\\"", "\\\\", "x")) {
      for (int shift = 0; shift < 12; shift++) {
        String text = "x".repeat(shift) + unit.repeat(5_000);
        String answer =
            "{\"choices\":[{\"message\":{\"content\":\""
                + text
                + "\"}}],"
                + new String(USAGE, UTF_8);

        assertThat(reader.read(answer).answer().tokens()).isEqualTo(TokenUsage.of(7, 5));
      }
    }
  }

  /** What is read must never break the record of the call. */
  @Test
  void leavesOutNamesThatNoRecordCouldHold() {
    Random random = new Random(20_261_121);
    int[] odd = {0, 9, ' ', 0xA0, 0x85, 0x1C, 0x2003, 0x3000, 0xFEFF, 0xD800, 0xDFFF, 'm', 0x1F680};
    for (int round = 0; round < 3_000; round++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(4); length >= 0; length--) {
        int c = odd[random.nextInt(odd.length)];
        for (char unit : Character.toChars(c)) {
          name.append("\\u%04x".formatted((int) unit));
        }
      }
      String json =
          """
          {"object":"chat.completion","model":"NAME","id":"NAME","service_tier":"NAME",
          "choices":[{"finish_reason":"NAME"}],"usage":{"prompt_tokens":7,"completion_tokens":5,
          "total_tokens":12}}\
          """
              .replace("NAME", name);

      assertThat(reader.read(json).answer().tokens().total()).as(json).isEqualTo(12);
    }
  }

  @Test
  void readsOnOrRefusesWhateverIsMutated() {
    List<byte[]> seeds = new ArrayList<>();
    Golden.ANSWERS.forEach(golden -> seeds.add(golden.bytes()));
    Golden.STREAMS.forEach(golden -> seeds.add(golden.bytes()));
    long seed = 20_260_101;
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int round = 0; round < 20_000; round++) {
            long roundSeed = seed + round;
            Random random = new Random(roundSeed);
            byte[] mutated = mutate(seeds.get(random.nextInt(seeds.size())), seeds, random);
            assertReadOrRefused(mutated, random, roundSeed);
          }
        });
  }

  private void assertReadOrRefused(byte[] bytes, Random random, long seed) {
    AnswerStream stream = reader.stream();
    try {
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
        stream.feed(bytes, at, length);
        at += length;
      }
    } catch (UnreadableAnswerException e) {
      assertThat(stream.finish().answer().source())
          .as("seed %d", seed)
          .isNotEqualTo(TokenSource.REPORTED);
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
    ReadAnswer once = stream.finish();
    assertThat(stream.finish()).as("seed %d", seed).isEqualTo(once);
  }

  private static byte[] mutate(byte[] original, List<byte[]> others, Random random) {
    byte[] bytes = original.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      int length = random.nextInt(Math.min(60, bytes.length - at) + 1);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes = splice(bytes, at, at + length, new byte[0]);
        case 2 -> bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
        case 3 ->
            bytes =
                splice(
                    bytes,
                    at,
                    at,
                    "{}[]\",:\\019eE-.\n\r".substring(random.nextInt(16)).getBytes(UTF_8));
        default -> {
          byte[] other = others.get(random.nextInt(others.size()));
          int from = random.nextInt(other.length);
          bytes =
              splice(
                  bytes,
                  at,
                  at + length,
                  Arrays.copyOfRange(other, from, Math.min(other.length, from + 200)));
        }
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] inserted) {
    byte[] result = new byte[bytes.length - (to - from) + inserted.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(inserted, 0, result, from, inserted.length);
    System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
    return result;
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
