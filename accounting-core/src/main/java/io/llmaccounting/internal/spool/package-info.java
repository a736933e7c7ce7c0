/** Records on their way through the local disk. */
@NullMarked
package io.llmaccounting.internal.spool;

import org.jspecify.annotations.NullMarked;
