/** Projects and users that are known, and what they spent. */
@NullMarked
package io.llmaccounting.server.rest.directory;

import org.jspecify.annotations.NullMarked;
