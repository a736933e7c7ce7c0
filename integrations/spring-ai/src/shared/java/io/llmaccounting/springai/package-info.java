/** Tests that run with both lines of Spring AI, the one that this is built with and the other. */
package io.llmaccounting.springai;
