package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.CredentialsTest.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenUsageTest {
  private static final String TEXT =
      "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"a\\n\"}}],\"usage\":null}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @Test
  void dropsTheChunkWhereverTheStreamIsCut() {
    String stream = TEXT + TEXT + USAGE + DONE;
    for (int i = 0; i <= stream.length(); i++) {
      for (int j = i; j <= stream.length(); j += 7) {
        assertThat(filtered(stream, List.of(i, j)))
            .as("cut at %d, %d", i, j)
            .isEqualTo(TEXT + TEXT + DONE);
      }
    }
  }

  @Test
  void takesEveryEndOfLine() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String stream = (TEXT + USAGE + DONE).replace("\n\n", "\0").replace("\0", end + end);
      for (int i = 0; i <= stream.length(); i++) {
        assertThat(filtered(stream, List.of(i)))
            .as("cut at %d", i)
            .isEqualTo((TEXT + DONE).replace("\n\n", end + end));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:{\"choices\":[],\"usage\":{}}\n\n",
        "data:  { \"usage\" : {\"a\":[]} , \"choices\" : [ ] }\n\n",
        "data: {\"cho\\u0069ces\":[],\"usage\":{\"a\":\"]\"},\"error\":null}\n\n",
        "event: x\nid: 7\ndata: {\"choices\":[],\"usage\":{\"a\":1}}\n\n",
        "event: x\n: note\ndata: {\"choices\":[],\"usage\":{\"a\":1}}\nretry: 3\n\n",
      })
  void knowsTheChunkInEveryForm(String chunk) {
    for (int i = 0; i <= chunk.length(); i++) {
      assertThat(filtered(TEXT + chunk + DONE, List.of(TEXT.length() + i))).isEqualTo(TEXT + DONE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"choices\":[],\"usage\":null,\"prompt_filter_results\":[{}]}\n\n",
        "data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[{}],\"usage\":{\"a\":1}}\n\n",
        "data: {\"choices\":[],\"usage\":{\"a\":1},\"error\":{\"message\":\"m\"}}\n\n",
        "data: {\"x\":{\"choices\":[],\"usage\":{}}}\n\n",
        "data: {\"choices\":[],\"usage\":{}\n\n",
        "data: {\"usage\":{}}\n\n",
        "data: [{\"choices\":[],\"usage\":{}}]\n\n",
        "data: \"{'choices':[],'usage':{}}\"\n\n",
        "data: {\ndata: \"choices\":[],\"usage\":{}}\n\n",
        ": {\"choices\":[],\"usage\":{}}\n\n",
        "dat: {\"choices\":[],\"usage\":{}}\n\n",
        "event: ping\n\n",
        "\n\n\n",
        "data\n\n",
        "{\"error\":\"no stream\"}"
      })
  void passesEverythingElse(String event) {
    for (int i = 0; i <= event.length(); i++) {
      assertThat(filtered(event, List.of(i))).isEqualTo(event);
    }
    assertThat(filtered(TEXT + event + DONE, List.of(9))).isEqualTo(TEXT + event + DONE);
  }

  @Test
  void dropsALastLineWithoutItsEnd() {
    String cut = USAGE.strip();

    assertThat(filtered(TEXT + cut, List.of())).isEqualTo(TEXT);
    assertThat(filtered(TEXT + "event: x\n" + cut, List.of())).isEqualTo(TEXT);
    assertThat(filtered(TEXT + cut.substring(0, 20), List.of()))
        .isEqualTo(TEXT + cut.substring(0, 20));
  }

  @Test
  void passesALineAsSoonAsItIsComplete() {
    HiddenUsage filter = new HiddenUsage();
    String line = TEXT.strip() + "\n";

    assertThat(filter.take(Buffer.buffer(line)).toString()).isEqualTo(line);
    assertThat(filter.take(Buffer.buffer("\n")).toString()).isEqualTo("\n");
    assertThat(filter.take(Buffer.buffer(": waiting\n")).toString()).isEqualTo(": waiting\n");
    assertThat(filter.take(Buffer.buffer("\n")).toString()).isEqualTo("\n");
    assertThat(filter.take(Buffer.buffer("event: x\n")).length()).isZero();
    assertThat(filter.take(Buffer.buffer("data: 1\n")).toString()).isEqualTo("event: x\ndata: 1\n");
    assertThat(filter.end().length()).isZero();
  }

  @Test
  void holdsBackNoMoreThanItsCap() {
    HiddenUsage filter = new HiddenUsage();
    String start = "data: {\"choices\":[],\"usage\":{},\"a\":\"";

    Buffer passed = filter.take(Buffer.buffer(start));
    assertThat(passed.length()).isZero();
    String rest = "x".repeat(64 * 1024);
    assertThat(filter.take(Buffer.buffer(rest)).toString()).isEqualTo(start + rest);
    assertThat(filter.take(Buffer.buffer("\"}\n\n")).toString()).isEqualTo("\"}\n\n");
    assertThat(filter.take(Buffer.buffer(USAGE)).length()).isZero();
  }

  @Test
  void passesRandomStreamsWithoutTheirChunks() {
    Random random = new Random(8);
    for (int run = 0; run < 5_000; run++) {
      String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
      StringBuilder stream = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        String event = event(random).replace("\n", end);
        boolean drop = random.nextInt(4) == 0;
        stream.append(drop ? USAGE.replace("\n", end) : event);
        expected.append(drop ? "" : event);
      }
      List<Integer> cuts =
          random.ints(random.nextInt(6), 0, stream.length() + 1).sorted().boxed().toList();

      assertThat(filtered(stream.toString(), cuts))
          .as("run %d", run)
          .isEqualTo(expected.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "text/event-stream, none, true",
        "Text/Event-Stream; charset=utf-8, identity, true",
        "text/event-stream, gzip, false",
        "application/json, none, false",
        "none, none, false"
      })
  void saysWhatItReads(String type, String encoding, boolean reads) {
    var headers = headers();
    if (type != null) {
      headers.add("Content-Type", type);
    }
    if (encoding != null) {
      headers.add("Content-Encoding", encoding);
    }

    assertThat(HiddenUsage.reads(headers)).isEqualTo(reads);
  }

  static String event(Random random) {
    StringBuilder event = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      event.append(
          List.of("data: {\"choices\":[{}]}", "data:", ": ping", "event: x", "id", "data: ü€", "x")
              .get(random.nextInt(7)));
      event.append("\n");
    }
    return event.append("\n").toString();
  }

  private static String filtered(String stream, List<Integer> cuts) {
    HiddenUsage filter = new HiddenUsage();
    List<Integer> all = new ArrayList<>(cuts);
    Buffer bytes = Buffer.buffer(stream);
    all.add(bytes.length());
    Buffer passed = Buffer.buffer();
    int from = 0;
    for (int to : all) {
      passed.appendBuffer(filter.take(bytes.getBuffer(from, to)));
      from = to;
    }
    return passed.appendBuffer(filter.end()).toString();
  }
}
