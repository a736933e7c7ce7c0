package io.llmaccounting.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.Cost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call without a price asked for is unknown, and not 0. */
class UnknownAmountTest {
  private static final Instant AT = Instant.parse("2026-03-02T12:00:00Z");
  private static final Exceeded UNPRICED =
      new Exceeded(
          new LimitStatus(
              Limit.named("l").cost(Cost.usd("1")).lifetime(), "", AT, 0, 0, null, Duration.ZERO),
          0,
          Exceeded.Reason.UNPRICED,
          null);

  private interface Writing {
    void to(JsonWriter json) throws IOException;
  }

  private static String written(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonWriter json = new JsonWriter(bytes)) {
      writing.to(json);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static JsonFields fields(String line) throws IOException {
    try (JsonLines lines =
        new JsonLines(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)))) {
      return lines.next().orElseThrow().fields();
    }
  }

  @Test
  void aDenialWithoutAPriceHasNoLastRequested() throws IOException {
    DenialCount denial = new DenialCount("l", "", AT, 3, 0, UNPRICED.toString());

    String line = written(json -> EventLine.write(json, denial));

    assertThat(line).contains("\"count\":3").doesNotContain("last_requested");
    assertThat(EventLine.denial(fields(line))).isEqualTo(denial);
  }

  @Test
  void aDenialForWantOfRoomNeedsWhatWasRequested() throws IOException {
    DenialCount denial = new DenialCount("l", "", AT, 3, 0, "no room");
    String line = written(json -> EventLine.write(json, denial));
    assertThat(line).contains("\"last_requested\":0");

    JsonFields without = fields(line.replace("\"last_requested\":0,", ""));

    assertThatThrownBy(() -> EventLine.denial(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("last_requested");
  }

  @Test
  void aDecisionWithoutAPriceHasNoRequested() throws IOException {
    Decision denied = new Decision.Denied(List.of(UNPRICED), AT);

    String line = written(json -> DecisionLine.write(json, denied));

    assertThat(line).contains("unpriced").doesNotContain("\"requested\"");
    assertThat(DecisionLine.read(fields(line))).isEqualTo(denied);
  }
}
