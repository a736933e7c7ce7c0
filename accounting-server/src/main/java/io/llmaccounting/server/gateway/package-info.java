/**
 * The gateway: passes requests on to providers and their answers back, byte for byte, and meters
 * them on the way. What belongs to one request happens on one event loop.
 */
@NullMarked
package io.llmaccounting.server.gateway;

import org.jspecify.annotations.NullMarked;
