package com.example.starts;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts an application without LLM Accounting and with it, by turns, and says what the second took
 * more than the first: the median of the differences of all pairs, and that of those without.
 */
public final class Starts {
  private static final Pattern READY =
      Pattern.compile("ready wall=(\\d+) thread=(\\d+) processor=(\\d+) classes=(\\d+)");
  private static final List<String> FIGURES = List.of("wall", "thread", "processor", "classes");
  private static final List<String> QUIET =
      List.of("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=warn");
  private static final List<String> LIMIT =
      List.of(
          "--spring.application.name=starts",
          "--llm.accounting.limits[0].name=few",
          "--llm.accounting.limits[0].metric=requests",
          "--llm.accounting.limits[0].max=9",
          "--llm.accounting.limits[0].lifetime=true");
  private static final String NO_DATABASE =
      "--spring.autoconfigure.exclude="
          + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration,"
          + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

  private final String jars;
  private final int pairs;
  private final Path folder;

  private Starts(String jars, int pairs, Path folder) {
    this.jars = jars;
    this.pairs = pairs;
    this.folder = folder;
  }

  /**
   * @param arguments where the jars are, up to {@code -alone.jar} and {@code -with.jar}, and how
   *     many pairs of starts are measured
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("starts");
    Starts starts = new Starts(arguments[0], Integer.parseInt(arguments[1]), folder);
    System.out.println("| with | wall | thread that starts | all processors | classes |");
    System.out.println("| --- | --- | --- | --- | --- |");
    starts.measure("a new SQLite file", NO_DATABASE, true);
    starts.measure("a SQLite file that is there", NO_DATABASE, false);
    try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
      String url = "--spring.datasource.url=" + server.getJdbcUrl("postgres", "postgres");
      starts.measure("PostgreSQL", url, false);
    }
  }

  private void measure(String name, String database, boolean fresh) throws Exception {
    Map<String, List<Long>> alone = new TreeMap<>();
    Map<String, List<Long>> more = new TreeMap<>();
    List<String> ours = new ArrayList<>(LIMIT);
    if (database.equals(NO_DATABASE)) {
      ours.add("--llm.accounting.sqlite.path=" + folder.resolve("usage.db"));
    }
    start("with", database, ours); // for the schema, and the disk's cache
    for (int pair = 0; pair < pairs; pair++) {
      if (fresh) {
        remove();
      }
      boolean first = pair % 2 == 0;
      long[] before = first ? start("alone", database, List.of()) : null;
      long[] with = start("with", database, ours);
      long[] without = first ? before : start("alone", database, List.of());
      for (int i = 0; i < FIGURES.size(); i++) {
        alone.computeIfAbsent(FIGURES.get(i), any -> new ArrayList<>()).add(without[i]);
        more.computeIfAbsent(FIGURES.get(i), any -> new ArrayList<>()).add(with[i] - without[i]);
      }
    }
    System.out.printf("| %s |", name);
    for (String figure : FIGURES) {
      String unit = figure.equals("classes") ? "" : " ms";
      System.out.printf(
          " %+d%s on %d%s |", median(more.get(figure)), unit, median(alone.get(figure)), unit);
    }
    System.out.println();
  }

  private void remove() throws IOException {
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("usage.db" + end));
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private long[] start(String jar, String database, List<String> ours) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-jar", jars + "-" + jar + ".jar"));
    command.addAll(QUIET);
    command.add(database);
    command.addAll(ours);
    Path output = folder.resolve("output.txt");
    int result =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String printed = Files.readString(output);
    Matcher ready = READY.matcher(printed);
    if (result != 0 || !ready.find()) {
      throw new IllegalStateException(command + " ended with " + result + ": " + printed);
    }
    long[] figures = new long[FIGURES.size()];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = Long.parseLong(ready.group(i + 1));
    }
    return figures;
  }
}
