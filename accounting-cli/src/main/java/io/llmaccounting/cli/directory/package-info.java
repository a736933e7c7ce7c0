/** Commands about the projects and users that are known. */
@NullMarked
package io.llmaccounting.cli.directory;

import org.jspecify.annotations.NullMarked;
