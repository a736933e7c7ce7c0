/** Measures what the gateway adds, beside a proxy that meters nothing, in one run. */
@NullMarked
package io.llmaccounting.server.bench;

import org.jspecify.annotations.NullMarked;
