package io.llmaccounting.cli.reconcile;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteReconcileTest extends ReconcileContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
