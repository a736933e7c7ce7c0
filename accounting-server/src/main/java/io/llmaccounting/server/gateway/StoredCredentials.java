package io.llmaccounting.server.gateway;

import io.llmaccounting.Credentials;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.server.config.CredentialRule;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials as they are stored: those of the project first, then those of all projects, then what
 * is configured. Where there are several, they take turns. Changes are seen within the staleness;
 * while the store is away, what was read last is good. Safe for use by many threads.
 */
public final class StoredCredentials implements Keychain {
  private static final Logger log = LoggerFactory.getLogger(StoredCredentials.class);

  private static final String CONFIGURED = "configured";

  private final Vertx vertx;
  private final Credentials stored;
  private final Function<ProviderCredential, Secret> opener;
  private final Duration staleness;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Future<Read>> reading = new AtomicReference<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile @Nullable Read last;

  private record Place(@Nullable String project, String upstream) {}

  /** What the store has, and of which places it has what cannot be opened, and why. */
  private record Read(
      long at,
      long revision,
      Map<Place, List<Held>> secrets,
      Map<Place, SealingException> sealed) {}

  /**
   * @param opener decrypts what is sealed
   * @param staleness how old what was read may be
   * @param nanos a clock like {@link System#nanoTime}
   */
  public StoredCredentials(
      Vertx vertx,
      Credentials stored,
      Function<ProviderCredential, Secret> opener,
      Duration staleness,
      LongSupplier nanos) {
    this.vertx = vertx;
    this.stored = stored;
    this.opener = opener;
    this.staleness = staleness;
    this.nanos = nanos;
  }

  @Override
  public CompletionStage<Optional<Secret>> credential(
      @Nullable String project, UpstreamSettings upstream) {
    return held(project, upstream, null).thenApply(found -> found.map(Held::secret));
  }

  @Override
  public CompletionStage<Optional<Held>> held(
      @Nullable String project, UpstreamSettings upstream, @Nullable String wanted) {
    return current().map(read -> chosen(read, project, upstream, wanted)).toCompletionStage();
  }

  private Optional<Held> chosen(
      Read read, @Nullable String project, UpstreamSettings upstream, @Nullable String wanted) {
    List<Held> own =
        project == null
            ? List.of()
            : read.secrets().getOrDefault(new Place(project, upstream.name()), List.of());
    List<Held> everybodys =
        read.secrets().getOrDefault(new Place(null, upstream.name()), List.of());
    Optional<Held> meant =
        Stream.of(own, everybodys)
            .flatMap(List::stream)
            .filter(one -> one.id().equals(wanted))
            .findFirst();
    if (meant.isPresent()) {
      return meant;
    }
    if (own.isEmpty() && project != null) {
      // a project that has its own account does not come to use the one of all by accident
      requireOpened(read, new Place(project, upstream.name()));
    }
    List<Held> all = own.isEmpty() ? everybodys : own;
    if (!all.isEmpty()) {
      return Optional.of(all.get(Math.floorMod(turn.getAndIncrement(), all.size())));
    }
    if (upstream.credential() == null) {
      requireOpened(read, new Place(null, upstream.name()));
    }
    return Optional.ofNullable(upstream.credential())
        .map(secret -> new Held(CONFIGURED, secret, true));
  }

  private static void requireOpened(Read read, Place place) {
    SealingException why = read.sealed().get(place);
    if (why != null) {
      throw why;
    }
  }

  private Future<Read> current() {
    Read known = last;
    if (known != null && nanos.getAsLong() - known.at() <= staleness.toNanos()) {
      return Future.succeededFuture(known);
    }
    Future<Read> under = reading.get();
    return under != null ? under : read(known);
  }

  /** Reads on a worker; all that ask meanwhile wait for the same. */
  private Future<Read> read(@Nullable Read known) {
    Future<Read> begun =
        vertx
            .executeBlocking(() -> fresh(known), false)
            .recover(
                away -> known == null ? Future.failedFuture(away) : Future.succeededFuture(known));
    if (!reading.compareAndSet(null, begun)) {
      return Objects.requireNonNullElse(reading.get(), begun);
    }
    return begun.onComplete(
        done -> {
          if (done.succeeded()) {
            Read read = done.result();
            last = new Read(nanos.getAsLong(), read.revision(), read.secrets(), read.sealed());
          }
          reading.set(null);
        });
  }

  private Read fresh(@Nullable Read known) {
    long revision = stored.revision();
    if (known != null && known.revision() == revision) {
      return known;
    }
    Map<Place, List<Held>> secrets = new HashMap<>();
    Map<Place, SealingException> sealed = new HashMap<>();
    for (ProviderCredential one : stored.list()) {
      Place place = new Place(one.project(), one.upstream());
      try {
        Secret secret = opened(one);
        secrets
            .computeIfAbsent(place, first -> new ArrayList<>())
            .add(new Held(one.id().toString(), secret, one.project() == null));
      } catch (SealingException e) {
        sealed.putIfAbsent(place, e);
      }
    }
    return new Read(nanos.getAsLong(), revision, secrets, sealed);
  }

  /** One that cannot be opened takes nothing from the others. */
  private Secret opened(ProviderCredential credential) {
    try {
      Secret secret = opener.apply(credential);
      Optional<String> problem = CredentialRule.problem(secret);
      if (problem.isPresent()) {
        throw new SealingException("credential %s %s".formatted(credential.id(), problem.get()));
      }
      return secret;
    } catch (SealingException e) {
      log.error("{}; it is not used", e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      log.error("credential {} cannot be opened, and is not used", credential.id(), e);
      throw new SealingException("credential %s cannot be opened".formatted(credential.id()));
    }
  }
}
