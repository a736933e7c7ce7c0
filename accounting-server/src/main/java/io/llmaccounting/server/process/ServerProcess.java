package io.llmaccounting.server.process;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.micrometer.AccountingMetrics;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.sealing.KeySource;
import io.llmaccounting.server.sealing.SealedCredentials;
import io.llmaccounting.server.sealing.Sealing;
import io.llmaccounting.server.sinks.RunningSinks;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server: its store, its accounting and what listens, in this order; {@link #close}
 * stops them in the other one. Safe for use by many threads.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  private final ServerSettings settings;
  private final LlmAccounting accounting;
  private final Set<UUID> unopened;
  private final Front.Open front;
  private final RunningSinks sinks;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch hurried = new CountDownLatch(1);

  private ServerProcess(
      ServerSettings settings,
      LlmAccounting accounting,
      Set<UUID> unopened,
      Front.Open front,
      RunningSinks sinks) {
    this.settings = settings;
    this.accounting = accounting;
    this.unopened = Set.copyOf(unopened);
    this.front = front;
    this.sinks = sinks;
  }

  /** Starts all of it; what was opened is closed again where the rest cannot start. */
  public static ServerProcess start(
      ServerSettings settings, Stores stores, Front front, InstantSource clock) {
    UsageBackend backend = stores.open(settings.store(), true);
    AccountingMetrics metrics = new AccountingMetrics();
    LlmAccounting accounting;
    try {
      accounting = Accountings.forServer(settings, backend, clock, metrics);
      metrics.watch(accounting::health);
    } catch (RuntimeException e) {
      backend.close();
      throw e;
    }
    RunningSinks sinks = null;
    try {
      SecureRandom random = new SecureRandom();
      SealedCredentials credentials =
          new SealedCredentials(
              accounting.credentials(), KeySource.of(settings, random), new Sealing(random));
      Map<UUID, String> faults = credentials.faults();
      faults.values().forEach(fault -> LOG.warn("{}; it is not used", fault));
      sinks = RunningSinks.start(settings.sinks(), backend, clock);
      Front.Open open =
          front.open(new Front.Parts(settings, accounting, credentials, metrics, sinks));
      LOG.info("listening on {}:{}", settings.listening().host(), open.port());
      return new ServerProcess(settings, accounting, faults.keySet(), open, sinks);
    } catch (RuntimeException e) {
      if (sinks != null) {
        sinks.close();
      }
      accounting.close();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return front.port();
  }

  /** The stored credentials, without those that did not open when it started. */
  public List<ProviderCredential> credentials() {
    return accounting.credentials().list().stream()
        .filter(one -> !unopened.contains(one.id()))
        .toList();
  }

  /** The accounting of what passes; it ends with this. */
  public LlmAccounting accounting() {
    return accounting;
  }

  /** Ends the notice that {@link #close} gives, or is about to give. */
  public void hurry() {
    hurried.countDown();
  }

  /**
   * Gives notice that it stops, lets requests under way end, then stores what waits; does nothing
   * when called again.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      giveNotice();
      LOG.info("requests under way may take {}", settings.drain());
      front.stop(settings.drain());
    } finally {
      try {
        sinks.close();
      } finally {
        accounting.close();
      }
      LOG.info("stopped");
    }
  }

  /** Balancers look now and then: what they send until they know would be refused. */
  private void giveNotice() {
    front.announceStop();
    LOG.info("stopping; not ready, and requests are taken for {} more", settings.notice());
    try {
      if (hurried.await(settings.notice().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("told again to stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
