/** What the server logs, without secrets. */
@NullMarked
package io.llmaccounting.server.log;

import org.jspecify.annotations.NullMarked;
