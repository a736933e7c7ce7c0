package io.llmaccounting.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.testing.FullCall;
import io.llmaccounting.testing.OneChanged;
import io.llmaccounting.testkit.RandomUsage;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageLineTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00.123456Z");
  private static final UUID ID = UsageId.create(NOW, new Random(1));

  private static JsonFields fields(String line) throws IOException {
    try (JsonLines lines =
        new JsonLines(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)))) {
      JsonFields fields = lines.next().orElseThrow().fields();
      if (fields == null) {
        throw new AssertionError(line + " holds no object");
      }
      return fields;
    }
  }

  private static Usage tracked(String line) throws IOException {
    return UsageLine.tracked(fields(line), NOW, at -> UsageId.create(at, new Random(1))).usage();
  }

  @Test
  void everythingThatIsKnownOfACallComesBack() throws IOException {
    Random random = new Random(7);
    for (long seed = 0; seed < 500; seed++) {
      Usage usage = new RandomUsage(seed, NOW).next(seed % 3 == 0 ? null : "key \u2603 " + seed);
      RecordedUsage recorded =
          new RecordedUsage(
              usage,
              usage.occurredAt().minusNanos(1_000),
              usage.occurredAt().plusSeconds(5),
              random.nextBoolean(),
              null);
      UsageHistory known = new UsageHistory(recorded, later(recorded, random));
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      try (JsonWriter to = new JsonWriter(line)) {
        UsageLine.write(to, known);
      }

      String text = line.toString(StandardCharsets.UTF_8);

      assertThat(UsageLine.known(fields(text))).as("seed %d: %s", seed, text).isEqualTo(known);
      assertThat(text.lines().count()).as("seed %d: one line", seed).isEqualTo(1);
      assertThat(tracked(text)).as("seed %d", seed).isEqualTo(usage);
    }
  }

  /** No component of a record or a correction is forgotten, also none that is added some day. */
  @Test
  void eachComponentComesBackAlone() throws IOException {
    for (OneChanged<UsageHistory> one : FullCall.histories()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      try (JsonWriter to = new JsonWriter(line)) {
        UsageLine.write(to, one.value());
      }

      String text = line.toString(StandardCharsets.UTF_8);

      assertThat(UsageLine.known(fields(text))).as(one.component()).isEqualTo(one.value());
    }
  }

  /** Up to three adjustments; {@code faults A4}. */
  private static List<UsageAdjustment> later(RecordedUsage recorded, Random random) {
    List<UsageAdjustment> later = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      CallFigures better = random.nextBoolean() ? null : CallFigures.of(recorded.usage());
      PricedCost corrected =
          better != null && random.nextBoolean()
              ? null
              : new PricedCost(Cost.ofNanos(i), "row \ud83d\ude80", random.nextBoolean());
      later.add(new UsageAdjustment(recorded.settledAt().plusNanos(i * 1_000L), better, corrected));
    }
    return later;
  }

  @Test
  void aLineNeedsNothingButTheModel() throws IOException {
    UsageLine.Tracked made = UsageLine.tracked(fields("{\"model\":\"m\"}"), NOW, at -> ID);

    assertThat(made.usage().id()).isEqualTo(ID);
    assertThat(made.usage().occurredAt()).isEqualTo(NOW);
    assertThat(made.usage().source()).isEqualTo(TokenSource.MISSING);
    assertThat(made.timeIsGiven()).isFalse();
  }

  @Test
  void inputIncludesCachedTokensAndOutputReasoning() throws IOException {
    Usage usage =
        tracked(
            """
            {"model":"m","input_tokens":100,"cache_read_tokens":60,"cache_write_tokens":10,\
            "output_tokens":20,"reasoning_tokens":15,"cost":"0.25"}\
            """);

    assertThat(usage.tokens()).isEqualTo(new TokenUsage(30, 60, 10, 0, 0, 5, 15, 0, null));
    assertThat(usage.cost()).contains(Cost.usd("0.25"));
  }

  @Test
  void anIdThatIsNoRecordsIdIsAKey() throws IOException {
    String random = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

    assertThat(tracked("{\"model\":\"m\",\"id\":\"order-7\"}").key()).isEqualTo("order-7");
    assertThat(tracked("{\"model\":\"m\",\"id\":\"" + random + "\"}").key()).isEqualTo(random);
    assertThat(tracked("{\"model\":\"m\",\"id\":\"" + ID + "\"}").id()).isEqualTo(ID);
    assertThat(tracked("{\"model\":\"m\",\"id\":\"" + ID + "\"}").key()).isNull();
    assertThat(
            tracked("{\"model\":\"m\",\"id\":\"%s\",\"at\":\"2020-01-01T00:00:00Z\"}".formatted(ID))
                .key())
        .isEqualTo(ID.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}=model is required, was absent",
        "{'model':7}=model must be a text, was 7",
        "{'model':'m','inputTokens':1}=a line of this kind must not have fields of other names, had"
            + " inputTokens",
        "{'model':'m','input_tokens':1.5}=input_tokens must be a whole number, was 1.5",
        "{'model':'m','input_tokens':1e99}=input_tokens must be a whole number, was 1E+99",
        "{'model':'m','input_tokens':1e999999}=input_tokens must be a whole number, was 1E+999999",
        "{'model':'m','input_tokens':-1}=input_tokens must be from 0 to 5000000000000, was -1",
        "{'model':'m','input_tokens':1,'cache_read_tokens':2}=input_tokens (1) must include cached"
            + " and audio tokens (2)",
        "{'model':'m','output_tokens':1,'reasoning_tokens':2}=output_tokens (1) must include"
            + " reasoning and audio tokens (2)",
        "{'model':'m','reasoning_tokens':2}=reasoning_tokens must come with input_tokens and"
            + " output_tokens, was 2",
        "{'model':'m','cost':'-1'}=cost: cost must not be negative",
        "{'model':'m','cost':'much'}=cost must be a decimal number, was \"much\"",
        "{'model':'m','at':'yesterday'}=at must be a time with its offset such as"
            + " 2026-03-02T09:00:00Z, was \"yesterday\"",
        "{'model':'m','tags':{'a':1}}=tags.a must be a text, was 1",
        "{'model':'m','outcome':'fine'}=outcome must be one of [cancelled, failed, succeeded,"
            + " unfinished], was \"fine\"",
        "{'model':'m','computed_cost':'1'}=computed_cost and priced_by must be given together",
        "{'model':'m','id':'a','key':'b'}=id must be a record's id beside key \"b\", was \"a\""
      })
  void whatIsWrongIsNamedWithItsValueAndTheRule(String lineAndMessage) {
    String[] parts = lineAndMessage.split("=", 2);

    assertThatThrownBy(() -> tracked(parts[0].replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(parts[1]);
  }
}
