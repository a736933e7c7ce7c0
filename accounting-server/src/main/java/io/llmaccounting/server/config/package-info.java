/** What the server is told: from flags, the environment and a file, in that order. */
@NullMarked
package io.llmaccounting.server.config;

import org.jspecify.annotations.NullMarked;
