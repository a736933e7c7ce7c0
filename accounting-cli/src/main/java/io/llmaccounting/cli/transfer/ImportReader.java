package io.llmaccounting.cli.transfer;

import io.llmaccounting.admin.RestoreReceipt;
import io.llmaccounting.admin.Restored;
import io.llmaccounting.admin.Transfer;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.json.AccessKeyLine;
import io.llmaccounting.json.AuditLine;
import io.llmaccounting.json.CredentialLine;
import io.llmaccounting.json.EventLine;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.json.JsonLines;
import io.llmaccounting.json.LimitLine;
import io.llmaccounting.json.NameLine;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.UsageHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the lines of an export, in bounded memory. A line that is bad, or that the store
 * refuses, is told and stops no other. For one thread.
 */
final class ImportReader {
  private static final int LINES_AT_ONCE = 500;
  private static final int TEXT_AT_ONCE = 4 * 1024 * 1024;

  private final Transfer transfer;
  private final JsonLines lines;
  private final Consumer<String> problems;
  private final ProgressBar progress;
  private final Consumer<Instant> months;
  private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
  private long read;
  private long faults;
  private @Nullable JsonFields next;
  private @Nullable Kind nextKind;
  private long nextNumber;
  private @Nullable JsonFields end;

  /** What became of the lines of one kind. */
  static final class Tally {
    long lines;
    long added;
    long unchanged;
    long corrected;
    long refused;

    void add(Restored restored) {
      switch (restored) {
        case ADDED -> added++;
        case UNCHANGED -> unchanged++;
        case REFUSED -> refused++;
      }
    }
  }

  ImportReader(
      Transfer transfer,
      JsonLines lines,
      Consumer<String> problems,
      ProgressBar progress,
      Consumer<Instant> months) {
    this.transfer = transfer;
    this.lines = lines;
    this.problems = problems;
    this.progress = progress;
    this.months = months;
  }

