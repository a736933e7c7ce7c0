package io.llmaccounting.providers.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileRequestTest {
  private final RequestReader reader = RequestReader.create();

  private ReadRequest read(String body) {
    return reader.read(body, RequestTarget.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is empty",
        "'  '|is empty",
        "[1]|is neither a JSON object nor a form",
        "model=x|is neither a JSON object nor a form",
        "{}|has no shape that is known",
        "{\"a\":1}|has no shape that is known",
        "{\"a\":1} {\"a\":1}|is not one JSON object",
        "{\"secret prompt|ends in the middle of its JSON",
        "{\"messages\":[secretprompt]}|is no JSON near byte 27",
        "--|ends in the middle of its form"
      })
  void saysWhyABodyCanNotBeReadAndQuotesNothing(String body, String problem) {
    ReadRequest read = read(body);

    assertThat(read.problem()).startsWith(problem).doesNotContain("secret");
    assertThat(read.isReadable()).isFalse();
    assertThat(read.toCallRequest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"a\",\"model\":\"b\"}",
        "{\"model\":\"a\",\"Model\":\"b\"}",
        "{\"model\":\"a\",\"mod\\u0065l\":null}",
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"MODEL\"\r\n\r\nb\r\n--x--"
      })
  void saysThatABodyNamesItsModelMoreThanOnce(String body) {
    assertThat(read(body).problem()).isEqualTo("names its model 2 times");
  }

  @Test
  void keepsWhatWasReadBeforeABodyBroke() {
    ReadRequest read =
        read("{\"model\":\"m\",\"messages\":[{\"content\":\"Hi\"}],\"max_tokens\":5,");

    assertThat(GoldenRequest.describe(read))
        .isEqualTo(
            "OPENAI_CHAT problem=ends in the middle of its JSON model=m operation=chat max=5"
                + " characters=2 messages=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"content\":"})
  void refusesDeepNesting(String level) {
    ReadRequest read = read("{\"model\":\"m\",\"messages\":" + level.repeat(100_000));

    assertThat(read.problem()).startsWith("exceeds a bound: Document nesting depth");
    assertThat(read.model()).isEqualTo("m");
  }

  @Test
  void refusesEndlessNumbersAndForms() {
    assertThat(read("{\"a\":" + "9".repeat(100_000) + "}").problem()).startsWith("exceeds a bound");
    assertThat(read("--" + "x".repeat(1_000)).problem())
        .isEqualTo("is neither a JSON object nor a form");
    assertThat(read("--x\r\n" + "\r\n\r\n--x\r\n".repeat(20_000)).problem())
        .isEqualTo("has more than 10000 parts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_tokens\":-1",
        "\"max_tokens\":1.5",
        "\"max_tokens\":1e9",
        "\"max_tokens\":\"many\"",
        "\"max_tokens\":99999999999999999999",
        "\"max_tokens\":{\"a\":1}",
        "\"n\":0",
        "\"n\":-3",
        "\"temperature\":\"1..2\"",
        "\"top_p\":1e999",
        "\"service_tier\":\"\\u0000\"",
        "\"user\":\"\\ud800\"",
        "\"metadata\":{\"a\":{\"b\":\"c\"},\"\":\"x\"}",
        "\"stream\":[true]"
      })
  void leavesOutWhatIsNoValueOfItsKind(String field) {
    ReadRequest read = read("{\"model\":\"m\",\"messages\":[],%s}".formatted(field));

    assertThat(GoldenRequest.describe(read)).isEqualTo("OPENAI_CHAT model=m operation=chat");
  }

  @Test
  void keepsSixteenEntriesOfMetadata() {
    StringBuilder entries = new StringBuilder("\"a0\":\"x\"");
    for (int i = 1; i < 100; i++) {
      entries.append(",\"a").append(i).append("\":\"x\"");
    }

    assertThat(read("{\"messages\":[],\"metadata\":{" + entries + "}}").metadata()).hasSize(16);
  }

  @Test
  void countsLongTextsWithoutTearingCharactersOrEscapes() {
    for (String unit : List.of("é", "😀", "\\u00e9", "\\ud83d\\ude00", "\\\"", "\\\\", "x")) {
      for (int shift = 0; shift < 12; shift++) {
        for (int times : new int[] {300, 5_000}) {
          String body =
              "{\"model\":\"m\",\"messages\":[{\"content\":\"%s\"},{\"content\":\"%s\"}]}"
                  .formatted("x".repeat(shift) + unit.repeat(times), unit);

          assertThat(read(body).size().characters())
              .as("%s after %d, %d times", unit, shift, times)
              .isEqualTo(shift + times + 1);
        }
      }
    }
  }

  @Test
  void countsAHundredMegabytesWithoutKeepingThem() {
    RequestStream stream = reader.stream(RequestTarget.ofPath("/v1/chat/completions"));
    stream.feed("{\"model\":\"m\",\"messages\":[{\"content\":\"".getBytes(UTF_8));
    byte[] text = "\\\"é😀\\u00e9\\\\".repeat(50_000).getBytes(UTF_8);
    long before = used();
    int times = 130;
    for (int i = 0; i < times; i++) {
      stream.feed(text);
    }
    long grown = used() - before;
    stream.feed("\"}],\"max_tokens\":7}".getBytes(UTF_8));
    ReadRequest read = stream.finish();

    assertThat(read.size().bytes()).isGreaterThan(100_000_000);
    assertThat(read.size().characters()).isEqualTo(5L * 50_000 * times);
    assertThat(read.maxOutputTokens()).isEqualTo(7);
    assertThat(grown).isLessThan(8_000_000);
  }

  @Test
  void countsManyShortTextsAndUploadsWithoutKeepingThem() {
    RequestStream json = reader.stream(RequestTarget.UNKNOWN);
    json.feed("{\"model\":\"m\",\"messages\":[{}".getBytes(UTF_8));
    RequestStream form = reader.stream(RequestTarget.UNKNOWN);
    form.feed(
        "--x\r\ncontent-disposition: form-data; name=file; filename=a\r\n\r\n".getBytes(UTF_8));
    byte[] message = ",{\"content\":\"Hi\",\"made-up\":[1,{}]}".repeat(10_000).getBytes(UTF_8);
    byte[] piece = new byte[3_000_000];
    long before = used();
    for (int i = 0; i < 10; i++) {
      json.feed(message);
      form.feed(piece);
    }
    long grown = used() - before;
    json.feed("]}".getBytes(UTF_8));
    form.feed("\r\n--x--".getBytes(UTF_8));

    assertThat(json.finish().messages()).isEqualTo(100_001);
    assertThat(json.finish().size().characters()).isEqualTo(200_000);
    assertThat(form.finish().size().audio()).isEqualTo(1);
    assertThat(grown).isLessThan(8_000_000);
  }

  @Test
  void refusesMoreBytesThanAnyRequestHas() {
    RequestStream stream = reader.stream(RequestTarget.UNKNOWN);
    byte[] blanks = new byte[1 << 26];
    Arrays.fill(blanks, (byte) ' ');
    for (int i = 0; i <= RequestStream.MAX_BYTES >> 26; i++) {
      stream.feed(blanks);
    }

    assertThat(stream.finish().problem()).isEqualTo("is longer than 268435456 bytes");
  }

  @Test
  void readsOnOrSaysSoWhateverIsMutated() {
    List<GoldenRequest> seeds = GoldenRequest.all();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (long seed = 20_261_128; seed < 20_261_128 + 8_000; seed++) {
            Random random = new Random(seed);
            GoldenRequest golden = seeds.get(random.nextInt(seeds.size()));
            byte[] other = seeds.get(random.nextInt(seeds.size())).bytes();
            byte[] mutated = Mutations.of(golden.bytes(), other, random);
            RequestTarget target =
                random.nextBoolean() ? golden.target() : Mutations.target(golden.target(), random);
            assertReads(mutated, target, random, seed);
          }
        });
  }

  private void assertReads(byte[] bytes, RequestTarget target, Random random, long seed) {
    try {
      ReadRequest whole = reader.read(bytes, target);
      RequestStream stream = reader.stream(target);
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
        stream.feed(bytes, at, length);
        at += length;
      }
      ReadRequest pieces = stream.finish();
      assertThat(whole.isReadable()).as("seed %d", seed).isEqualTo(pieces.isReadable());
      if (whole.isReadable()) {
        assertThat(pieces).as("seed %d", seed).isEqualTo(whole);
      }
      whole.toCallRequest();
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
