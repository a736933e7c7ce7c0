package io.llmaccounting.server.rest.reach;

import io.llmaccounting.AccessKeys;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.UnknownKeyException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What a key reaches of keys. Safe for use by many threads. */
public final class KeyReach {
  private final AccessKeys keys;
  private final Confinement confinement;

  KeyReach(AccessKeys keys, Confinement confinement) {
    this.keys = keys;
    this.confinement = confinement;
  }

  /** A page of keys. */
  public List<AccessKey> list(AccessKeyQuery query) {
    String project = confinement.require(query.project(), "project");
    return keys.list(new AccessKeyQuery(project, query.user(), query.after(), query.limit()));
  }

  /** Makes a key. */
  public IssuedKey issue(AccessTerms terms) {
    return keys.issue(confined(terms));
  }

  /**
   * The key of this id.
   *
   * @throws UnknownKeyException if there is none that the caller may see
   */
  public AccessKey find(UUID id) {
    return keys.find(id)
        .filter(key -> confinement.isOwn(key.project()))
        .orElseThrow(() -> new UnknownKeyException(id));
  }

  /**
   * Changes the terms of a key.
   *
   * @param check is told the present terms, and throws where they are not those that were meant
   */
  public AccessKey change(UUID id, AccessTerms wanted, Consumer<AccessTerms> check) {
    AccessTerms confined = confined(wanted);
    return keys.change(
        find(id).id(),
        present -> {
          requireOwn(id, present);
          check.accept(present);
          return confined;
        });
  }

  private void requireOwn(UUID id, AccessTerms present) {
    if (!confinement.isOwn(present.project())) {
      throw new UnknownKeyException(id);
    }
  }

  /** Revokes a key for good. */
  public void revoke(UUID id) {
    boolean unused = keys.revoke(find(id).id());
  }

  /** Gives a key another secret. */
  public IssuedKey rotate(UUID id, Duration grace) {
    return keys.rotate(find(id).id(), grace);
  }

  private AccessTerms confined(AccessTerms terms) {
    return terms.withProject(confinement.require(terms.project(), "/project"));
  }
}
