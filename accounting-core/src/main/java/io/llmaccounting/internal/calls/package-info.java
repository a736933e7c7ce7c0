/** The life of a call: admitted, held, settled; and what is told about it. */
@NullMarked
package io.llmaccounting.internal.calls;

import org.jspecify.annotations.NullMarked;
