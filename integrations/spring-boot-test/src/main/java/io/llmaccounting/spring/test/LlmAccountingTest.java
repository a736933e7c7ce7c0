package io.llmaccounting.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the accounting of an application and nothing else of it: the properties and limits of
 * its {@code application.yaml}, in memory, with a clock that the test moves. Other beans are there
 * only if the test class names them by {@code @Import}; models among them are metered.
 *
 * <p>Beans of type {@link io.llmaccounting.LlmAccounting}, {@link
 * io.llmaccounting.testkit.ManualClock} and {@link io.llmaccounting.testkit.InMemoryBackend} may be
 * injected. Each test method begins with an empty accounting at {@link
 * io.llmaccounting.testkit.ManualClock#START}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(SpringExtension.class)
@ContextConfiguration(
    classes = InMemoryAccounting.class,
    initializers = ConfigDataApplicationContextInitializer.class)
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
public @interface LlmAccountingTest {}
