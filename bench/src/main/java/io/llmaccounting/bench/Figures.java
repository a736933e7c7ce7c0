package io.llmaccounting.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that one run has found, as a page for people, a file for programs, and charts.
 *
 * @param machine what it ran on
 * @param rows the comparisons
 * @param curves how cost grows
 */
record Figures(String machine, List<Comparison> rows, List<Curve> curves) {
  /** Writes {@code performance-figures.md} and {@code .json}, and {@code images/*.svg}. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("images"));
    Files.writeString(folder.resolve("performance-figures.md"), page());
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newOutputStream(folder.resolve("performance-figures.json")))
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("machine", machine);
      json.writeArrayFieldStart("comparisons");
      for (Comparison row : rows) {
        write(json, row);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("curves");
      for (Curve curve : curves) {
        write(json, curve);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    for (Curve curve : curves) {
      Files.writeString(
          folder.resolve("images").resolve("performance-" + curve.name() + ".svg"),
          Chart.of(curve));
    }
  }

  private static void write(JsonGenerator json, Comparison row) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", row.name());
    json.writeStringField("subject", row.subject());
    json.writeStringField("baseline", row.baseline());
    number(json, "value", row.value());
    json.writeStringField("unit", row.target().unit());
    number(json, "target", row.target().bound());
    json.writeBooleanField("at_least", row.target().atLeast());
    json.writeBooleanField("met", row.met());
    json.writeStringField("note", row.note());
    write(json, "ours", row.ours());
    write(json, "theirs", row.theirs());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String side, Measured run) throws IOException {
    json.writeObjectFieldStart(side);
    number(json, "per_second", run.perSecond());
    number(json, "p50_micros", run.p50() / 1e3);
    number(json, "p99_micros", run.p99() / 1e3);
    number(json, "p999_micros", run.p999() / 1e3);
    number(json, "cpu_micros", run.cpu() / 1e3);
    number(json, "allocated_bytes", run.bytes());
    number(json, "round_trips", run.roundTrips());
    number(json, "commits", run.commits());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Curve curve) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", curve.name());
    json.writeStringField("across", curve.across());
    json.writeStringField("up", curve.up());
    json.writeObjectFieldStart("series");
    for (Curve.Series series : curve.series()) {
      json.writeArrayFieldStart(series.label());
      for (Curve.Point point : series.points()) {
        json.writeArray(new double[] {point.x(), Math.rint(point.y())}, 0, 2);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, Math.rint(value * 1_000) / 1_000);
    }
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Figures\n\nWritten by `mvn -Pbenchmarks verify`; what they mean is in ")
        .append("[Performance](performance.md).\n\n")
        .append(machine)
        .append("\n\n| what | found | wanted | | ours/s | p50 µs | p99 | p99.9 | CPU µs | bytes |")
        .append(" trips | commits | baseline/s | p50 µs | bytes | trips | commits |\n")
        .append("| --- ".repeat(17))
        .append("|\n");
    rows.forEach(row -> page.append(line(row)));
    for (Curve curve : curves) {
      page.append("\n![")
          .append(curve.title())
          .append("](images/performance-")
          .append(curve.name())
          .append(".svg)\n");
    }
    return page.toString();
  }

  private static String line(Comparison row) {
    Measured ours = row.ours();
    Measured theirs = row.theirs();
    List<String> cells =
        List.of(
            row.name() + (row.note().isEmpty() ? "" : " (" + row.note() + ")"),
            Comparison.number(row.value()) + " " + row.target().unit(),
            row.target().toString(),
            row.met() ? "met" : "**missed**",
            Comparison.number(ours.perSecond()),
            micros(ours.p50()),
            micros(ours.p99()),
            micros(ours.p999()),
            Comparison.number(ours.cpu() / 1e3),
            Comparison.number(ours.bytes()),
            Comparison.number(ours.roundTrips()),
            Comparison.number(ours.commits()),
            Comparison.number(theirs.perSecond()),
            micros(theirs.p50()),
            Comparison.number(theirs.bytes()),
            Comparison.number(theirs.roundTrips()),
            Comparison.number(theirs.commits()));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String micros(long nanos) {
    return nanos == 0 ? "–" : Comparison.number(nanos / 1e3);
  }
}
