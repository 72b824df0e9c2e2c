package io.lb4j.testkit.time;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link TimeBound} stands for. */
final class RunAgainAfterStalls implements InvocationInterceptor {
    private static final Logger LOGGER = LoggerFactory.getLogger(RunAgainAfterStalls.class);
    private static final int RUNS = 3;
    // Above what a machine that keeps up shows, below all times that tests go by.
    private static final Duration STALL = Duration.ofMillis(25);

    private final Supplier<Watch> watches;

    /** Tells, until it is closed, for how long the process stood still at most. */
    interface Watch extends AutoCloseable {
        Duration longest();

        @Override
        void close();
    }

    /** One run of a test. */
    private interface Run {
        void proceed() throws Throwable;
    }

    /** Called by JUnit. */
    RunAgainAfterStalls() {
        this(StallWatch::new);
    }

    RunAgainAfterStalls(Supplier<Watch> watches) {
        this.watches = watches;
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        intercept(invocation, test, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        intercept(invocation, test, context);
    }

    private void intercept(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        requireThatItCanRunAgain(test.getTargetClass(), context);
        boolean hasPassed = hasPassed(invocation::proceed, context, RUNS - 1);
        for (int left = RUNS - 2; !hasPassed; left--) {
            hasPassed = hasPassed(() -> runAgain(test, context.getRequiredTestInstance()), context, left);
        }
    }

    /** Runs a test; returns false if it failed and may be run again. */
    private boolean hasPassed(Run run, ExtensionContext context, int left) throws Throwable {
        try (Watch watch = watches.get()) {
            try {
                run.proceed();
                return true;
            } catch (TestAbortedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                Duration stall = watch.longest();
                if (left == 0 || stall.compareTo(STALL) < 0) {
                    throw e;
                }
                LOGGER.warn("{} is run again: the machine stood still for {}", context.getUniqueId(), stall, e);
                return false;
            }
        }
    }

    private static void runAgain(ReflectiveInvocationContext<Method> test, Object former)
            throws ReflectiveOperationException {
        Object instance = ReflectionSupport.newInstance(test.getTargetClass());
        for (Field folder : AnnotationSupport.findAnnotatedFields(test.getTargetClass(), TempDir.class)) {
            folder.setAccessible(true);
            folder.set(instance, folder.get(former));
        }
        ReflectionSupport.invokeMethod(
                test.getExecutable(), instance, test.getArguments().toArray());
    }

    private static void requireThatItCanRunAgain(Class<?> testClass, ExtensionContext context) {
        boolean isPrepared = List.of(BeforeEach.class, AfterEach.class).stream()
                .anyMatch(each -> !AnnotationSupport.findAnnotatedMethods(
                                testClass, each, HierarchyTraversalMode.TOP_DOWN)
                        .isEmpty());
        boolean isOneForAll = context.getTestInstanceLifecycle()
                .filter(TestInstance.Lifecycle.PER_CLASS::equals)
                .isPresent();
        if (isPrepared || isOneForAll) {
            throw new ExtensionConfigurationException("@TimeBound on " + testClass.getName()
                    + " (expected: an instance for each test, and no methods before or after each)");
        }
    }
}
