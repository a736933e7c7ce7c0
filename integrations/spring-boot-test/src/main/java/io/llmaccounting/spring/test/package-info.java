/** Tests of Spring Boot applications with an accounting in memory. */
@NullMarked
package io.llmaccounting.spring.test;

import org.jspecify.annotations.NullMarked;
