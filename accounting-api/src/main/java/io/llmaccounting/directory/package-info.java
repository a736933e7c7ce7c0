/** The projects and users that an installation knows. */
@NullMarked
package io.llmaccounting.directory;

import org.jspecify.annotations.NullMarked;
