package io.llmaccounting.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How far every stream of the audit log went at an instant. Keep it where the database's
 * administrators cannot change it. A verification that is given it later proves that no stream was
 * cut off since, and that no entry before it was written anew.
 *
 * @param at when it was taken
 * @param streams the end of each stream, sorted by id
 */
public record AuditHead(Instant at, List<End> streams) {
  private static final String TITLE = "llm-accounting audit head 1 ";

  /**
   * The end of a stream.
   *
   * @param stream the stream
   * @param sequence the place of its last entry
   * @param hash the hash of that entry's seal
   * @param latest the latest instant of its entries
   */
  public record End(UUID stream, long sequence, String hash, Instant latest) {
    /** Checks the place as a seal does. */
    public End {
      Seal unused = new Seal(stream, sequence, Seal.VERSION, null, hash);
    }
  }

  /** Copies the list. */
  public AuditHead {
    streams = List.copyOf(streams);
  }

  /**
   * Writes this head as text that {@link #parse} reads: a title with the instant, then one line for
   * each stream.
   */
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append(at).append('\n');
    for (End end : streams) {
      text.append(
          "%s %d %s %s\n".formatted(end.stream(), end.sequence(), end.hash(), end.latest()));
    }
    return text.toString();
  }

  /**
   * Reads a head that {@link #text} wrote.
   *
   * @throws IllegalArgumentException naming the line that does not belong to a head
   */
  public static AuditHead parse(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty() || !lines.get(0).startsWith(TITLE)) {
      throw new IllegalArgumentException(
          "a head must begin with \"%s\", began with \"%.60s\"".formatted(TITLE.strip(), text));
    }
    List<End> streams = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      streams.add(end(line));
    }
    return new AuditHead(instant(lines.get(0), lines.get(0).substring(TITLE.length())), streams);
  }

  private static End end(String line) {
    String[] parts = line.strip().split(" ", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "a line of a head must be stream, sequence, hash and instant, was \"%.160s\""
              .formatted(line));
    }
    try {
      return new End(
          UUID.fromString(parts[0]), Long.parseLong(parts[1]), parts[2], instant(line, parts[3]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line \"%.160s\" of a head cannot be read: %s".formatted(line, e.getMessage()), e);
    }
  }

  private static Instant instant(String line, String text) {
    try {
      return Instant.parse(text.strip());
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException(
          "line \"%.160s\" of a head must end with an instant such as 2026-03-02T10:00:00Z"
              .formatted(line),
          e);
    }
  }
}
