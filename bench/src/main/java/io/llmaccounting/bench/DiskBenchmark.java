package io.llmaccounting.bench;

import io.llmaccounting.bench.Comparison.Target;

/** What a record takes on disk, its indices included, beside the bytes of its own values. */
record DiskBenchmark(Archive archive) implements Benchmark.OnStore {
  @Override
  public Comparison run(Bench bench, Store store) throws Exception {
    Store.Place place = archive.of(bench, store);
    double records = bench.scale().archive();
    double values = place.bytesOfValues() / records;
    double disk = place.bytes("usage_event") / records;
    double rollups = place.bytes("usage_rollup") / records;
    return new Comparison(
        "disk per record, " + store.name(),
        "usage_event and its indices",
        "the bytes of its values",
        new Target(false, 2, "× bytes"),
        disk / values,
        Measured.once(Double.NaN),
        Measured.once(Double.NaN),
        "%.0f bytes of %.0f; rollups add %.0f".formatted(disk, values, rollups));
  }
}
