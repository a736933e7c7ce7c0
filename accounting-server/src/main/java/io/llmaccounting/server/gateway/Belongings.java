package io.llmaccounting.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.OwnedObjects;
import io.llmaccounting.access.OwnedObject;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whose the objects are that upstreams keep. What is claimed at the same time is written at
 * once, and written later where the store is away. Safe for use by many threads; never blocks.
 */
final class Belongings {
  private static final Logger log = LoggerFactory.getLogger(Belongings.class);

  private static final int MOST_KNOWN = 50_000;
  private static final int MOST_UNSAVED = 100_000;
  private static final int MOST_REMOVED = 10_000;
  private static final long AGAIN = 1_000;
  private static final Duration SWEEP = Duration.ofHours(1);

  /** How long something is known without asking the store, which may have lost it since. */
  private static final Duration KNOWN = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final OwnedObjects store;
  private final Cache<String, OwnedObject> known =
      Caffeine.newBuilder()
          .maximumSize(MOST_KNOWN)
          .expireAfterWrite(KNOWN)
          .executor(Runnable::run)
          .build();
  // claimed, and not yet in the store
  private final Map<String, OwnedObject> unsaved = new ConcurrentHashMap<>();
  private List<Promise<Void>> waiting = new ArrayList<>();
  private boolean saving;

  Belongings(Vertx vertx, OwnedObjects store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** Begins to remove what has expired, now and then. */
  void sweep() {
    vertx.setPeriodic(
        SWEEP.toMillis(),
        timer ->
            vertx
                .executeBlocking(() -> store.removeExpired(MOST_REMOVED), false)
                .onFailure(
                    failure -> log.warn("owners that have expired could not be removed", failure)));
  }

  /** By what an object of an upstream is found. */
  static String handle(String upstream, String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((upstream + "\n" + id).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What is known of these objects, by handle; fails where the store is away and it matters. */
  Future<Map<String, OwnedObject>> find(Collection<String> handles) {
    Map<String, OwnedObject> found = new HashMap<>();
    List<String> asked = new ArrayList<>();
    for (String handle : handles) {
      OwnedObject one = known.getIfPresent(handle);
      if (one == null) {
        asked.add(handle);
      } else {
        found.put(handle, one);
      }
    }
    if (asked.isEmpty()) {
      return Future.succeededFuture(found);
    }
    return vertx
        .executeBlocking(() -> store.find(asked), false)
        .map(
            read -> {
              for (OwnedObject one : read) {
                known.put(one.handle(), one);
                found.put(one.handle(), one);
              }
              for (String handle : asked) {
                OwnedObject claimed = unsaved.get(handle);
                if (claimed != null) {
                  found.putIfAbsent(handle, claimed);
                }
              }
              return found;
            });
  }

  /** Claims objects. Done once that is stored, or is to be stored later. */
  Future<Void> keep(Collection<OwnedObject> objects) {
    if (objects.isEmpty()) {
      return Future.succeededFuture();
    }
    if (unsaved.size() + objects.size() > MOST_UNSAVED) {
      log.warn(
          "whose {} new objects are is not known: too many wait for the store", objects.size());
      return Future.succeededFuture();
    }
    objects.forEach(one -> unsaved.putIfAbsent(one.handle(), one));
    Promise<Void> stored = Promise.promise();
    boolean begin;
    synchronized (this) {
      waiting.add(stored);
      begin = !saving;
      saving = true;
    }
    if (begin) {
      save();
    }
    return stored.future();
  }

  /** One writes at a time, whatever came meanwhile is written next. */
  private void save() {
    List<Promise<Void>> told;
    synchronized (this) {
      told = waiting;
      waiting = new ArrayList<>();
      if (told.isEmpty() && unsaved.isEmpty()) {
        saving = false;
        return;
      }
    }
    List<OwnedObject> now = List.copyOf(unsaved.values());
    vertx
        .executeBlocking(
            () -> {
              store.keep(now);
              return now;
            },
            false)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                now.forEach(one -> unsaved.remove(one.handle(), one));
                save();
              } else {
                log.warn(
                    "whose new objects are could not be stored, and is stored later", done.cause());
                vertx.setTimer(AGAIN, again -> save());
              }
              told.forEach(Promise::tryComplete);
            });
  }

  /** These objects are no more. */
  Future<Void> remove(Set<String> handles) {
    handles.forEach(unsaved::remove);
    known.invalidateAll(handles);
    return vertx
        .<Void>executeBlocking(
            () -> {
              store.remove(handles);
              return null;
            },
            false)
        .otherwiseEmpty();
  }
}
