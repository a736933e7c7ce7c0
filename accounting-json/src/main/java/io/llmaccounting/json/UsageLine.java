package io.llmaccounting.json;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call as one line: written by {@code export}, read by {@code import} exactly as it was known,
 * and by {@code track --from} as something new to record.
 */
public final class UsageLine {
  /** The kind of these lines. */
  public static final String KIND = "usage";

  /**
   * The fields in which export says how a store booked a call; a call that is recorded anew is
   * booked anew, without them.
   */
  private static final List<String> BOOKED = List.of("kind", "charged_at", "settled_at", "late");

  private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);

  private UsageLine() {}

  /** Writes {@code known} with everything that is known of it. */
  public static void write(JsonWriter to, UsageHistory history) throws IOException {
    RecordedUsage known = history.record();
    Usage usage = known.usage();
    to.begin(KIND).text("id", usage.id()).time("at", usage.occurredAt()).text("key", usage.key());
    writeContent(to, usage);
    to.time("charged_at", known.chargedAt())
        .time("settled_at", known.settledAt())
        .flagIfSet("late", known.late());
    AdjustmentLines.write(to, history.adjustments());
    to.end();
  }

  /**
   * Writes a call that is to be recorded, as {@link #tracked} reads it: without how it is booked.
   */
  public static void writeNew(JsonWriter to, Usage usage) throws IOException {
    to.begin(KIND).text("id", usage.id()).time("at", usage.occurredAt()).text("key", usage.key());
    writeContent(to, usage);
    to.end();
  }

  /**
   * Writes what a call consumed into an object that is open, without which call it is: neither its
   * id, nor its time, nor its key.
   */
  public static void writeContent(JsonWriter to, Usage usage) throws IOException {
    to.text("provider", usage.provider())
        .text("model", usage.model())
        .text("response_model", usage.responseModel())
        .text("operation", usage.operation());
    TokenLine.write(to, usage);
    PricedCost computed = usage.computedCost();
    PartLines.write(to, usage.parts());
    to.map("extras", usage.extras())
        .text("cost", dollars(usage.givenCost()))
        .text("reported_cost", dollars(usage.reportedCost()))
        .flagIfSet("prefers_computed", usage.costPolicy() == ReportedCostPolicy.PREFER_COMPUTED)
        .text("computed_cost", computed == null ? null : dollars(computed.cost()))
        .text("priced_by", computed == null ? null : computed.pricedBy())
        .flagIfSet("lower_bound", computed != null && computed.lowerBound())
        .word("outcome", usage.outcome());
    write(to, usage.details());
    Attribution who = usage.attribution();
    to.text("user", who.user())
        .text("project", who.project())
        .text("caller", who.caller())
        .text("session", who.session())
        .map("tags", who.tags());
  }

  private static void write(JsonWriter to, CallDetails details) throws IOException {
    to.seconds("latency", details.latency())
        .seconds("time_to_first_token", details.timeToFirstToken())
        .flag("streamed", details.streamed())
        .text("finish_reason", details.finishReason())
        .text("response_id", details.responseId())
        .number("attempts", details.attempts())
        .text("error_type", details.errorType())
        .text("error_message", details.errorMessage())
        .text("service_tier", details.serviceTier())
        .text("speed", details.speed())
        .flagIfSet("batch", details.batch())
        .text("region", details.region())
        .text("raw_usage", details.rawUsage());
    AskedLine.write(to, details.asked());
  }

  static @Nullable String dollars(@Nullable Cost cost) {
    return cost == null ? null : cost.toString().substring(1);
  }

  /**
   * Reads a line exactly as the store that wrote it knew the call.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static UsageHistory known(JsonFields line) {
    Instant at = line.instant("at");
    Usage usage = usage(line, line.id("id"), line.optionalText("key"), at);
    RecordedUsage known =
        new RecordedUsage(
            usage, line.instant("charged_at"), line.instant("settled_at"), line.flag("late"), null);
    UsageHistory history = AdjustmentLines.read(line, known);
    line.requireKind(KIND);
    line.requireNoOthers();
    return history;
  }

  /**
   * A call to be recorded anew.
   *
   * @param usage the call; a computed cost that the line states is kept
   * @param timeIsGiven whether the line said when the call was made
   */
  public record Tracked(Usage usage, boolean timeIsGiven) {}

  /**
   * Reads a line as a call to be recorded. Only the model is required. An {@code id} that is a
   * record's id (a UUID of version 7 that fits the time) becomes the record's id; any other becomes
   * its idempotency key.
   *
   * @param now the time of a call whose line says none
   * @param ids gives the id of a call made at the given time, where the line has none
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static Tracked tracked(JsonFields line, Instant now, Function<Instant, UUID> ids) {
    Instant given = line.optionalInstant("at");
    String name = line.optionalText("id");
    String key = line.optionalText("key");
    UUID id = name == null ? null : recordId(name, given);
    if (name != null && id == null) {
      if (key != null && !key.equals(name)) {
        throw new IllegalArgumentException(
            "id must be a record's id beside key \"%s\", was \"%s\"; give one of the two"
                .formatted(key, name));
      }
      key = name;
    }
    Instant at = given != null ? given : id != null ? UsageId.timeOf(id) : now;
    Usage usage = usage(line, id != null ? id : ids.apply(at), key, at);
    BOOKED.forEach(line::pass);
    AdjustmentLines.FIELDS.forEach(line::pass);
    line.requireNoOthers();
    return new Tracked(usage, given != null || id != null);
  }

  private static @Nullable UUID recordId(String name, @Nullable Instant at) {
    UUID id = JsonFields.uuid(name);
    if (id == null || id.version() != 7 || id.variant() != 2) {
      return null;
    }
    boolean fits = at == null || UsageId.timeOf(id).toEpochMilli() == at.toEpochMilli();
    return fits ? id : null;
  }

  private static Usage usage(JsonFields line, UUID id, @Nullable String key, Instant at) {
    TokenUsage tokens = TokenLine.read(line);
    TokenSource source = line.optionalWord("source", TokenSource.class);
    if (source == null) {
      source = tokens == null ? TokenSource.MISSING : TokenSource.REPORTED;
    }
    Outcome outcome = line.optionalWord("outcome", Outcome.class);
    return new Usage(
        id,
        key,
        at,
        line.text("model"),
        line.optionalText("response_model"),
        line.optionalText("provider"),
        line.optionalText("operation"),
        tokens,
        source,
        line.optionalNumber("local_input_tokens"),
        line.optionalNumber("local_output_tokens"),
        line.counts("extras"),
        PartLines.read(line),
        cost(line, "cost"),
        cost(line, "reported_cost"),
        priced(line, "computed_cost", "priced_by", "lower_bound"),
        line.flag("prefers_computed")
            ? ReportedCostPolicy.PREFER_COMPUTED
            : ReportedCostPolicy.PREFER_REPORTED,
        outcome == null ? Outcome.SUCCEEDED : outcome,
        details(line),
        new Attribution(
            line.optionalText("project"),
            line.optionalText("user"),
            line.optionalText("caller"),
            line.optionalText("session"),
            line.texts("tags")));
  }

  private static CallDetails details(JsonFields line) {
    Long attempts = line.optionalNumber("attempts");
    return new CallDetails(
        seconds(line, "latency"),
        seconds(line, "time_to_first_token"),
        line.optionalFlag("streamed"),
        line.optionalText("finish_reason"),
        line.optionalText("response_id"),
        attempts == null ? null : attempts(attempts),
        line.optionalText("error_type"),
        line.optionalText("error_message"),
        line.optionalText("service_tier"),
        line.optionalText("speed"),
        line.flag("batch"),
        line.optionalText("region"),
        line.optionalText("raw_usage"),
        AskedLine.read(line));
  }

  private static int attempts(long attempts) {
    if (attempts < 1 || attempts > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("attempts must be from 1 to 2147483647, was " + attempts);
    }
    return (int) attempts;
  }

  static @Nullable Duration seconds(JsonFields line, String name) {
    BigDecimal seconds = line.optionalDecimal(name);
    if (seconds == null) {
      return null;
    }
    try {
      long micros =
          seconds.multiply(MICROS).setScale(0, java.math.RoundingMode.DOWN).longValueExact();
      return Duration.ofSeconds(
          Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(name + " must be a number of seconds, was " + seconds, e);
    }
  }

  static @Nullable Cost cost(JsonFields line, String name) {
    BigDecimal dollars = line.optionalDecimal(name);
    try {
      return dollars == null ? null : Cost.usd(dollars);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  static @Nullable PricedCost priced(JsonFields line, String cost, String by, String bound) {
    Cost amount = cost(line, cost);
    String pricedBy = line.optionalText(by);
    boolean lowerBound = line.flag(bound);
    if ((amount == null) != (pricedBy == null)) {
      throw new IllegalArgumentException(
          "%s and %s must be given together, were %s and %s".formatted(cost, by, amount, pricedBy));
    }
    return amount == null || pricedBy == null ? null : new PricedCost(amount, pricedBy, lowerBound);
  }
}
