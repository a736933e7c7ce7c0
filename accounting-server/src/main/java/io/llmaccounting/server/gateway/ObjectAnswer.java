package io.llmaccounting.server.gateway;

import io.llmaccounting.server.owned.ObjectIds;
import io.llmaccounting.server.owned.ObjectPath;
import io.llmaccounting.server.wire.JsonList;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An answer at a path of objects: what is new in it becomes the caller's, and of a list the caller
 * sees what it made. On the event loop of the request.
 */
final class ObjectAnswer {
  /** What a list may be called. */
  private static final List<String> LISTS =
      List.of(
          "data",
          "files",
          "cachedContents",
          "batches",
          "operations",
          "tunedModels",
          "fileSearchStores",
          "items");

  private static final List<String> NAMES = List.of("id", "name");

  /** What tells in its answers of further objects that were made for it. */
  private static final Set<String> PRODUCING =
      Set.of("batches", "fine_tuning/jobs", "batch/jobs", "uploads");

  private final Tenancy tenancy;
  private final ObjectPath path;
  private final String method;

  private ObjectAnswer(Tenancy tenancy, ObjectPath path, String method) {
    this.tenancy = tenancy;
    this.path = path;
    this.method = method;
  }

  /** Whether an answer to such a request has to be read before it is passed on. */
  static boolean isRead(Tenancy tenancy, String method) {
    ObjectPath path = tenancy.path();
    if (path == null) {
      return false;
    }
    boolean creates = method.equals("POST") && path.id() == null;
    boolean lists = method.equals("GET") && path.isList() && tenancy.isShared();
    boolean produces = PRODUCING.contains(path.collection()) && !path.rest().contains("content");
    return creates || lists || (produces && path.id() != null && !method.equals("DELETE"));
  }

  /** Reads the answer, and passes on of it what the caller may see. */
  static Future<Void> pass(
      Tenancy tenancy, String method, HttpClientResponse answer, HttpServerResponse out) {
    ObjectAnswer reading =
        new ObjectAnswer(tenancy, java.util.Objects.requireNonNull(tenancy.path()), method);
    return ListedModels.collected(answer)
        .compose(reading::shown)
        .compose(
            shown -> {
              out.setChunked(false);
              out.putHeader("Content-Length", Integer.toString(shown.length()));
              return out.end(shown);
            });
  }

  private Future<Buffer> shown(Buffer all) {
    if (method.equals("GET") && path.isList()) {
      return tenancy.isShared() ? listed(all) : Future.succeededFuture(all);
    }
    return claimed(all, path.id() == null).map(all);
  }

  private Future<Void> claimed(Buffer all, boolean isNew) {
    byte[] bytes = all.getBytes();
    try {
      Set<String> ids = new LinkedHashSet<>(ObjectIds.products(bytes));
      String own = isNew ? ObjectIds.own(bytes, 0, bytes.length) : null;
      if (own != null) {
        ids.add(own);
      }
      return tenancy.claim(ids);
    } catch (IOException e) {
      // what is no JSON tells of no object
      return Future.succeededFuture();
    }
  }

  private Future<Buffer> listed(Buffer all) {
    JsonList list = JsonList.of(all, LISTS, NAMES);
    List<String> ids = list.names().stream().map(one -> one == null ? "" : one).toList();
    if (ids.isEmpty()) {
      return Future.succeededFuture(all);
    }
    return tenancy
        .own(ids)
        .compose(
            own -> {
              if (own.isEmpty() && hasMore(all)) {
                return Future.failedFuture(beyond(ids.size()));
              }
              Buffer shown = list.only(id -> own.contains(ObjectIds.plain(id)));
              return claimed(shown, false).map(shown);
            });
  }

  private static boolean hasMore(Buffer all) {
    return all.toString().replaceAll("\\s", "").contains("\"has_more\":true");
  }

  /** Clients stop at a page without anything: they would take it for the end. */
  private static RefusedException beyond(int listed) {
    return new RefusedException(
        Refusal.of(
            Refusal.Code.FORBIDDEN,
            "the %d objects of this page belong to other projects that share the provider's account, and there are more behind; ask for longer pages (limit=100), or behind an object of your own"
                .formatted(listed)));
  }
}
