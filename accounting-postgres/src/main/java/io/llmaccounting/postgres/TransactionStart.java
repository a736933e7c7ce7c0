package io.llmaccounting.postgres;

/**
 * The statements that transactions begin with. Connections of our own pool are set up once; those
 * of somebody else's pool only for the length of each transaction, so that nothing of ours stays
 * behind.
 *
 * @param writing before work that writes; may be empty
 * @param reading before work that reads
 */
record TransactionStart(String writing, String reading) {
  private static final String ONE_VIEW =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  /** The statement that sets up a connection of our own pool. */
  static String ofConnections(PostgresSettings settings) {
    return names(settings, "SET SESSION ")
        + "; SET SESSION default_transaction_isolation = 'read committed'; "
        + patience(settings, "SET SESSION ");
  }

  /** The start of transactions on connections that were set up already. */
  static TransactionStart prepared() {
    return new TransactionStart(
        "", ONE_VIEW + "; SET LOCAL idle_in_transaction_session_timeout = 0");
  }

  /** The start of transactions on connections that belong to somebody else. */
  static TransactionStart borrowed(PostgresSettings settings) {
    String names = names(settings, "SET LOCAL ");
    return new TransactionStart(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; "
            + names
            + "; "
            + patience(settings, "SET LOCAL "),
        ONE_VIEW + "; " + names);
  }

  private static String names(PostgresSettings settings, String set) {
    return set
        + "search_path = "
        + settings.schema()
        + "; "
        + set
        + "statement_timeout = "
        + settings.statementTimeout().toMillis();
  }

  // A process that stalls inside a transaction must not keep its locks from all the others.
  private static String patience(PostgresSettings settings, String set) {
    return set
        + "lock_timeout = "
        + settings.lockTimeout().toMillis()
        + "; "
        + set
        + "idle_in_transaction_session_timeout = "
        + settings.statementTimeout().toMillis();
  }
}
