/** What a running server consists of, and in which order it starts and stops. */
@NullMarked
package io.llmaccounting.server.process;

import org.jspecify.annotations.NullMarked;
