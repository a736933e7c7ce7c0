package io.llmaccounting.server.sealing;

import io.llmaccounting.Credentials;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.server.config.CredentialRule;
import io.llmaccounting.server.config.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of projects in the clear: sealed on their way into the store and opened on their
 * way out. A key that it does not know yet is looked for where keys come from, so that a running
 * server follows a rotation. Safe for use by many threads; every method asks the store and blocks.
 */
public final class SealedCredentials {
  private final Credentials credentials;
  private final KeySource source;
  private final Sealing sealing;
  private final AtomicReference<@Nullable SealingKeys> known = new AtomicReference<>();

  /** Credentials of a store. */
  public SealedCredentials(Credentials credentials, KeySource source, Sealing sealing) {
    this.credentials = credentials;
    this.source = source;
    this.sealing = sealing;
  }

  /**
   * Seals and stores a credential.
   *
   * @param project the project that may use it, or null for all
   * @param upstream the upstream that it opens
   * @param name what people call it
   * @throws IllegalArgumentException if the credential is none that can be sent
   * @throws SealingException if there is no key, though there is something sealed already: its key
   *     was lost, and a new one must be meant
   */
  public ProviderCredential add(
      @Nullable String project, String upstream, String name, Secret secret, Instant now) {
    CredentialRule.problem(secret)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("a credential " + problem);
            });
    SealingKey key = keysToSealWith().current();
    SealedFor place = new SealedFor(credentials.newId(), project, upstream);
    ProviderCredential credential =
        new ProviderCredential(
            place.id(), project, upstream, name, sealing.seal(secret, place, key), key.id(), now);
    if (!credentials.add(credential)) {
      throw new IllegalStateException("the id of a new credential is taken");
    }
    return credential;
  }

  private SealingKeys keysToSealWith() {
    Optional<SealingKeys> present = source.present();
    List<ProviderCredential> sealed = present.isPresent() ? List.of() : credentials.list();
    if (!sealed.isEmpty()) {
      throw new SealingException(
          "there is no file %s, and only the key in it opens the stored credentials (%d)"
              .formatted(source.file(), sealed.size()));
    }
    return present.orElseGet(source::keys);
  }

  /**
   * What is wrong with the stored credentials: a sentence for each that does not open, by its id.
   * No key is made.
   */
  public Map<UUID, String> faults() {
    Map<UUID, String> faults = new LinkedHashMap<>();
    for (ProviderCredential one : credentials.list()) {
      try {
        open(one);
      } catch (SealingException e) {
        faults.put(one.id(), e.getMessage());
      }
    }
    return faults;
  }

  /**
   * Opens a credential; no key is made.
   *
   * @throws SealingException if it cannot be opened
   */
  public Secret open(ProviderCredential credential) {
    try {
      return sealing.open(credential.sealed(), SealedFor.of(credential), key(credential));
    } catch (SealingException e) {
      throw new SealingException(named(credential) + " cannot be opened: " + e.getMessage());
    }
  }

  /**
   * What a project sends to an upstream: its own credential before one of all projects, the first
   * by name; empty where there is none.
   *
   * @throws SealingException if it cannot be opened
   */
  public Optional<Secret> of(@Nullable String project, String upstream) {
    List<ProviderCredential> usable = credentials.usable(project, upstream);
    return usable.stream()
        .filter(one -> one.project() != null)
        .findFirst()
        .or(() -> usable.stream().findFirst())
        .map(this::open);
  }

  private SealingKey key(ProviderCredential credential) {
    SealingKeys keys = known.get();
    if (keys == null || keys.find(credential.sealedBy()).isEmpty()) {
      keys =
          source
              .present()
              .orElseThrow(
                  () ->
                      new SealingException(
                          ("it was sealed with key %s, and there is no file %s; put the file back, or"
                                  + " remove the credential and add it again")
                              .formatted(credential.sealedBy(), source.file())));
      known.set(keys);
    }
    return keys.find(credential.sealedBy())
        .orElseThrow(
            () ->
                new SealingException(
                    ("it was sealed with key %s, which is not among the keys given; give that key"
                            + " too, behind the current one, or remove the credential and add it"
                            + " again")
                        .formatted(credential.sealedBy())));
  }

  private static String named(ProviderCredential credential) {
    return "credential \"%s\" for %s of %s, %s,"
        .formatted(
            credential.name(),
            credential.upstream(),
            credential.project() == null
                ? "all projects"
                : "project \"" + credential.project() + "\"",
            credential.id());
  }

  /**
   * How many credentials are not sealed with the current key.
   *
   * @throws SealingException if there is no key, though there is something sealed
   */
  public long behind() {
    String current = keysToSealWith().current().id();
    return credentials.list().stream().filter(one -> !one.sealedBy().equals(current)).count();
  }

  /**
   * Seals with the current key what is sealed with another one. May be broken off and called again,
   * and be called by several at once: what somebody else changes meanwhile is read again.
   *
   * @param progress is told how many are done
   * @return how many were sealed again
   */
  public long resealAll(LongConsumer progress) {
    SealingKey current = keysToSealWith().current();
    long done = 0;
    for (ProviderCredential listed : credentials.list()) {
      Optional<ProviderCredential> credential = Optional.of(listed);
      while (credential.isPresent() && !credential.get().sealedBy().equals(current.id())) {
        ProviderCredential old = credential.get();
        if (credentials.reseal(
            old, sealing.seal(open(old), SealedFor.of(old), current), current.id())) {
          progress.accept(++done);
          break;
        }
        credential = credentials.find(old.id());
      }
    }
    return done;
  }
}
