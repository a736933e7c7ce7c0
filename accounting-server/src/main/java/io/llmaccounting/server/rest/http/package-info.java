/** Requests as they were asked, and how they are answered. */
@NullMarked
package io.llmaccounting.server.rest.http;

import org.jspecify.annotations.NullMarked;
