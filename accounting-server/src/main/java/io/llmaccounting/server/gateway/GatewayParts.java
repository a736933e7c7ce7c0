package io.llmaccounting.server.gateway;

import io.llmaccounting.server.cache.AnswerCache;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.wire.GoogleTokens;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What all requests share.
 *
 * @param vertx the event loops
 * @param clock says when what the gateway answers itself was asked
 * @param settings how requests are treated
 * @param routes where they lead
 * @param callers who calls
 * @param credentials what upstreams are told
 * @param belongings whose what upstreams keep is
 * @param missing says what they cannot be told
 * @param auth tells it to them
 * @param google makes tokens of what Google gives to services
 * @param rates how often may be asked
 * @param held how much of bodies is held
 * @param cache keeps answers; null if none are kept
 * @param traffic what is counted
 */
record GatewayParts(
    Vertx vertx,
    InstantSource clock,
    GatewaySettings settings,
    Routes routes,
    Callers callers,
    Keychain credentials,
    Belongings belongings,
    MissingCredentials missing,
    UpstreamAuth auth,
    GoogleTokens google,
    Rates rates,
    HeldBodies held,
    @Nullable AnswerCache cache,
    Traffic traffic) {}