  /** Takes in everything after the first line. */
  Map<Kind, Tally> run() throws IOException {
    try {
      advance();
      while (nextKind != null) {
        take(nextKind);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    requireEnd();
    return tallies;
  }

  /** How many lines were bad or refused, or are missing. */
  long faults() {
    return faults;
  }

  private void fault(String problem) {
    faults++;
    problems.accept(problem);
  }

  /** Goes to the next line that holds something of a known kind; others are told. */
  private void advance() {
    next = null;
    nextKind = null;
    try {
      while (nextKind == null && end == null) {
        JsonLine line = lines.next().orElse(null);
        progress.at(lines.bytes());
        if (line == null) {
          return;
        }
        nextKind = kind(line);
        next = line.fields();
        nextNumber = line.number();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Kind kind(JsonLine line) {
    JsonFields fields = line.fields();
    try {
      if (fields == null) {
        throw new IllegalArgumentException(line.problem());
      }
      String word = fields.text("kind");
      if (word.equals(Kind.END)) {
        end = fields;
        return null;
      }
      read++;
      return Kind.of(word)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "kind must be one of %s, was \"%s\"".formatted(Kind.words(), word)));
    } catch (IllegalArgumentException e) {
      read += fields == null || !fields.has("kind") ? 1 : 0;
      fault("line %d: %s".formatted(line.number(), e.getMessage()));
      return null;
    }
  }

  private void take(Kind kind) {
    Tally tally = tallies.computeIfAbsent(kind, made -> new Tally());
    switch (kind) {
      case PROJECT, USER ->
          each(kind, NameLine::read)
              .forEachRemaining(one -> named(tally, kind, one.name(), transfer.restore(one)));
      case LIMIT ->
          each(kind, LimitLine::readOwned)
              .forEachRemaining(
                  one -> named(tally, kind, one.limit().name(), transfer.restore(one)));
      case USAGE -> add(tally, kind, transfer.restore(records()));
      case DENIAL -> inParts(each(kind, EventLine::denial), part -> denials(tally, part));
      case ALERT -> alerts(tally);
      case AUDIT ->
          inParts(
              each(kind, AuditLine::read), part -> add(tally, kind, transfer.restoreEntries(part)));
      case KEY ->
          each(kind, AccessKeyLine::read)
              .forEachRemaining(
                  one -> named(tally, kind, one.name(), transfer.access().restore(one)));
      case CREDENTIAL ->
          each(kind, CredentialLine::read)
              .forEachRemaining(
                  one -> named(tally, kind, one.name(), transfer.access().restore(one)));
    }
  }

  private Iterator<UsageHistory> records() {
    return each(
        Kind.USAGE,
        fields -> {
          UsageHistory known = UsageLine.known(fields);
          months.accept(known.record().usage().occurredAt());
          return known;
        });
  }

  private void named(Tally tally, Kind kind, String name, Restored restored) {
    tally.add(restored);
    if (restored == Restored.REFUSED) {
      fault("%s \"%s\" is another one here, which stays".formatted(kind.word(), name));
    }
  }

  private void add(Tally tally, Kind kind, RestoreReceipt receipt) {
    tally.added += receipt.added();
    tally.unchanged += receipt.unchanged();
    tally.corrected += receipt.corrected();
    tally.refused += receipt.refusedCount();
    receipt.refused().forEach(one -> fault(kind.word() + " refused: " + one.message()));
    faults += receipt.refusedCount() - receipt.refused().size();
  }

  private void denials(Tally tally, List<DenialCount> part) {
    long raised = transfer.restoreDenials(part);
    tally.added += raised;
    tally.unchanged += part.size() - raised;
  }

  private record Fired(Alert alert, boolean delivered) {}

  private void alerts(Tally tally) {
    inParts(
        each(
            Kind.ALERT,
            fields -> new Fired(EventLine.alert(fields), EventLine.isDelivered(fields))),
        part -> {
          long added = 0;
          for (boolean delivered : new boolean[] {true, false}) {
            List<Alert> alike =
                part.stream()
                    .filter(one -> one.delivered() == delivered)
                    .map(Fired::alert)
                    .toList();
            added += transfer.restoreAlerts(alike, delivered);
          }
          tally.added += added;
          tally.unchanged += part.size() - added;
        });
  }

  /** Hands on a few at a time; long texts count as more than one. */
  private <T> void inParts(Iterator<T> all, Consumer<List<T>> taker) {
    List<T> part = new ArrayList<>();
    long text = 0;
    while (all.hasNext()) {
      T one = all.next();
      part.add(one);
      text += one instanceof SealedEntry entry ? length(entry) : 0;
      if (part.size() == LINES_AT_ONCE || text > TEXT_AT_ONCE) {
        taker.accept(part);
        part.clear();
        text = 0;
      }
    }
    if (!part.isEmpty()) {
      taker.accept(part);
    }
  }

  private static long length(SealedEntry entry) {
    String prompt = entry.entry().prompt();
    String response = entry.entry().response();
    return (prompt == null ? 0L : prompt.length()) + (response == null ? 0L : response.length());
  }

  /** Reads the lines of one kind that follow each other; bad ones are told and left out. */
  private interface Parser<T> {
    T read(JsonFields fields);
  }

  private <T> Iterator<T> each(Kind kind, Parser<T> parser) {
    Tally tally = tallies.computeIfAbsent(kind, made -> new Tally());
    return new Iterator<>() {
      private @Nullable T parsed;

      @Override
      public boolean hasNext() {
        while (parsed == null && next != null && nextKind == kind) {
          tally.lines++;
          parsed = parse(next, parser, tally);
          advance();
        }
        return parsed != null;
      }

      @Override
      public T next() {
        if (!hasNext() || parsed == null) {
          throw new NoSuchElementException();
        }
        T one = parsed;
        parsed = null;
        return one;
      }
    };
  }

  private <T> @Nullable T parse(JsonFields fields, Parser<T> parser, Tally tally) {
    try {
      T parsed = parser.read(fields);
      fields.requireNoOthers();
      return parsed;
    } catch (IllegalArgumentException e) {
      tally.refused++;
      fault("line %d: %s".formatted(nextNumber, e.getMessage()));
      return null;
    }
  }

  private void requireEnd() {
    if (end == null) {
      fault("the last line is missing: the file was cut off, or is still being written");
    } else if (end.number("lines") != read) {
      fault(
          "the last line says %s came before it, but %d did: some are missing"
              .formatted(Plural.of(end.number("lines"), "line"), read));
    }
  }
}
