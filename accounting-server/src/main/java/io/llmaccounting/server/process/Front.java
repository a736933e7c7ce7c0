package io.llmaccounting.server.process;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.micrometer.AccountingMetrics;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.sealing.SealedCredentials;
import io.llmaccounting.server.sinks.RunningSinks;
import java.time.Duration;

/** What listens and answers. */
@FunctionalInterface
public interface Front {
  /**
   * Begins to listen; returns once requests are taken.
   *
   * @throws io.llmaccounting.cli.console.Failure if it cannot listen there
   */
  Open open(Parts parts);

  /**
   * What it works with. Whoever opens it owns them, and closes them after it.
   *
   * @param settings what the server is told
   * @param accounting meters what passes
   * @param credentials what upstreams are told for projects
   * @param metrics meters of the accounting
   * @param sinks what is passed on
   */
  record Parts(
      ServerSettings settings,
      LlmAccounting accounting,
      SealedCredentials credentials,
      AccountingMetrics metrics,
      RunningSinks sinks) {}

  /** A front that listens. */
  interface Open {
    /** The port. */
    int port();

    /** Says that it is about to stop, and goes on to take requests. */
    void announceStop();

    /** Takes no more requests, and lets those under way end, at most for so long. */
    void stop(Duration drain);
  }
}
