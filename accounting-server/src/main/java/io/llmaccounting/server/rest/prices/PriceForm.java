package io.llmaccounting.server.rest.prices;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.providers.prices.DailyPrices;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.providers.prices.PriceTier;
import io.llmaccounting.providers.prices.TokenPrices;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows of prices as objects, in dollars for a million tokens. */
final class PriceForm {
  private PriceForm() {}

  static void write(JsonWriter to, PriceRow row) throws IOException {
    to.text("id", row.id())
        .text("provider", row.provider())
        .texts("models", row.models())
        .text("project", row.project())
        .time("from", row.from())
        .time("until", row.until());
    write(to, row.prices());
    rules(to, row);
    to.text("batch", plain(row.batch()))
        .map("service_tiers", texts(row.serviceTiers()))
        .map("regions", texts(row.regions()))
        .map("speeds", texts(row.speeds()))
        .texts("derived", row.derived())
        .texts("disputed", row.disputed())
        .text("source", row.source());
  }

  private static void rules(JsonWriter to, PriceRow row) throws IOException {
    if (!row.tiers().isEmpty()) {
      to.beginList("tiers");
      for (PriceTier tier : row.tiers()) {
        to.beginObject().number("above", tier.above());
        write(to, tier.prices());
        to.endObject();
      }
      to.endList();
    }
    if (!row.daily().isEmpty()) {
      to.beginList("daily");
      for (DailyPrices hours : row.daily()) {
        to.beginObject()
            .text("start", hours.start())
            .text("end", hours.end())
            .text("zone", hours.zone().getId());
        write(to, hours.prices());
        to.endObject();
      }
      to.endList();
    }
    Map<String, String> extras = new TreeMap<>();
    row.extras()
        .forEach(
            (name, price) ->
                extras.put(name, "%s per %d".formatted(plain(price.price()), price.per())));
    to.map("extras", extras);
  }

  private static void write(JsonWriter to, TokenPrices prices) throws IOException {
    to.text("input", plain(prices.input()))
        .text("output", plain(prices.output()))
        .text("cache_read", plain(prices.cacheRead()))
        .text("cache_write_5m", plain(prices.cacheWrite5m()))
        .text("cache_write_1h", plain(prices.cacheWrite1h()))
        .text("audio_input", plain(prices.audioInput()))
        .text("audio_output", plain(prices.audioOutput()));
  }

  private static Map<String, String> texts(Map<String, BigDecimal> factors) {
    Map<String, String> texts = new TreeMap<>();
    factors.forEach((name, factor) -> texts.put(name, factor.toPlainString()));
    return texts;
  }

  private static @Nullable String plain(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }
}
