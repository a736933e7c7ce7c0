package io.llmaccounting.client.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.client.internal.spool.Segment.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records on the disk, whatever befalls the disk. */
class SpoolFolderTest {
  @TempDir Path folder;

  private SpoolFolder open() throws IOException {
    return SpoolFolder.open(folder, 10_000);
  }

  private static SpooledRecord record(String text) {
    return new SpooledRecord(text.getBytes(StandardCharsets.UTF_8), false);
  }

  private static List<String> read(SpoolFolder spool) throws IOException {
    List<String> all = new ArrayList<>();
    for (Slice slice = spool.next(2); slice != null; slice = spool.next(2)) {
      slice.records().forEach(one -> all.add(new String(one.json(), StandardCharsets.UTF_8)));
      spool.done(slice);
    }
    return all;
  }

  private List<Path> found(String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(one -> one.getFileName().toString().endsWith(end)).toList();
    }
  }

  private List<String> lines(String beginning) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : found(".jsonl")) {
      if (file.getFileName().toString().startsWith(beginning)) {
        lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
      }
    }
    return lines;
  }

  /** What a process leaves that is killed: its files and its lock, which nobody holds. */
  private void left(String name, String... files) throws IOException {
    Path dead = Files.createDirectories(folder.resolve(name));
    Files.createFile(dead.resolve("lock"));
    for (int i = 0; i < files.length; i++) {
      Files.writeString(
          dead.resolve("%010d.records".formatted(i + 1)), files[i], StandardCharsets.ISO_8859_1);
    }
  }

  private static String line(String text) {
    return new String(Segment.encoded(record(text)), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aDamagedLineIsKeptApartAndThoseAroundItAreRead() throws IOException {
    left("dead", line("one") + line("two").replace('w', 'W') + "no line\n" + line("three"));
    try (SpoolFolder spool = open()) {
      assertThat(read(spool)).containsExactly("one", "three");

      assertThat(spool.damaged()).isEqualTo(2);
      assertThat(spool.records()).isZero();
      assertThat(spool.bytes()).isZero();
      assertThat(lines("damaged-"))
          .hasSize(2)
          .satisfiesExactly(
              first -> assertThat(first).endsWith("tWo"),
              second -> assertThat(second).isEqualTo("no line"));
    }
  }

  @Test
  void aLineThatWasNotWrittenToItsEndIsNone() throws IOException {
    left("dead", line("one") + line("two").stripTrailing());
    try (SpoolFolder spool = open()) {
      assertThat(read(spool)).containsExactly("one");
      assertThat(spool.damaged()).isZero();
    }
  }

  @Test
  void whatProcessesHaveLeftIsReadInItsOrderAndTheirFoldersGo() throws IOException {
    left("dead-1", line("one") + line("two"), line("three"));
    left("dead-2", line("four"));
    left("dead-3");
    SpoolFolder spool = open();
    assertThat(folder.resolve("dead-3")).as("a folder without records").doesNotExist();
    assertThat(spool.records()).isEqualTo(4);

    assertThat(read(spool)).containsExactly("one", "two", "three", "four");
    spool.close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsSomebodyElsesIsLeftAlone() throws IOException {
    Path other = Files.createDirectories(folder.resolve("lost+found"));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    try (SpoolFolder spool = open()) {
      assertThat(spool.records()).isZero();
    }

    assertThat(other).exists();
    assertThat(folder.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void aFolderOfALivingClientIsNotTaken() throws IOException {
    try (SpoolFolder living = open();
        SpoolFolder other = open()) {
      living.append(List.of(record("one")));
      try (SpoolFolder third = open()) {
        assertThat(third.records()).isZero();
      }
      assertThat(other.records()).isZero();
      assertThat(read(living)).containsExactly("one");
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** Closing any channel of a file gives up the locks that a process has on it. */
  @Test
  void twoClientsOfAProcessKeepTheirFoldersFromAnother() throws Exception {
    try (SpoolFolder first = open();
        SpoolFolder second = open()) {
      first.append(List.of(record("one")));
      second.append(List.of(record("two")));
      try (SpoolFolder third = open()) {
        assertThat(third.records()).isZero();
      }

      assertThat(seenElsewhere()).isEqualTo("0 records");
      assertThat(read(first)).containsExactly("one");
      assertThat(read(second)).containsExactly("two");
    }
  }

  private String seenElsewhere() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).isZero();
    return said.strip();
  }

  /** Another process. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] args) throws IOException {
      try (SpoolFolder spool = SpoolFolder.open(Path.of(args[0]), 10_000)) {
        System.out.println(spool.records() + " records");
      }
    }
  }

  @Test
  void aFullSpoolTakesNothingOfWhatItIsGiven() throws IOException {
    try (SpoolFolder spool = open()) {
      spool.append(List.of(record("small")));
      List<SpooledRecord> tooMuch = List.of(record("fits"), record("x".repeat(10_000)));

      assertThatThrownBy(() -> spool.append(tooMuch)).isInstanceOf(SpoolFullException.class);

      assertThat(read(spool)).containsExactly("small");
      spool.append(List.of(record("later")));
      assertThat(read(spool)).containsExactly("later");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenToFailsAndWorksOnceItCan() throws IOException {
    try (SpoolFolder spool = open()) {
      Path own = found("lock").get(0).getParent();
      Path away = folder.resolveSibling("away");
      Files.move(own, away);

      assertThatThrownBy(() -> spool.append(List.of(record("one"))))
          .isInstanceOf(IOException.class);
      assertThat(spool.records()).isZero();

      Files.move(away, own);
      spool.append(List.of(record("two")));
      assertThat(read(spool)).containsExactly("two");
    }
  }

  @Test
  void aFolderThatIsAFileSaysSo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> SpoolFolder.open(file, 10_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file");
  }

  @Test
  void whatTheServerRefusedIsCountedByTheNextWhateverBecameOfIt() throws IOException {
    try (SpoolFolder spool = open()) {
      spool.refuse("{}".getBytes(StandardCharsets.UTF_8));
    }
    Path refused = found(".jsonl").get(0);
    Files.write(refused, new byte[] {(byte) 0xff, '\n'}, java.nio.file.StandardOpenOption.APPEND);

    try (SpoolFolder spool = open()) {
      assertThat(spool.deadLetters()).isEqualTo(2);
    }
  }

  @Test
  void clientsThatStartAndEndTogetherAreNotInEachOthersWay() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 100; n++) {
                    SpoolFolder spool = open();
                    spool.append(List.of(record("one")));
                    assertThat(read(spool)).contains("one");
                    spool.close();
                  }
                  return true;
                }));
      }
      for (Future<?> client : clients) {
        Object unused = client.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
