package io.llmaccounting.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmaccounting.testkit.RandomUsage;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageHistory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * One of the forms: a value for each seed, and how it is written and read.
 *
 * @param name what it is a form of
 */
record Form<T>(
    String name, LongFunction<T> values, Writer<T> writer, Function<JsonFields, T> reader) {
  private static final Instant DAY = Instant.parse("2026-03-02T00:00:00Z");

  interface Writer<T> {
    void write(JsonWriter to, T value) throws IOException;
  }

  static final List<Form<?>> ALL =
      List.of(
          new Form<>("usage", Form::usage, UsageLine::write, UsageLine::known),
          new Form<>(
              "limit", seed -> new RandomValues(seed).limit(), LimitLine::write, LimitLine::read),
          new Form<>(
              "diff",
              seed -> new RandomValues(seed).limitSetDiff(),
              LimitSetDiffLine::write,
              LimitSetDiffLine::read),
          new Form<>(
              "decision",
              seed -> new RandomValues(seed).decision(),
              DecisionLine::write,
              DecisionLine::read),
          new Form<>(
              "report", seed -> new RandomReport(seed).next(), ReportLine::write, ReportLine::read),
          new Form<>(
              "audit", seed -> new RandomValues(seed).entry(), AuditLine::write, AuditLine::read),
          new Form<>(
              "name",
              seed -> new RandomValues(seed).directoryEntry(),
              NameLine::write,
              NameLine::read),
          new Form<>(
              "denial",
              seed -> new RandomValues(seed).denial(),
              EventLine::write,
              EventLine::denial),
          new Form<>(
              "alert",
              seed -> new RandomValues(seed).alert(),
              (to, alert) -> EventLine.write(to, alert, true),
              EventLine::alert));

  private static UsageHistory usage(long seed) {
    Instant at = DAY.plusSeconds(1);
    return new UsageHistory(
        new RecordedUsage(new RandomUsage(seed, DAY).next("k" + seed), at, at, false, null),
        List.of());
  }

  T value(long seed) {
    return values.apply(seed);
  }

  String line(long seed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonWriter to = new JsonWriter(bytes)) {
      writer.write(to, value(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(UTF_8);
  }

  T read(String line) {
    return reader.apply(fields(line));
  }

  static JsonFields fields(String line) {
    JsonLine read = JsonLine.of(1, line.getBytes(UTF_8));
    if (read.fields() == null) {
      throw new IllegalArgumentException(read.problem());
    }
    return read.fields();
  }

  @Override
  public String toString() {
    return name;
  }
}
