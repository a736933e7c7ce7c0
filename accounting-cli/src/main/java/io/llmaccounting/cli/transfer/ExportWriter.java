package io.llmaccounting.cli.transfer;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.Transfer;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.json.AccessKeyLine;
import io.llmaccounting.json.AuditLine;
import io.llmaccounting.json.CredentialLine;
import io.llmaccounting.json.EventLine;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.json.LimitLine;
import io.llmaccounting.json.NameLine;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes what a store knows, in bounded memory. For one thread. */
final class ExportWriter {
  private static final int LINES_BETWEEN_LOOKS = 1_000;

  private final LlmAccounting accounting;
  private final Transfer transfer;
  private final JsonWriter to;
  private final Choice choice;
  private final ProgressBar progress;
  private final Map<Kind, Long> written = new EnumMap<>(Kind.class);
  private final List<String> damages = new ArrayList<>();
  private long lines;

  /**
   * Says what to write.
   *
   * @param kinds which kinds of lines
   * @param period usage with occurredAt inside
   * @param filter which usage
   */
  record Choice(Set<Kind> kinds, TimeRange period, UsageFilter filter) {
    boolean isPart() {
      return !period.equals(TimeRange.always()) || !filter.equals(UsageFilter.all());
    }
  }

  /** Writes one line. */
  private interface Line {
    void write(JsonWriter to) throws IOException;
  }

  ExportWriter(LlmAccounting accounting, OutputStream out, Choice choice, ProgressBar progress)
      throws IOException {
    this.accounting = accounting;
    this.transfer = accounting.admin().transfer();
    this.to = new JsonWriter(out);
    this.choice = choice;
    this.progress = progress;
  }

  /** Writes everything, and returns how many lines of each kind. */
  Map<Kind, Long> run(Instant now, Instant completeFrom) throws IOException {
    try {
      header(now, completeFrom);
      for (Kind kind : choice.kinds()) {
        written.put(kind, 0L);
        write(kind);
      }
      end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return written;
  }

  /** Rows of the audit log that could not be read as entries, and were left out. */
  List<String> damages() {
    return Collections.unmodifiableList(damages);
  }

  private void header(Instant now, Instant completeFrom) throws IOException {
    to.begin(Kind.HEADER)
        .text("format", "llm-accounting")
        .number("version", Kind.VERSION)
        .time("written_at", now)
        .text("kinds", String.join(" ", choice.kinds().stream().map(Kind::word).toList()))
        .time("complete_from", completeFrom.equals(Instant.EPOCH) ? null : completeFrom);
    if (choice.isPart()) {
      to.time("from", choice.period().from()).time("to", choice.period().to());
      Map<String, String> filter = new TreeMap<>();
      choice.filter().matches().forEach((by, match) -> filter.put(by.toString(), match.toString()));
      to.map("filter", filter);
    }
    to.end();
  }

  private void write(Kind kind) {
    switch (kind) {
      case PROJECT -> names(kind, accounting.directory().projects());
      case USER -> names(kind, accounting.directory().users());
      case USAGE ->
          transfer.records(
              choice.period(),
              choice.filter(),
              record -> line(kind, out -> UsageLine.write(out, record)));
      case LIMIT -> limits();
      case DENIAL -> denials();
      case ALERT ->
          transfer.alerts(
              (alert, delivered) -> line(kind, out -> EventLine.write(out, alert, delivered)));
      case AUDIT -> transfer.auditEntries(this::entry);
      case KEY -> transfer.access().keys(key -> line(kind, out -> AccessKeyLine.write(out, key)));
      case CREDENTIAL ->
          transfer.access().credentials(one -> line(kind, out -> CredentialLine.write(out, one)));
    }
  }

  private void names(Kind kind, List<DirectoryEntry> entries) {
    entries.forEach(entry -> line(kind, out -> NameLine.write(out, entry)));
  }

  private void limits() {
    for (OwnedLimit limit : accounting.limits().owned()) {
      line(Kind.LIMIT, out -> LimitLine.write(out, limit));
    }
  }

  private void denials() {
    List<DenialCount> oldestFirst = new ArrayList<>(accounting.admin().denials(TimeRange.always()));
    Collections.reverse(oldestFirst);
    oldestFirst.forEach(denial -> line(Kind.DENIAL, out -> EventLine.write(out, denial)));
  }

  private void entry(ScannedEntry scanned) {
    SealedEntry stored = scanned.stored();
    if (stored == null) {
      damages.add("audit entry %s was left out: %s".formatted(scanned.id(), scanned.damage()));
    } else {
      line(Kind.AUDIT, out -> AuditLine.write(out, stored));
    }
  }

  private void line(Kind kind, Line line) {
    try {
      line.write(to);
      written.merge(kind, 1L, Long::sum);
      if (++lines % LINES_BETWEEN_LOOKS == 0) {
        progress.at(lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line says how many came before, so that a file that was cut off is found out. */
  private void end() throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    written.forEach((kind, count) -> counts.put(kind.word(), count));
    to.begin(Kind.END).number("lines", lines).map("counts", counts).end();
    to.flush();
  }
}
