package io.llmaccounting.cli.reconcile;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.providers.HistoryListener;
import io.llmaccounting.providers.HistoryReader;
import io.llmaccounting.providers.PastAnswer;
import io.llmaccounting.providers.UsageReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what a provider counted: pages of the usage and costs interfaces of OpenAI and Anthropic
 * as they came, and the CSV of OpenAI's dashboard. Confined to one thread.
 */
final class ProviderExport implements HistoryListener {
  private static final int NANO = 9;

  private final Map<Place, Sums> sums = new TreeMap<>();
  private @Nullable String provider;

  /**
   * Adds a file.
   *
   * @throws IllegalArgumentException naming the line, if it is no such file
   */
  void add(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file);
    in.mark(64);
    byte[] first = in.readNBytes(64);
    in.reset();
    boolean compressed = first.length > 0 && first[0] == 0x1F;
    String head = new String(first, StandardCharsets.UTF_8).replace("\uFEFF", "").strip();
    if (head.startsWith("{") || head.startsWith("[") || compressed) {
      HistoryReader.of(UsageReader.create()).read(in, this);
    } else {
      addTable(in);
    }
  }

  /** What was counted, by day and model. */
  Map<Place, Sums> sums() {
    return sums;
  }

  /** The provider that the files are from; OpenAI where there is nothing in them. */
  String provider() {
    return provider == null ? "openai" : provider;
  }

  private void isOf(String name) {
    if (provider != null && !provider.equals(name)) {
      throw new IllegalArgumentException(
          "files must be of one provider, were of %s and %s".formatted(provider, name));
    }
    provider = name;
  }

  private void addTable(InputStream in) throws IOException {
    CsvLines lines =
        new CsvLines(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    for (Map<String, String> row = lines.next(); row != null; row = lines.next()) {
      try {
        addRow(row);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "line %,d: %s".formatted(lines.line(), e.getMessage()), e);
      }
    }
  }

  private void addRow(Map<String, String> row) {
    BigDecimal start = number(row, "start_time");
    if (start == null) {
      throw new IllegalArgumentException(
          "a row must have start_time in seconds since 1970, had only " + row.keySet());
    }
    isOf("openai");
    BigDecimal amount = number(row, "amount_value");
    add(
        day(start),
        amount == null ? row.get("model") : item(row.get("line_item")),
        new Sums(
            whole(number(row, "num_model_requests")),
            whole(number(row, "input_tokens")),
            whole(number(row, "output_tokens")),
            dollars(amount, row.get("amount_currency"))));
  }

  private static @Nullable BigDecimal number(Map<String, String> row, String name) {
    String text = row.get(name);
    try {
      return text == null ? null : new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s must be a number, was %.40s".formatted(name, text), e);
    }
  }

  private static @Nullable Long whole(@Nullable BigDecimal number) {
    return number == null ? null : number.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  @Override
  public boolean takes(long line, Set<String> names, byte[] text) {
    JsonFields page = JsonLine.of(line, text).fields();
    if (page == null) {
      throw new IllegalArgumentException(
          "line %,d must begin a page of usage or costs, did not".formatted(line));
    }
    try {
      if (page.has("results")) {
        addBucket(page);
      } else {
        page.objects("data").forEach(this::addBucket);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "of the page at line %,d: %s".formatted(line, e.getMessage()), e);
    }
    return true;
  }

  private void addBucket(JsonFields bucket) {
    if (AnthropicReport.isBucket(bucket)) {
      isOf("anthropic");
      AnthropicReport.sums(bucket).forEach((place, more) -> add(place.day(), place.model(), more));
      return;
    }
    isOf("openai");
    LocalDate day = day(BigDecimal.valueOf(bucket.number("start_time")));
    for (JsonFields result : bucket.objects("results")) {
      JsonFields amount = result.optionalObject("amount");
      if (amount == null) {
        add(
            day,
            result.optionalText("model"),
            new Sums(
                result.optionalNumber("num_model_requests"),
                result.optionalNumber("input_tokens"),
                result.optionalNumber("output_tokens"),
                null));
      } else {
        add(
            day,
            item(result.optionalText("line_item")),
            new Sums(
                null,
                null,
                null,
                dollars(amount.optionalDecimal("value"), amount.optionalText("currency"))));
      }
    }
  }

  private void add(LocalDate day, @Nullable String model, Sums more) {
    if (more.hasUsage() || more.dollars() != null) {
      sums.merge(new Place(day, model), more, Sums::plus);
    }
  }

  private static LocalDate day(BigDecimal seconds) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(seconds.longValue()), ZoneOffset.UTC);
  }

  /** Of "gpt-5-mini, input" the model; what is billed by other names keeps its name. */
  private static @Nullable String item(@Nullable String line) {
    int comma = line == null ? -1 : line.indexOf(", ");
    return line == null || comma < 0 ? line : line.substring(0, comma);
  }

  private static @Nullable BigDecimal dollars(
      @Nullable BigDecimal amount, @Nullable String currency) {
    if (amount != null && currency != null && !currency.equalsIgnoreCase("usd")) {
      throw new IllegalArgumentException("amounts must be in usd, were in " + currency);
    }
    return amount == null ? null : amount.setScale(NANO, RoundingMode.HALF_EVEN);
  }

  @Override
  public void answer(PastAnswer answer) {
    throw new IllegalArgumentException("a file of sums must not be one event stream, was one");
  }

  @Override
  public void skipped(long line, String reason) {
    throw new IllegalArgumentException("line %,d %s".formatted(line, reason));
  }

  @Override
  public void repeated(long line) {
    throw new IllegalStateException("a page of sums repeats no answer");
  }

  @Override
  public void unreadable(long line, String problem) {
    throw new IllegalArgumentException("line %,d: %s".formatted(line, problem));
  }
}
