package io.llmaccounting.cli.reconcile;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresReconcileIT extends ReconcileContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
