package io.llmaccounting.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A place with a month of many calls on each database, made once, for all who only read it. */
final class Archive implements AutoCloseable {
  private final Map<Store, Store.Place> places = new HashMap<>();

  Store.Place of(Bench bench, Store store) throws Exception {
    Store.Place known = places.get(store);
    if (known == null) {
      known = store.fresh();
      places.put(store, known);
      known.open().close();
      try (PlainConnection connection = known.connect()) {
        connection.loseOnPowerCut();
        BulkBenchmark.fill(connection, store, BulkBenchmark.times(bench, bench.scale().archive()));
      }
      known.settle();
    }
    return known;
  }

  @Override
  public void close() throws IOException, SQLException {
    for (Store.Place place : places.values()) {
      place.close();
    }
  }
}
