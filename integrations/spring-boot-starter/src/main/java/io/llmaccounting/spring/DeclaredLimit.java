package io.llmaccounting.spring;

import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.Metric;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One limit of {@code llm.accounting.limits}, by the fields of files of limits.
 *
 * @param name The name, unique among all limits. Another name is another limit.
 * @param metric What is measured.
 * @param max How much is allowed: US dollars for cost, else a whole number; or "unlimited".
 * @param rolling What was used in the last 90s, 1h30m, 7d.
 * @param rollingMonths What was used in the last so many months.
 * @param calendar What was used since the last full "1 month", "15 minutes", "day".
 * @param starting Where windows of the calendar begin: 31, tuesday, 04-06, 06:00, 31 06:00.
 * @param zone The time zone of windows of the calendar.
 * @param lifetime Whether all that was ever used counts.
 * @param model Of which model; with * at its end all that begin so.
 * @param provider Of which provider, likewise.
 * @param project Of which project, likewise.
 * @param user Of which user, likewise.
 * @param caller Of which caller, likewise.
 * @param session Of which session, likewise.
 * @param tags Of which tags, by their names, likewise.
 * @param each What has a counter for every value: model, provider, project, user, caller, session
 *     or tag:NAME.
 * @param absent What calls must not have, of the same names.
 * @param action Whether a call without room is denied or only warned of.
 * @param alerts Percents of the maximum at which an alert fires.
 * @param onOutage While the database is away: closed, or open:AMOUNT for each process.
 * @param unpriced Calls without a price: deny, admit, or US dollars to charge until it is known.
 * @param grain How finely a rolling window frees what leaves it, for example 30s.
 * @param weights For weighted tokens: input, output, and what differs from them.
 * @param leased Whether processes keep slices: true, or for how long.
 */
record DeclaredLimit(
    @Nullable String name,
    @Nullable Metric metric,
    @Nullable String max,
    @Nullable String rolling,
    @Nullable String rollingMonths,
    @Nullable String calendar,
    @Nullable String starting,
    @Nullable String zone,
    @Nullable String lifetime,
    @Nullable String model,
    @Nullable String provider,
    @Nullable String project,
    @Nullable String user,
    @Nullable String caller,
    @Nullable String session,
    @DefaultValue Map<String, String> tags,
    @DefaultValue List<String> each,
    @DefaultValue List<String> absent,
    @Nullable LimitAction action,
    @DefaultValue List<String> alerts,
    @Nullable String onOutage,
    @Nullable String unpriced,
    @Nullable String grain,
    @DefaultValue Map<String, String> weights,
    @Nullable String leased) {

  private static final int LAST_DAY = 31;

  /** The fields as a file says them. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "name", name);
    put(fields, "metric", word(metric));
    put(fields, "max", plain(max));
    put(fields, "rolling", rolling);
    put(fields, "rolling-months", rollingMonths);
    put(fields, "calendar", calendar);
    put(fields, "starting", timeOfDay(starting));
    put(fields, "zone", zone);
    put(fields, "lifetime", lifetime);
    put(fields, "model", model);
    put(fields, "provider", provider);
    put(fields, "project", project);
    put(fields, "user", user);
    put(fields, "caller", caller);
    put(fields, "session", session);
    put(fields, "tags", tags.isEmpty() ? null : tags);
    put(fields, "each", each.isEmpty() ? null : each);
    put(fields, "absent", absent.isEmpty() ? null : absent);
    put(fields, "action", word(action));
    put(fields, "alerts", alerts.isEmpty() ? null : alerts);
    put(fields, "on-outage", onOutage);
    put(fields, "unpriced", plain(unpriced));
    put(fields, "grain", grain);
    put(fields, "weights", weights.isEmpty() ? null : plain(weights));
    put(fields, "leased", leased);
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static @Nullable String word(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, Object> plain(Map<String, String> numbers) {
    Map<String, Object> plain = new LinkedHashMap<>();
    numbers.forEach((name, number) -> put(plain, name, plain(number)));
    return plain;
  }

  // Boot reads 0.000001 in YAML as a number and writes it 1.0E-6
  private static @Nullable String plain(@Nullable String number) {
    if (number == null || !number.contains("E")) {
      return number;
    }
    try {
      return new BigDecimal(number).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return number;
    }
  }

  // Boot reads 16:30 in YAML as a number to the base of 60, which no day of a month can be
  private static @Nullable String timeOfDay(@Nullable String starting) {
    if (starting == null || !starting.matches("\\d{2,4}")) {
      return starting;
    }
    int minutes = Integer.parseInt(starting);
    return minutes <= LAST_DAY ? starting : "%02d:%02d".formatted(minutes / 60, minutes % 60);
  }
}
