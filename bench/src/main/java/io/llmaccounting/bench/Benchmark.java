package io.llmaccounting.bench;

import java.util.List;

/** Something that is measured, with the baseline that it is measured against. */
interface Benchmark {
  /** What it is called on the command line. */
  String name();

  /** Measures it on every database that it concerns. */
  List<Comparison> run(Bench bench) throws Exception;

  /** The same on one database after another. */
  @FunctionalInterface
  interface OnStore {
    /** Measures it there. */
    Comparison run(Bench bench, Store store) throws Exception;
  }

  /** A benchmark that is run on each database. */
  static Benchmark onEach(String name, OnStore work) {
    return new Benchmark() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<Comparison> run(Bench bench) throws Exception {
        List<Comparison> rows = new java.util.ArrayList<>();
        for (Store store : bench.stores()) {
          rows.add(work.run(bench, store));
        }
        return rows;
      }
    };
  }
}
