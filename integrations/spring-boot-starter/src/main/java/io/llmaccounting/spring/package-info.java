/**
 * Sets an accounting up in a Spring Boot application, by properties that begin with {@code
 * llm.accounting}. An application sees {@link io.llmaccounting.LlmAccounting}, which is a bean, and
 * says the rest by beans of its own.
 */
@NullMarked
package io.llmaccounting.spring;

import org.jspecify.annotations.NullMarked;
