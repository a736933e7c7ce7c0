package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import io.llmaccounting.server.wire.GoogleTokens;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream is told for a caller.
 *
 * @param parts where credentials are kept
 * @param caller who calls
 * @param upstream where to
 * @param wanted the id of the credential that is to be taken, or null
 */
record Told(GatewayParts parts, Caller caller, UpstreamSettings upstream, @Nullable String wanted) {
  /** The credential; empty where the upstream wants none. Fails where there is none. */
  Future<Optional<Secret>> credential(Context context) {
    if (upstream.auth() == AuthScheme.NONE) {
      return Future.succeededFuture(Optional.empty());
    }
    if (caller.own() != null) {
      return Future.succeededFuture(Optional.of(caller.own()));
    }
    return Future.fromCompletionStage(
            parts.credentials().held(project(), upstream, wanted), context)
        .recover(cause -> Future.failedFuture(refused(Reason.of(cause))))
        .compose(found -> found.map(one -> fresh(one.secret(), context)).orElseGet(this::none));
  }

  private Future<Optional<Secret>> fresh(Secret secret, Context context) {
    return upstream.kind() == UpstreamKind.VERTEX && GoogleTokens.isServiceAccount(secret)
        ? Future.fromCompletionStage(parts.google().token(secret), context).map(Optional::of)
        : Future.succeededFuture(Optional.of(secret));
  }

  private Throwable refused(Throwable cause) {
    return cause instanceof SealingException sealed
        ? parts.missing().sealed(project(), upstream, sealed)
        : cause;
  }

  private Future<Optional<Secret>> none() {
    return Future.failedFuture(parts.missing().none(project(), upstream));
  }

  private @Nullable String project() {
    return caller.attribution().project();
  }
}
