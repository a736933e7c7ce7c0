/** Sends many requests, and measures how long they take. */
@NullMarked
package io.llmaccounting.server.load;

import org.jspecify.annotations.NullMarked;
