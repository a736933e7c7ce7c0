package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventBoundaryTest {
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  @Test
  void standsBetweenEventsAtTheStartAndBehindABlankLine() {
    assertThat(marked(EVENTS, "data: a\ndata: b\n\nevent: c\n\n"))
        .isEqualTo("|data: a\ndata: b\n\n|event: c\n\n|");
  }

  @Test
  void standsBetweenEventsBehindCommentsOfNone() {
    assertThat(marked(EVENTS, ": a\n: b\n\n:\ndata: c\n: d\n\n"))
        .isEqualTo("|: a\n|: b\n|\n|:\n|data: c\n: d\n\n|");
  }

  @Test
  void takesEveryEndOfLine() {
    assertThat(marked(EVENTS, "data: a\r\n\r\n\r\ndata: b\r\r"))
        .isEqualTo("|data: a\r\n\r|\n|\r|\n|data: b\r\r|");
  }

  @Test
  void standsBetweenLinesOfJson() {
    assertThat(marked("application/x-ndjson", "{}\n{}\n")).isEqualTo("|{}\n|{}\n|");
  }

  @Test
  void standsBetweenFrames() {
    Buffer frame = LastEvent.of(Wire.BEDROCK, Refusal.of(Refusal.Code.INTERNAL_ERROR, "m"));
    EventBoundary boundary = EventBoundary.of("application/vnd.amazon.eventstream", null);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < frame.length(); i++) {
        assertThat(boundary.isBetweenEvents()).as("byte %d", i).isEqualTo(i == 0);
        boundary.feed(frame.getBuffer(i, i + 1));
      }
    }
    boundary.feed(frame.copy().appendBuffer(frame));
    assertThat(boundary.isBetweenEvents()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "application/json, none",
        "none, none",
        "text/event-stream, gzip",
        "text/event-stream, br"
      })
  void neverStandsWhereNothingCanBePutIn(String type, String encoding) {
    EventBoundary boundary = EventBoundary.of(type, encoding);

    assertThat(boundary.isBetweenEvents()).isFalse();
    boundary.feed(Buffer.buffer("\n\n"));
    assertThat(boundary.isBetweenEvents()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void letsNoEventBeChangedByWhatIsPutIn(String end) {
    Random random = new Random(9);
    for (int run = 0; run < 3_000; run++) {
      StringBuilder stream = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        stream.append(HiddenUsageTest.event(random));
      }
      Buffer bytes = Buffer.buffer(stream.toString().replace("\n", end));
      EventBoundary boundary = EventBoundary.of(EVENTS, "identity");
      Buffer seen = Buffer.buffer();
      for (int i = 0; i < bytes.length(); i++) {
        if (boundary.isBetweenEvents()) {
          seen.appendBuffer(KeepAlive.of(Wire.ANTHROPIC));
        }
        boundary.feed(bytes.getBuffer(i, i + 1));
        seen.appendByte(bytes.getByte(i));
      }

      String events =
          SseEvents.of(seen.toString()).replace("event=ping data={\"type\": \"ping\"};", "");
      assertThat(events).as("run %d", run).isEqualTo(SseEvents.of(bytes.toString()));
    }
  }

  /** The stream with a bar at each place where something may be put in. */
  private static String marked(String type, String stream) {
    EventBoundary boundary = EventBoundary.of(type, null);
    StringBuilder marked = new StringBuilder();
    for (int i = 0; i < stream.length(); i++) {
      marked.append(boundary.isBetweenEvents() ? "|" : "").append(stream.charAt(i));
      boundary.feed(Buffer.buffer(stream.substring(i, i + 1)));
    }
    return marked.append(boundary.isBetweenEvents() ? "|" : "").toString();
  }
}
