/** Asking limits whether a call may be made. */
@NullMarked
package io.llmaccounting.server.rest.quota;

import org.jspecify.annotations.NullMarked;
