/**
 * What goes over the wires of providers and what the gateway changes in it: credentials, headers,
 * bodies, event streams, and its own refusals in each provider's words. Values without threads.
 */
@NullMarked
package io.llmaccounting.server.wire;

import org.jspecify.annotations.NullMarked;
