package dev.holdfast.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a run's input that is no part of its identity, such as a trace id or the time of a
 * request: starting the same run id with another value of it is the same start.
 *
 * <p>The input that was recorded first is the one that runs.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Incidental {}
