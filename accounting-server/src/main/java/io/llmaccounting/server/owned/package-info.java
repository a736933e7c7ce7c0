/** What providers keep for callers: which requests name it, and where its ids are found. */
@NullMarked
package io.llmaccounting.server.owned;

import org.jspecify.annotations.NullMarked;
