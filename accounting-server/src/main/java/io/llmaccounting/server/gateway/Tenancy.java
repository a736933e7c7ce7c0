package io.llmaccounting.server.gateway;

import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.owned.ObjectIds;
import io.llmaccounting.server.owned.ObjectPath;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A caller and the credential that its request is sent with, which others may use too: what they
 * made with it is not shown, and what this caller makes is its own. On the event loop of the
 * request.
 */
final class Tenancy {
  /** What has no credential of a provider is shared by all. */
  private static final Keychain.Held NOBODYS = new Keychain.Held("none", Secret.of("none"), true);

  /** Providers keep answers for 30 days. */
  private static final Duration ANSWERS = Duration.ofDays(35);

  /** How long something else is remembered that nobody asks for. */
  private static final Duration OTHERS = Duration.ofDays(400);

  private static final Duration RENEWED = Duration.ofDays(365);
  private static final int LONGEST_NAME = 200;
  private static final int MOST_IDS = 1_000;

  private static final Set<String> ANSWERED =
      Set.of("responses", "chat/completions", "interactions", "");

  private final GatewayParts parts;
  private final String owner;
  private final UpstreamSettings upstream;
  private final @Nullable ObjectPath path;
  private Keychain.Held held;

  private Tenancy(
      GatewayParts parts,
      String owner,
      UpstreamSettings upstream,
      @Nullable ObjectPath path,
      Keychain.Held held) {
    this.parts = parts;
    this.owner = owner;
    this.upstream = upstream;
    this.path = path;
    this.held = held;
  }

  /**
   * Of a request.
   *
   * @return empty where the caller brings the provider's own credential, or there is none at all
   */
  static Future<Optional<Tenancy>> of(
      GatewayParts parts, Caller caller, Route route, Context context) {
    UpstreamSettings upstream = route.upstream().settings();
    if (caller.own() != null) {
      return Future.succeededFuture(Optional.empty());
    }
    Future<Optional<Keychain.Held>> held =
        upstream.auth() == AuthScheme.NONE
            ? Future.succeededFuture(Optional.of(NOBODYS))
            : Future.fromCompletionStage(
                    parts.credentials().held(caller.attribution().project(), upstream, null),
                    context)
                // whoever sends the request says what is wrong
                .otherwise(Optional.empty());
    return held.map(
        found ->
            found.map(
                one -> new Tenancy(parts, owner(caller), upstream, route.reading().object(), one)));
  }

  /** A project, or a key that belongs to none. */
  static String owner(Caller caller) {
    String project = caller.attribution().project();
    String name = project == null ? "key " + caller.key() : "project " + project;
    if (name.length() <= LONGEST_NAME && name.chars().allMatch(one -> one < 0x80)) {
      return name;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return "project by digest " + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What the path means, if it is one of objects. */
  @Nullable ObjectPath path() {
    return path;
  }

  /** Whether others use the credential too. */
  boolean isShared() {
    return held.shared();
  }

  /** The id of the credential that the request is to be sent with. */
  String credential() {
    return held.id();
  }

  /**
   * Lets a request pass that names these objects, and has it sent with the credential that made
   * them; fails where they are not the caller's.
   */
  Future<Tenancy> permit(Collection<String> referred, Context context) {
    Set<String> ids = new LinkedHashSet<>(referred);
    if (path != null && path.id() != null) {
      ids.add(path.id());
    }
    if (ids.isEmpty()) {
      return Future.succeededFuture(this);
    }
    if (ids.size() > MOST_IDS) {
      return Future.failedFuture(
          new RefusedException(
              Refusal.of(
                  Refusal.Code.BAD_REQUEST,
                  "a request may refer to %d objects at most".formatted(MOST_IDS))));
    }
    List<String> handles = ids.stream().map(this::handle).toList();
    return parts
        .belongings()
        .find(handles)
        .compose(
            found -> {
              for (String id : ids) {
                requireOwn(id, found.get(handle(id)));
              }
              renew(found.values());
              return found.isEmpty()
                  ? Future.succeededFuture(this)
                  : madeBy(found.get(handles.get(handles.size() - 1)), found, context);
            });
  }

  private Future<Tenancy> madeBy(
      @Nullable OwnedObject meant, Map<String, OwnedObject> found, Context context) {
    String wanted = (meant == null ? found.values().iterator().next() : meant).credential();
    if (wanted.equals(held.id()) || upstream.auth() == AuthScheme.NONE) {
      return Future.succeededFuture(this);
    }
    String project = owner.startsWith("project ") ? owner.substring("project ".length()) : null;
    return Future.fromCompletionStage(parts.credentials().held(project, upstream, wanted), context)
        .map(
            again -> {
              held = again.filter(one -> one.id().equals(wanted)).orElse(held);
              return this;
            });
  }

  /** The same words for what is another's and for what is nobody's. */
  private void requireOwn(String id, @Nullable OwnedObject known) {
    boolean own = known == null ? !held.shared() : known.owner().equals(owner);
    if (!own) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.NOT_FOUND,
              "there is no object %s that this key's project has made through this gateway"
                  .formatted(id)));
    }
  }

  /** What is used is remembered for longer. */
  private void renew(Collection<OwnedObject> used) {
    java.time.Instant soon = parts.clock().instant().plus(RENEWED);
    boolean answers = path != null && ANSWERED.contains(path.collection());
    List<OwnedObject> due =
        used.stream().filter(one -> !answers && one.expiresAt().isBefore(soon)).toList();
    // an answer that is referred to lives as long as the provider keeps it, and no longer
    if (path != null && !due.isEmpty()) {
      Future<Void> unused = parts.belongings().keep(due.stream().map(one -> renewed(one)).toList());
    }
  }

  private OwnedObject renewed(OwnedObject one) {
    return new OwnedObject(
        one.handle(), one.owner(), one.credential(), parts.clock().instant().plus(OTHERS));
  }

  /** Makes objects the caller's own. Done once every instance knows that. */
  Future<Void> claim(Collection<String> ids) {
    Duration life = ANSWERED.contains(path == null ? "" : path.collection()) ? ANSWERS : OTHERS;
    List<OwnedObject> claimed = new ArrayList<>();
    for (String id : ids) {
      claimed.add(
          new OwnedObject(handle(id), owner, held.id(), parts.clock().instant().plus(life)));
    }
    return parts.belongings().keep(claimed);
  }

  /** Which of these objects are the caller's own. */
  Future<Set<String>> own(Collection<String> ids) {
    Set<String> plain = new LinkedHashSet<>();
    ids.forEach(id -> plain.add(ObjectIds.plain(id)));
    return parts
        .belongings()
        .find(plain.stream().map(this::handle).toList())
        .map(
            found -> {
              plain.removeIf(
                  id -> {
                    OwnedObject known = found.get(handle(id));
                    return known == null || !known.owner().equals(owner);
                  });
              return plain;
            });
  }

  /** The object of the path is no more. */
  Future<Void> gone() {
    return path == null || path.id() == null
        ? Future.succeededFuture()
        : parts.belongings().remove(Set.of(handle(path.id())));
  }

  private String handle(String id) {
    return Belongings.handle(upstream.name(), id);
  }
}
