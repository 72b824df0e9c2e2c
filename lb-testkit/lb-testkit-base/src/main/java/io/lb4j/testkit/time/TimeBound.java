package io.lb4j.testkit.time;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says of a test, or of all of a class, that it needs a machine that keeps up: it tells by a clock what is late. If it fails, and this process
 * stood still or was kept from its processors while it ran, it is run again, up to three times in all; if it fails on a machine that keeps up,
 * it has failed.
 *
 * <p>It is run again on a new instance. So the class has a constructor without parameters, and each test makes what it needs: methods that run
 * before or after each are refused, as is an instance for all. Temporary folders are those of the first run, with what that has left there.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RunAgainAfterStalls.class)
public @interface TimeBound {}
