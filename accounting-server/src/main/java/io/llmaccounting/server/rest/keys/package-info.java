/** Keys by which callers are known. */
@NullMarked
package io.llmaccounting.server.rest.keys;

import org.jspecify.annotations.NullMarked;
