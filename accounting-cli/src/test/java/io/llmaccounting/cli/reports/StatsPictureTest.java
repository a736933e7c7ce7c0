package io.llmaccounting.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.Tool;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The picture of {@code stats} in the README is what the command prints. Where the command has
 * changed on purpose, {@code -Dpicture.accept=true} draws it anew.
 */
class StatsPictureTest extends CommandContract {
  private static final Path PICTURE = Path.of("../docs/images/stats.svg");
  private static final List<String> MODELS =
      List.of("gpt-5-mini", "claude-sonnet-4-5", "gemini-2.5-flash");
  private static final List<String> PROJECTS = List.of("search", "support", "nightly");
  private static final Pattern TONE = Pattern.compile("\u001b\\[(\\d+)m(.*?)\u001b\\[0m");
  private static final int LINE = 19;
  private static final int TOP = 54;

  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  private void calls() {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 240; i++) {
      int model = Math.min(random.nextInt(5), 2);
      lines.append(
          """
          {"at":"2026-03-%02dT%02d:00:00Z","model":"%s","project":"%s","input_tokens":%d,\
          "output_tokens":%d,"cost":"0.%05d","latency":%d.%d,"outcome":"%s"}
          """
              .formatted(
                  1 + random.nextInt(7),
                  random.nextInt(24),
                  MODELS.get(model),
                  PROJECTS.get(Math.min(random.nextInt(4), 2)),
                  500 + random.nextInt(4_000),
                  100 + random.nextInt(900),
                  (3 - model) * (200 + random.nextInt(3_000)),
                  random.nextInt(3),
                  1 + random.nextInt(9),
                  random.nextInt(40) == 0 ? "failed" : "succeeded"));
    }
    clock.set("2026-03-08T09:00:00Z");
    runWith(lines.toString(), "track", "--from", "-").exits(Exit.DONE);
  }

  /** What a terminal shows. */
  private List<String> shown(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            InputStream.nullInputStream(),
            to,
            to,
            Map.of("LANG", "en_GB.UTF-8"),
            folder,
            new Console.Terminal(true, true, 100),
            clock,
            clock);
    List<String> all = new ArrayList<>(databaseOptions());
    all.addAll(List.of(arguments));
    assertThat(new Tool(console).run(all.toArray(String[]::new))).isEqualTo(Exit.DONE);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String svg(List<String> lines) {
    int columns = lines.stream().mapToInt(line -> plain(line).length()).max().orElse(0);
    int width = 48 + columns * 8;
    int height = TOP + lines.size() * LINE + 12;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title"
             font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13">
          <title id="title">llm-accounting stats in a terminal: rows with bars, by project and by day</title>
          <rect width="%d" height="%d" rx="8" fill="#16181d"/>
          <circle cx="20" cy="18" r="5" fill="#4b505b"/>
          <circle cx="38" cy="18" r="5" fill="#4b505b"/>
          <circle cx="56" cy="18" r="5" fill="#4b505b"/>
        """
            .formatted(width, height, width, height));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String colour = line.startsWith("$") ? "#7fd1b9" : "#d7dae0";
      if (!line.isEmpty()) {
        svg.append(
            "  <text x=\"24\" y=\"%d\" fill=\"%s\" xml:space=\"preserve\" textLength=\"%d\">%s</text>\n"
                .formatted(TOP + i * LINE, colour, plain(line).length() * 8, spans(line)));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static String plain(String line) {
    return TONE.matcher(line).replaceAll("$2");
  }

  private static String spans(String line) {
    return TONE.matcher(escaped(line))
        .replaceAll(
            tone ->
                "<tspan %s>%s</tspan>"
                    .formatted(
                        switch (tone.group(1)) {
                          case "1" -> "font-weight=\"bold\"";
                          case "2" -> "fill=\"#7a808c\"";
                          case "31" -> "fill=\"#ff8080\"";
                          default -> "fill=\"#f0c674\"";
                        },
                        Matcher.quoteReplacement(tone.group(2))));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Test
  void isWhatTheCommandPrints() throws IOException {
    calls();
    List<String> lines = new ArrayList<>();
    lines.add("$ llm-accounting stats --period monthly --by project,model");
    lines.addAll(shown("stats", "--period", "monthly", "--by", "project,model"));
    lines.add("");
    lines.add("$ llm-accounting stats --period monthly --bucket day");
    lines.addAll(shown("stats", "--period", "monthly", "--bucket", "day"));
    String picture = svg(lines);
    if (Boolean.getBoolean("picture.accept")) {
      Files.writeString(PICTURE, picture);
    }

    assertThat(PICTURE).content().as("draw it anew with -Dpicture.accept=true").isEqualTo(picture);
    assertThat(lines).anyMatch(line -> line.contains("\u2588"));
  }
}
