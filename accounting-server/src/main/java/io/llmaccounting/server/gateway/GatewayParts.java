package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.vertx.core.Vertx;

/**
 * What all requests share.
 *
 * @param vertx the event loops
 * @param settings how requests are treated
 * @param routes where they lead
 * @param keys who calls
 * @param credentials what upstreams are told
 * @param auth tells it to them
 * @param rates how often may be asked
 * @param traffic what is counted
 */
record GatewayParts(
    Vertx vertx,
    GatewaySettings settings,
    Routes routes,
    KeyRing keys,
    Keychain credentials,
    UpstreamAuth auth,
    Rates rates,
    Traffic traffic) {}
