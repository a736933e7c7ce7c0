package io.llmaccounting.server.rest.prices;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Cursor;
import io.llmaccounting.server.rest.http.Workers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lists rows of prices, in the order in which they are looked up. */
public final class ListPrices implements Workers.Blocking {
  private static final int USUAL = 100;

  @Override
  public Answer answer(Asked asked) {
    JsonFields query = asked.query();
    Long limit = query.optionalNumber("limit");
    int most = limit == null ? USUAL : limit.intValue();
    List<PriceRow> all =
        asked.reach().prices().rows().stream().filter(row -> isWanted(query, row)).toList();
    int first = first(all, query.optionalText("after"));
    List<PriceRow> page = all.subList(first, Math.min(all.size(), first + most));
    return Answer.ok(
        to -> {
          to.beginList("prices");
          for (PriceRow row : page) {
            to.beginObject();
            PriceForm.write(to, row);
            to.endObject();
          }
          to.endList();
          if (first + page.size() < all.size()) {
            to.text("next", Cursor.of(page.get(page.size() - 1).id()));
          }
        });
  }

  private static int first(List<PriceRow> all, @Nullable String after) {
    if (after == null) {
      return 0;
    }
    String last = Cursor.parts(after, 1).get(0);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id().equals(last)) {
        return i + 1;
      }
    }
    throw Cursor.wrong(after);
  }

  private static boolean isWanted(JsonFields query, PriceRow row) {
    String provider = query.optionalText("provider");
    String project = query.optionalText("project");
    String model = query.optionalText("model");
    Instant at = query.optionalInstant("at");
    String part = model == null ? "" : model.toLowerCase(Locale.ROOT);
    return (provider == null || provider.equals(row.provider()))
        && (project == null || project.equals(row.project()))
        && (at == null || isInForce(row, at))
        && row.models().stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(part));
  }

  private static boolean isInForce(PriceRow row, Instant at) {
    return (row.from() == null || !at.isBefore(row.from()))
        && (row.until() == null || at.isBefore(row.until()));
  }
}
