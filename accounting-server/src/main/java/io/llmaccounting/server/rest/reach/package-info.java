/** What a key reaches of the accounting: all of it, or one project. */
@NullMarked
package io.llmaccounting.server.rest.reach;

import org.jspecify.annotations.NullMarked;
