/** Real clients, unchanged, at the gateway: only their base address and key are other. */
@NullMarked
package io.llmaccounting.server.clients;

import org.jspecify.annotations.NullMarked;
