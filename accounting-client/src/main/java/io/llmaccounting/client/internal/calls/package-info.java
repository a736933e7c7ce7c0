/** Calls under way. */
@NullMarked
package io.llmaccounting.client.internal.calls;

import org.jspecify.annotations.NullMarked;
