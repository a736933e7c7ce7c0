/** Asks the server, and tells what became of it. */
@NullMarked
package io.llmaccounting.client.internal.wire;

import org.jspecify.annotations.NullMarked;
