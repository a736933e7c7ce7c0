@NullMarked
package io.llmaccounting.server.rest.jobs;

import org.jspecify.annotations.NullMarked;
