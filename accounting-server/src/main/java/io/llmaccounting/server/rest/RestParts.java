package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.http.Workers;
import io.vertx.core.Vertx;

/**
 * What all requests share.
 *
 * @param vertx the event loops
 * @param contract what can be asked
 * @param door lets callers in
 * @param workers do what blocks
 * @param handlers answer
 */
record RestParts(
    Vertx vertx, Contract contract, Doorkeeper door, Workers workers, Handlers handlers) {}
