/** The contract for people: as a file, and as pages to try it on. */
@NullMarked
package io.llmaccounting.server.rest.docs;

import org.jspecify.annotations.NullMarked;
