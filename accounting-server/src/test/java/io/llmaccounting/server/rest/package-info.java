@NullMarked
package io.llmaccounting.server.rest;

import org.jspecify.annotations.NullMarked;
