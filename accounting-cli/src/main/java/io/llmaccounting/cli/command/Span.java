package io.llmaccounting.cli.command;

import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say from when until when. */
public final class Span {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "From this time on, such as 2026-03-01. Default: from the beginning.")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Until before this time. Default: without end.")
  @Nullable String to;

  /** The period that was given. */
  public TimeRange period(ZoneId zone) {
    Instant first = from == null ? TimeRange.always().from() : Times.parse("--from", from, zone);
    Instant last = to == null ? TimeRange.always().to() : Times.parse("--to", to, zone);
    return new TimeRange(first, last);
  }
}
